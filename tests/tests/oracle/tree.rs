//! What a query calls, read from the tree that the server keeps of a view (`pg_rewrite.ev_action`).

use std::collections::BTreeSet;

use catalogue::Oid;

/// The functions and operators of a query, by their numbers.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Calls {
    /// Functions that are written as a call, or that a keyword stands for; aggregates and windows.
    pub(crate) functions: BTreeSet<Oid>,
    /// Functions that a cast comes to, written or not.
    pub(crate) casts: BTreeSet<Oid>,
    /// Operators in expressions.
    pub(crate) operators: BTreeSet<Oid>,
}

impl Calls {
    /// Reads `{NODE :field value …}`, field by field.
    pub(crate) fn of(tree: &str) -> Self {
        let mut calls = Self::default();
        let mut words = tree.split([' ', '\n', '(', ')', '{', '}']).filter(|word| !word.is_empty());
        let mut function = 0;
        while let Some(word) = words.next() {
            match word {
                ":funcid" => function = number(words.next()),
                ":aggfnoid" | ":winfnoid" => _ = calls.functions.insert(number(words.next())),
                ":opno" => _ = calls.operators.insert(number(words.next())),
                // Of `ROW(…) < ROW(…)`: a list of numbers behind the letter `o`.
                ":opnos" => {
                    let list = words.by_ref().skip(1).map_while(|word| word.parse::<Oid>().ok());
                    calls.operators.extend(list);
                }
                // `CoercionForm`: 1 and 2 are casts, written and not.
                ":funcformat" => match words.next() {
                    Some("1" | "2") => _ = calls.casts.insert(function),
                    _ => _ = calls.functions.insert(function),
                },
                _ => {}
            }
        }
        calls
    }
}

fn number(word: Option<&str>) -> Oid {
    word.and_then(|word| word.parse().ok()).unwrap()
}

#[test]
fn the_calls_of_a_tree_are_read_by_how_they_were_written() {
    let tree = "({QUERY :targetList ({FUNCEXPR :funcid 870 :funcresulttype 25 :funcretset false \
                :funcvariadic false :funcformat 0 :args ({FUNCEXPR :funcid 481 :funcresulttype 20 \
                :funcretset false :funcvariadic false :funcformat 2 :args ({AGGREF :aggfnoid 2147})})} \
                {OPEXPR :opno 96 :opfuncid 65} {ROWCOMPARE :rctype 1 :opnos (o 97 664) :opfamilies (o 1)})})";
    let calls = Calls::of(tree);
    assert_eq!(calls.functions, BTreeSet::from([870, 2147]));
    assert_eq!(calls.casts, BTreeSet::from([481]));
    assert_eq!(calls.operators, BTreeSet::from([96, 97, 664]));
}
