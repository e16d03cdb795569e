//! The facts of a statement: what later stages tell approvers, hold results against, and prove.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use vetting::{Reading, Verb};

use crate::Stand;

fn reading(text: &str) -> Reading {
    Stand::new("result", "").vet(text).ok().unwrap().reading().clone()
}

fn words(list: &[&str]) -> BTreeSet<String> {
    list.iter().map(|&word| word.to_owned()).collect()
}

#[test]
fn the_tags_in_force_are_those_of_all_that_share_rows() {
    let named = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs.iter().map(|&(column, tag)| (column.to_owned(), tag.to_owned())).collect()
    };
    let found = reading("SELECT id FROM staff").tagged;
    // By inheritance `salary` and `age` would be tagged there as well, had `staff` such columns.
    assert_eq!(found["public.people"], named(&[("ssn", "ssn"), ("salary", "pay"), ("age", "age")]));
    assert_eq!(found["public.staff"], named(&[("SSN", "ssn")]));
    assert_eq!(found.len(), 2);
    assert!(reading("SELECT id FROM orders").tagged.values().all(BTreeMap::is_empty));
}

#[test]
fn columns_are_known_by_the_server_s_numbers() {
    let found = reading("SELECT id FROM staff").columns_by_number;
    let names = |oid, number| {
        let (relation, column): &(String, String) = &found[&(oid, number)];
        (relation.as_str(), column.as_str())
    };
    assert_eq!(names(20_003, 2), ("public.staff", "SSN"));
    assert_eq!(names(20_001, 3), ("public.people", "ssn"));
    assert_eq!(found.len(), 3 + 5, "every column of both, and of nothing else");
}

#[test]
fn a_verdict_rests_on_all_that_rows_can_come_from() {
    let relations =
        |text: &str| -> Vec<u32> { reading(text).rests.relations.into_keys().collect() };
    assert_eq!(relations("SELECT id FROM orders"), [20_002]);
    assert_eq!(relations("SELECT id FROM staff"), [20_001, 20_003]);
    assert_eq!(relations("SELECT id FROM names"), [20_001, 20_003, 20_010]);
}

#[test]
fn a_verdict_rests_on_every_name_that_the_server_looks_up() {
    let rests = reading(
        "SELECT upper(note), concat(note, note), id::numeric, note COLLATE \"C\" FROM orders \
         WHERE id < 5",
    )
    .rests;
    assert_eq!(rests.functions, words(&["concat", "upper"]));
    // A call with one argument may be a cast to a type of that name, one with two may not.
    assert_eq!(rests.types, words(&["numeric", "upper"]));
    assert_eq!(rests.operators, words(&["<"]));
    assert_eq!(rests.collations, words(&["C"]));
}

#[test]
fn a_verdict_rests_on_operators_that_nobody_wrote() {
    for (joined, operators) in [
        ("orders NATURAL JOIN hr.pay", &["="][..]),
        ("orders JOIN hr.pay USING (id)", &["="]),
        ("orders CROSS JOIN hr.pay", &[]),
        ("orders o JOIN hr.pay p ON o.id < p.id", &["<"]),
    ] {
        let found = reading(&format!("SELECT 1 FROM {joined}"));
        assert_eq!(found.rests.operators, words(operators), "{joined}");
    }
    let between = reading("SELECT id FROM orders WHERE id BETWEEN 1 AND 2");
    assert_eq!(between.rests.operators, words(&["<", "<=", ">", ">="]));
    let within = reading("SELECT id FROM orders WHERE id IN (SELECT id FROM hr.pay)");
    assert_eq!(within.rests.operators, words(&["="]));
}

#[test]
fn the_values_stay_with_the_statement() {
    let stand = Stand::new("result", "");
    let looked =
        stand.look("SELECT id FROM orders WHERE id = $1 OR note = $2", &[json!(7), json!("x")]);
    let vetted = vetting::vet(looked.ok().unwrap(), None, false).ok().unwrap();
    assert_eq!(vetted.params().values(), [json!(7), json!("x")]);
}

#[test]
fn to_ask_for_a_setting_is_to_describe() {
    let found = reading("SHOW timezone");
    assert_eq!((found.main, found.verbs), (Verb::Describe, [Verb::Describe].into()));
}
