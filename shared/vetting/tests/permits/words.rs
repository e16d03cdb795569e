//! What the writer of a statement is told, word for word where a word could give something away.

use vetting::Relation;

use crate::Stand;

fn told(text: &str) -> String {
    Stand::new("result", "@approvers(\"1 of dba\")").told(text)
}

#[test]
fn a_function_that_is_often_tried_is_refused_with_its_reason() {
    assert_eq!(told("SELECT pg_sleep(1)"), "function `pg_sleep` is not permitted: it waits");
}

#[test]
fn the_parser_is_quoted_as_far_as_it_quotes_no_literal() {
    for (text, says) in [
        ("SELEC 1", "syntax error at or near `SELEC`"),
        ("SELECT FROM FROM orders", "syntax error at or near `FROM`"),
        ("SELECT 1 'x y'", "syntax error"),
        ("SELECT 'x", "unterminated quoted string"),
        ("SELECT 1 FROM", "syntax error at end of input"),
        ("SELECT a.*.b", "it cannot be read"),
    ] {
        assert_eq!(told(text), format!("the statement is not valid SQL: {says}"), "{text}");
    }
}

#[test]
fn a_word_is_quoted_up_to_thirty_one_letters() {
    let said = |length: usize| {
        let word = "x".repeat(length);
        told(&format!("SELECT 1 a {word}")).contains(&word)
    };
    assert!(said(31) && !said(32));
    assert!(!told("SELECT 1 a \"\"").contains('`'), "nothing is no word");
}

#[test]
fn what_is_nested_too_deeply_is_told_apart_from_what_cannot_be_read() {
    let nested = format!("SELECT {}1{}", "1 + (".repeat(120), ")".repeat(120));
    let deep = "the statement is nested too deeply; write it with fewer levels";
    assert_eq!(told(&nested), deep);
    // Of half a letter the parser would say which bytes it has.
    assert_eq!(told("SELECT E'\\xff'"), "the statement is not valid SQL: it cannot be read");
}

#[test]
fn a_type_of_many_rows_is_no_type_of_a_value() {
    for text in ["SELECT 1::SETOF integer", "SELECT CAST(1 AS SETOF integer[])"] {
        assert!(told(text).starts_with("type `"), "{text}: {}", told(text));
    }
    assert_eq!(told("SELECT 1::integer"), "");
}

#[test]
fn a_number_may_say_yes_or_no_to_costs() {
    for options in ["(COSTS 0)", "(COSTS 1)", "(VERBOSE 0)", "(COSTS false)"] {
        assert_eq!(told(&format!("EXPLAIN {options} SELECT id FROM orders")), "", "{options}");
    }
    for options in ["(COSTS 2)", "(VERBOSE 1)"] {
        let told = told(&format!("EXPLAIN {options} SELECT id FROM orders"));
        assert!(told.contains("COSTS and FORMAT"), "{options}: {told}");
    }
}

#[test]
fn what_reaches_further_than_it_names_is_refused_by_that_word() {
    for text in ["DROP TABLE orders CASCADE", "ALTER TABLE orders DROP COLUMN note CASCADE"] {
        assert_eq!(told(text), "`CASCADE` is not permitted; leave it out", "{text}");
    }
    for text in ["DROP TABLE orders RESTRICT", "ALTER TABLE orders DROP COLUMN note RESTRICT"] {
        assert_eq!(told(text), "", "{text}");
    }
}

#[test]
fn a_name_may_be_as_long_as_the_server_s_may() {
    let length = |bytes: usize| Relation::parse(&"x".repeat(bytes), "public").is_ok();
    assert!(length(63) && !length(64));
    let folded = Relation::parse(&"X".repeat(63), "public").unwrap();
    assert_eq!(folded.name, "x".repeat(63));
}
