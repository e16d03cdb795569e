//! Statements of a small grammar, masked, and masked statements with something changed in them.

use proptest::prelude::*;

use super::*;

/// What stands between two words.
fn gap() -> impl Strategy<Value = String> {
    let gaps = [" ", "\n", "\t ", " /* customers */ ", " -- FROM customers é\n", "/*/**/*/ "];
    prop::sample::select(gaps.to_vec()).prop_map(Into::into)
}

fn spaced(words: Vec<BoxedStrategy<String>>) -> BoxedStrategy<String> {
    let words: Vec<_> =
        words.into_iter().map(|word| (gap(), word).prop_map(|(gap, word)| gap + &word)).collect();
    words.prop_map(|words| words.concat()).boxed()
}

fn one_of(words: &[&str]) -> BoxedStrategy<String> {
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    prop::sample::select(words).boxed()
}

fn item(select: BoxedStrategy<String>) -> BoxedStrategy<String> {
    let plain = one_of(&[
        "{|customers}",
        "{a|customers} c",
        "{|app.\"customers\"}",
        "{a|app . CUSTOMERS} AS c (x, y)",
        "ONLY {o|customers}",
        "only ({oa|app.customers}) c",
        "{|customers} *",
        "{2|\"Ärzte\"}",
        "{2a|app.\"Ärzte\"} d",
        "{3|orders}",
        "{3a|app.orders} o",
        "generate_series(1, 2) g",
        "{|U&\"cust!006fmers\" UESCAPE '!'}",
    ]);
    let nested = spaced(vec![one_of(&["(", "LATERAL ("]), select, one_of(&[") s", ") AS s(a)"])]);
    prop_oneof![4 => plain, 1 => nested].boxed()
}

fn value(select: BoxedStrategy<String>) -> BoxedStrategy<String> {
    let plain = one_of(&[
        "1",
        "'customers'",
        "$q$TABLE customers$q$",
        "ssn",
        "customers.ssn",
        "customers",
        "c.*",
        "count(*)",
        "$1::text || name",
        "CASE WHEN true THEN 'é' END",
        "ARRAY[id, ssn]",
    ]);
    let nested =
        spaced(vec![one_of(&["(", "EXISTS (", "ARRAY(", "id IN ("]), select, one_of(&[")"])]);
    prop_oneof![4 => plain, 1 => nested].boxed()
}

fn select() -> BoxedStrategy<String> {
    let least = one_of(&[
        "SELECT 1",
        "TABLE {|customers}",
        "TABLE ONLY {o|app.customers}",
        "SELECT id FROM {|customers}",
    ]);
    least
        .prop_recursive(3, 24, 4, |inner| {
            let value = || value(inner.clone());
            let item = || item(inner.clone());
            let whole = spaced(vec![
                one_of(&["SELECT", "SELECT DISTINCT"]),
                value(),
                one_of(&["", "AS x"]),
                one_of(&[","]),
                value(),
                one_of(&["FROM"]),
                item(),
                one_of(&[",", "CROSS JOIN"]),
                item(),
                one_of(&["WHERE"]),
                value(),
                one_of(&["", "IS NULL", "= 'a'"]),
                one_of(&[
                    "",
                    "GROUP BY 1",
                    "ORDER BY 1",
                    "LIMIT 3",
                    "HAVING true",
                    "FETCH FIRST ROW ONLY",
                ]),
            ]);
            let with = spaced(vec![
                one_of(&["WITH customers AS (", "WITH w AS ("]),
                inner.clone(),
                one_of(&[")"]),
                whole.clone(),
            ]);
            let set = spaced(vec![
                one_of(&["("]),
                whole.clone(),
                one_of(&[") UNION ALL (", ") EXCEPT ("]),
                inner.clone(),
                one_of(&[")"]),
            ]);
            prop_oneof![3 => whole, 1 => with, 1 => set].boxed()
        })
        .boxed()
}

fn statement() -> BoxedStrategy<String> {
    let write =
        |before: &'static str| spaced(vec![one_of(&[before]), select(), one_of(&["", ";"])]);
    prop_oneof![
        6 => select(),
        1 => write("INSERT INTO {w|customers}"),
        1 => spaced(vec![one_of(&["UPDATE {wa|customers} t SET name = ("]), select(), one_of(&[") FROM {|customers}"])]),
        1 => spaced(vec![one_of(&["DELETE FROM ONLY {ow|customers} WHERE id IN ("]), select(), one_of(&[")"])]),
    ]
    .boxed()
}

fn masks(resolved: &Resolved) -> usize {
    let masked = |source: &&Source| !source.written && source.relation != ORDERS;
    resolved.sources.iter().filter(masked).count()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn whatever_is_read_is_masked_and_all_else_stays(statement in statement()) {
        let (text, resolved) = marked(&statement);
        let masked = rewritten(&statement).unwrap();
        let selects = ["<c>", "<o>", "<d>"].map(|select| masked.matches(&with_selects(select)).count());
        prop_assert_eq!(selects.iter().sum::<usize>(), masks(&resolved));
        let again = canon::swapped(&parse(&masked).unwrap(), &canon::Swaps::default()).unwrap().1;
        let written = resolved.sources.iter().filter(|source| source.written).count();
        let named = again.relations.iter().filter(|named| named.schema == "app" && named.name != "orders");
        prop_assert_eq!(named.count(), masks(&resolved), "{} {}", text, written);
    }

    #[test]
    fn a_masked_statement_with_anything_changed_is_refused(statement in statement(), which in any::<prop::sample::Index>()) {
        let (text, resolved) = marked(&statement);
        let tree = parse(&text).unwrap();
        let masked = rewritten(&statement).unwrap();
        let proof = |text: &str| prove(text, &tree, &resolved, &replaced()).map(drop);
        prop_assert_eq!(proof(&masked), Ok(()));
        let mut changed = Vec::new();
        for (from, to) in CHANGES {
            let (from, to) = (with_selects(from), with_selects(to));
            let places: Vec<_> = masked.match_indices(&from).map(|(at, _)| at).collect();
            if !places.is_empty() {
                let at = *which.get(&places);
                let mut one = masked.clone();
                one.replace_range(at..at + from.len(), &to);
                changed.push(one);
            }
        }
        for changed in changed {
            prop_assert!(proof(&changed).is_err(), "{}", changed);
        }
    }
}

/// Attempts to have something unmasked, or masked otherwise.
const CHANGES: [(&str, &str); 15] = [
    ("<c>", "app.customers"),
    ("<c>", "(SELECT * FROM app.customers)"),
    ("<c>", "(SELECT \"id\", \"ssn\", \"name\" FROM \"app\".\"customers\")"),
    ("<c>", "<o>"),
    ("<o>", "<c>"),
    ("<c>", "<d>"),
    ("<d>", "<c>"),
    ("<c>", "(SELECT * FROM <c> x)"),
    ("IS NOT NULL", "IS NULL"),
    ("[masked:ssn]", "[masked:ssm]"),
    ("END AS \"ssn\"", "END AS \"ssm\""),
    ("\"id\", ", ""),
    ("\"id\", ", "\"id\", \"ssn\", "),
    ("\"app\".", ""),
    ("$2", "$3"),
];
