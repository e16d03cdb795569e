//! Statements with the verdict that each must get.

use std::collections::BTreeSet;

use vetting::Reading;

use crate::{cases, read, verdict};

const REFUSED: &str = include_str!("../corpus/refused.sql");
const PERMITTED: &str = include_str!("../corpus/permitted.sql");

#[test]
fn every_bypass_is_refused_for_its_own_reason() {
    let cases = cases(REFUSED);
    assert!(cases.len() >= 120, "{}", cases.len());
    let wrong: Vec<_> = cases
        .iter()
        .map(|(expected, text)| (verdict(text), expected, text))
        .filter(|(verdict, expected, _)| verdict != *expected)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_honest_statement_is_read_for_what_it_is() {
    let cases = cases(PERMITTED);
    assert!(cases.len() >= 60, "{}", cases.len());
    let wrong: Vec<_> = cases
        .iter()
        .map(|(expected, text)| {
            (read(text).map_or_else(|e| e.to_string(), |r| told(&r)), expected, text)
        })
        .filter(|(read, expected, _)| read != *expected)
        .map(|(read, _, text)| format!("--! {read}\n{text}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_permitted_statement_printed_and_read_again_is_the_same() {
    for (_, text) in cases(PERMITTED) {
        let tree = pg_query::parse(text, 0).unwrap();
        let printed = tree.deparse(Default::default()).unwrap();
        if printed.trim().is_empty() {
            continue;
        }
        assert_eq!(told(&read(text).unwrap()), told(&read(&printed).unwrap()), "{text}\n{printed}");
    }
}

#[test]
fn a_refused_statement_printed_and_read_again_is_refused() {
    for (kind, text) in cases(REFUSED) {
        let Ok(tree) = pg_query::parse(text, 0) else { continue };
        let Ok(printed) = tree.deparse(Default::default()) else { continue };
        if !printed.trim().is_empty() {
            assert_ne!(verdict(&printed), "ok", "{kind}: {text}\n{printed}");
        }
    }
}

#[test]
fn a_statement_on_record_holds_no_literal() {
    let secret = "SELECT '078-05-1120', 4111111111111111, $x$4111$x$ /* 078 */ FROM orders -- 4111";
    let reading = read(secret).unwrap();
    assert_eq!(reading.normalized, "SELECT $1, $2, $3 FROM orders");
}

#[test]
fn a_fingerprint_does_not_depend_on_literals_layout_or_comments() {
    let fingerprint = |text| read(text).unwrap().fingerprint;
    let one = fingerprint("SELECT id FROM orders WHERE id IN (1, 2)");
    assert_eq!(one, fingerprint("select id\n from orders /* x */ where id in (3)"));
    assert_ne!(one, fingerprint("SELECT id FROM orders WHERE total IN (1, 2)"));
}

#[test]
fn a_refusal_never_repeats_a_literal() {
    for text in ["SELECT '078-05-1120' '4111'", "SELECT 1 '078-05-1120", "SELECT 078-05-1120x"] {
        let told = read(text).unwrap_err().told();
        assert!(!told.contains("078") && !told.contains("1120"), "{told}");
    }
}

#[test]
fn a_kind_of_statement_is_named_by_its_first_word() {
    let told = |text| read(text).unwrap_err().told();
    assert!(told("/* SELECT */ drop view orders").contains("`DROP VIEW`"));
    assert!(
        told("WITH q AS (SELECT 1) MERGE INTO a USING q ON true WHEN MATCHED THEN DELETE")
            .contains("`MERGE`")
    );
}

#[test]
fn a_name_longer_than_postgresql_takes_does_not_confuse_the_reader() {
    for letter in ["x", "é", "漢", "😀"] {
        for count in 10..80 {
            let name = letter.repeat(count);
            let verdict = verdict(&format!("SELECT a{name} FROM \"{name}\""));
            assert!(["ok", "relation", "syntax"].contains(&verdict), "{verdict}: {name}");
        }
    }
}

/// The facts of a reading on one line.
fn told(reading: &Reading) -> String {
    let uses: BTreeSet<_> = reading.uses.iter().map(|(tag, how)| format!("{tag}:{how}")).collect();
    let flags = [
        (reading.tagged_in_scope, "tagged"),
        (reading.has_where, "where"),
        (reading.has_set_operation, "set"),
        (reading.has_aggregate, "aggregate"),
        (!reading.unfiltered.is_empty(), "unfiltered"),
    ];
    let lists = [
        ("verbs", words(&reading.verbs)),
        ("reads", words(&reading.reads)),
        ("writes", words(&reading.writes)),
        ("columns", words(&reading.columns)),
        ("functions", words(&reading.functions)),
        ("tags", words(&reading.tags)),
        ("uses", words(&uses)),
        (
            "flags",
            flags.iter().filter(|(set, _)| *set).map(|(_, n)| *n).collect::<Vec<_>>().join(","),
        ),
        (
            "params",
            if reading.parameters == 0 { String::new() } else { reading.parameters.to_string() },
        ),
    ];
    let filled = lists.iter().filter(|(_, words)| !words.is_empty());
    filled.map(|(name, words)| format!("{name}={words}")).collect::<Vec<_>>().join(" ")
}

fn words<T: ToString>(set: &BTreeSet<T>) -> String {
    set.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}
