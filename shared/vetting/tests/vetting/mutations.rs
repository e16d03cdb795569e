//! Statements that nobody wrote: random changes to those of the corpus.

use proptest::prelude::*;
use request::Statement;

use crate::{cases, lines, read, scope, verdict};

fn seeds() -> Vec<String> {
    let refused = cases(include_str!("../corpus/refused.sql"));
    let permitted = cases(include_str!("../corpus/permitted.sql"));
    let calls = lines(include_str!("../corpus/function-positions.txt"));
    let mut seeds: Vec<String> =
        refused.iter().chain(&permitted).map(|(_, text)| (*text).to_owned()).collect();
    seeds.extend(calls.map(|place| place.replace("{}", "ssn")));
    seeds
}

/// Pieces that mean something to a parser.
const PIECES: &[&str] = &[
    "'",
    "\"",
    "$$",
    "--",
    "/*",
    "*/",
    ";",
    "(",
    ")",
    "[",
    "]",
    ",",
    ".",
    "*",
    "::",
    "$1",
    "U&\"",
    "E'",
    "\\",
    " UNION ",
    " SELECT ",
    " FROM ",
    " WHERE ",
    " AS ",
    " customers ",
    " ssn ",
    " c ",
    " WITH ",
    " JOIN ",
    " ORDER BY ",
    " INTO ",
    "\u{a0}",
    "\u{feff}",
    "é",
    "😀",
    "\r",
    "\n",
    "\t",
    "\u{1}",
    " pg_sleep(1) ",
    " LATERAL ",
    " RETURNING ",
    " VALUES ",
    " DISTINCT ",
    " NULL ",
    " DROP TABLE ",
];

fn mutated() -> impl Strategy<Value = String> {
    let change = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0u8..5);
    let changes = prop::collection::vec(change, 1..6);
    (prop::sample::select(seeds()), prop::sample::select(seeds()), changes).prop_map(
        |(seed, other, changes)| {
            let mut text: Vec<char> = seed.chars().collect();
            let other: Vec<char> = other.chars().collect();
            for (at, which, how) in changes {
                let at = at.index(text.len() + 1);
                let piece = PIECES[which.index(PIECES.len())];
                match how {
                    0 => drop(text.splice(at..at, piece.chars())),
                    1 => text.truncate(at),
                    2 => drop(text.drain(at..(at + 3).min(text.len()))),
                    3 => text.extend(&other[which.index(other.len() + 1).min(other.len())..]),
                    _ => text.extend(piece.chars()),
                }
            }
            text.into_iter().filter(|c| *c != '\0').collect()
        },
    )
}

/// What a text is to PostgreSQL's parser, whatever its literals; nothing where it is no statement.
fn shape(text: &str) -> Option<String> {
    pg_query::fingerprint(text, 0, 0).ok().map(|found| found.hex)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_mutation_makes_the_reader_fall_over(text in mutated()) {
        if let Ok(statement) = Statement::new(text) {
            let _ = vetting::read(&statement, &scope()).map_err(|error| error.told());
        }
    }

    #[test]
    fn no_text_makes_the_reader_fall_over(text in "[ -~\\PC\n]{1,80}") {
        if let Ok(statement) = Statement::new(text) {
            let _ = vetting::read(&statement, &scope());
        }
    }

    #[test]
    fn what_passes_after_a_mutation_passes_as_printed(text in mutated()) {
        let Ok(statement) = Statement::new(text) else { return Ok(()) };
        let Ok(reading) = vetting::read(&statement, &scope()) else { return Ok(()) };
        let printed = pg_query::parse(statement.text(), 0).unwrap().deparse(Default::default()).unwrap();
        // The printer forgets the quotes of some names (`OVER" w"`), and then prints another
        // statement or none. Nothing of ours runs what it prints; what it prints rightly is compared.
        prop_assume!(shape(&printed).is_some_and(|shape| Some(shape) == self::shape(statement.text())));
        let again = read(&printed);
        prop_assert_eq!(verdict(&printed), "ok", "{}", &printed);
        let again = again.unwrap();
        prop_assert_eq!((reading.reads, reading.writes, reading.tags), (again.reads, again.writes, again.tags));
    }
}
