//! Definitions: the plain forms that people can agree to, and what is not plain.

use crate::Stand;

fn stand() -> Stand {
    Stand::new("result", "@approvers(\"1 of dba\")")
}

#[test]
fn plain_expressions_and_constraints_are_permitted() {
    let stand = stand();
    for text in [
        "CREATE TABLE fresh (a integer[] DEFAULT ARRAY[1, 2])",
        "CREATE TABLE fresh (a boolean DEFAULT (true AND NOT false))",
        "CREATE TABLE fresh (a boolean CHECK (a IS TRUE))",
        "CREATE TABLE fresh (a text DEFAULT coalesce(NULL, 'x'))",
        "CREATE TABLE fresh (a integer CHECK (a IN (1, 2)))",
        "CREATE TABLE fresh (a text CHECK (a IS NOT NULL))",
        "CREATE TABLE fresh (a text DEFAULT 'x'::text, b text DEFAULT lower('X'))",
        "CREATE TABLE fresh (a integer, UNIQUE (a) DEFERRABLE INITIALLY DEFERRED)",
        "CREATE UNIQUE INDEX IF NOT EXISTS one ON orders (note) NULLS NOT DISTINCT",
        "ALTER TABLE orders DROP COLUMN IF EXISTS note",
        "ALTER TABLE orders ALTER COLUMN note TYPE varchar(20)",
    ] {
        assert_eq!(stand.told(text), "", "{text}");
    }
}

#[test]
fn what_could_hide_in_an_expression_is_refused() {
    let stand = stand();
    for value in [
        "(SELECT 'x')",
        "lower((SELECT 'x'))",
        "string_agg('a', ',' ORDER BY 1)",
        "max('a') OVER ()",
        "coalesce('x', (SELECT 'y'))",
        "(ARRAY[(SELECT 'x')])[1]",
        "(true AND EXISTS (SELECT 1))",
        "((SELECT true) IS TRUE)",
        "((SELECT 1) IS NULL)",
        "((SELECT 1)::text)",
        "('x' = (SELECT 'y'))",
        "((SELECT 'y') = 'x')",
        "(1 IN (1, (SELECT 2)))",
        "(CASE WHEN true THEN 'x' END)",
    ] {
        let text = format!("CREATE TABLE fresh (a text DEFAULT {value})");
        assert_eq!(stand.verdict(&text), "clause", "{text}");
    }
}

#[test]
fn types_and_functions_are_held_against_the_same_lists() {
    let stand = stand();
    for (text, kind) in [
        ("CREATE TABLE fresh (a regclass)", "type"),
        ("CREATE TABLE fresh (a people)", "type"),
        ("ALTER TABLE orders ADD COLUMN a regproc", "type"),
        ("ALTER TABLE orders ALTER COLUMN note TYPE regclass", "type"),
        ("CREATE TABLE fresh (a text COLLATE \"x\")", "collation"),
        ("CREATE TABLE fresh (a text DEFAULT pg_read_file('x'))", "function"),
        ("CREATE INDEX ON orders (pg_read_file(note))", "function"),
        ("CREATE INDEX ON orders (note) WHERE pg_sleep(1) IS NULL", "function"),
        ("ALTER TABLE orders ALTER note SET DEFAULT current_user", "session"),
        ("CREATE TABLE pg_catalog.fresh (a text)", "system"),
    ] {
        assert_eq!(stand.verdict(text), kind, "{text}");
    }
}

#[test]
fn a_computed_column_is_refused_by_its_clause() {
    let told =
        stand().told("CREATE TABLE fresh (a integer, b integer GENERATED ALWAYS AS (a) STORED)");
    assert!(told.contains("GENERATED ALWAYS AS"), "{told}");
    let told = stand().told("CREATE TABLE fresh (a integer, EXCLUDE (a WITH =))");
    assert!(told.contains("EXCLUDE"), "{told}");
}

#[test]
fn every_class_has_its_word() {
    let stand = stand();
    let class = |text: &str| stand.vet(text).ok().unwrap().reading().class.name();
    assert_eq!(class("SELECT id FROM orders"), "read");
    assert_eq!(class("DELETE FROM orders WHERE id = 1"), "write");
    assert_eq!(class("EXPLAIN SELECT id FROM orders"), "explain");
    assert_eq!(class("SHOW timezone"), "describe");
    assert_eq!(class("DROP TABLE orders"), "define");
}
