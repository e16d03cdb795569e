//! What is to be masked is found by its own name, and what fails is called by its own.

use super::*;

#[test]
fn a_relation_that_is_not_masked_may_be_anything() {
    // Nobody says here what `other` is: the catalogue would have.
    let masked = rewritten("SELECT 1 FROM {|customers}, other, app.another");
    let wanted = with_selects("SELECT 1 FROM <c> AS \"customers\", other, app.another");
    assert_eq!(masked, Ok(wanted));
    let missed = |text| rewritten(text).unwrap_err();
    assert_eq!(missed("SELECT 1 FROM {3|orders}, customers"), Error::Missed("customers".into()));
    assert_eq!(missed("SELECT 1 FROM app.customers"), Error::Missed("customers".into()));
    assert!(rewritten("SELECT 1 FROM elsewhere.customers").is_ok());
}

#[test]
fn a_relation_may_be_called_like_a_keyword() {
    let mask = |column: &Attribute| (column.name == "ssn").then_some((Mask::Null, "ssn"));
    let by = Replacement::of(&relation(CUSTOMERS, "value"), &mask, &Key::Absent);
    let text = "SELECT value.ssn FROM app.value";
    let source = Source {
        relation: CUSTOMERS,
        at: 22,
        name: "value".into(),
        aliased: false,
        only: false,
        written: false,
    };
    let resolved = Resolved { sources: vec![source], ..Resolved::default() };
    let wanted = format!("SELECT value.ssn FROM ({}) AS \"value\"", by.select(false));
    let replaced = [(CUSTOMERS, by)].into();
    assert_eq!(rewrite(text, &parse(text).unwrap(), &resolved, &replaced), Ok(wanted));
}

#[test]
fn every_failure_has_its_word() {
    for (error, word) in [
        (Error::Unread, "unread"),
        (Error::Place, "place"),
        (Error::Clash("x".into()), "clash"),
        (Error::Missed("x".into()), "missed"),
        (Error::Differs, "differs"),
        (Error::Shape, "shape"),
    ] {
        assert_eq!(error.kind(), word);
    }
}
