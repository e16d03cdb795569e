//! Places: where relations are named, and which of them are read without WHERE.

use std::collections::BTreeSet;

use crate::{database::DATABASE, resolved};

/// `name@position relation`, with what is special about it.
fn sources(text: &str) -> String {
    let words = resolved(text).sources.into_iter().map(|source| {
        let flags =
            [(source.aliased, "aliased"), (source.only, "only"), (source.written, "written")];
        let flags: Vec<&str> = flags.iter().filter(|flag| flag.0).map(|flag| flag.1).collect();
        let relation = DATABASE.numbered(source.relation).unwrap().full_name();
        assert!(
            text.get(source.at..)
                .unwrap()
                .to_lowercase()
                .starts_with(['c', 'o', 'n', 's', 'p', '"'])
        );
        format!("{}@{} {relation} {}", source.name, source.at, flags.join("+")).trim().to_owned()
    });
    words.collect::<Vec<_>>().join(", ")
}

fn unfiltered(text: &str) -> String {
    let names: BTreeSet<String> = resolved(text)
        .unfiltered
        .iter()
        .map(|oid| DATABASE.numbered(*oid).unwrap().full_name())
        .collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

#[test]
fn every_place_of_a_relation_is_found() {
    assert_eq!(
        sources("SELECT 1 FROM customers c, ONLY orders, sales.orders"),
        "c@14 public.customers aliased, orders@32 public.orders only, orders@40 sales.orders",
    );
    assert_eq!(
        sources("UPDATE orders o SET note = (SELECT name FROM customers) FROM notes WHERE true"),
        "o@7 public.orders aliased+written, customers@45 public.customers, notes@61 public.notes",
    );
    assert_eq!(sources("INSERT INTO notes AS n VALUES (1)"), "n@12 public.notes aliased+written");
    assert_eq!(sources("DELETE FROM ONLY notes"), "notes@17 public.notes only+written");
    assert_eq!(sources("TABLE notes"), "notes@6 public.notes");
}

#[test]
fn bytes_are_counted() {
    assert_eq!(sources("SELECT 'ä€', 1 FROM \"customers\""), "customers@23 public.customers");
}

#[test]
fn a_with_query_is_no_source_but_what_it_reads_is() {
    assert_eq!(
        sources("WITH o AS (SELECT * FROM orders) SELECT 1 FROM o a, o b"),
        "orders@25 public.orders",
    );
}

#[test]
fn what_several_columns_are_set_to_is_read_once() {
    assert_eq!(
        sources("UPDATE notes SET (ssn, lower) = (SELECT name, ssn FROM customers)"),
        "notes@7 public.notes written, customers@55 public.customers",
    );
}

#[test]
fn columns_written_with_their_schema_are_found() {
    let found = resolved(
        "SELECT 1, public.notes.ssn FROM notes WHERE public.notes.id = 1 AND notes.id = 1",
    );
    let at: Vec<usize> = found.qualified.iter().map(|column| column.at).collect();
    assert_eq!(at, [10, 44]);
    assert_eq!(resolved("SELECT public.notes.* FROM notes").qualified.len(), 1);
    assert_eq!(
        resolved("SELECT u FROM customers, unnest(public.customers.phones) u").qualified.len(),
        1
    );
}

#[test]
fn a_select_without_where_is_unfiltered() {
    assert_eq!(unfiltered("SELECT 1 FROM customers"), "public.customers");
    assert_eq!(unfiltered("SELECT 1 FROM customers WHERE id = 1"), "");
    assert_eq!(
        unfiltered("SELECT 1 FROM customers c JOIN orders o ON c.id = o.id"),
        "public.customers, public.orders",
    );
    assert_eq!(
        unfiltered("SELECT 1 FROM (customers c JOIN notes n USING (id)) j"),
        "public.customers, public.notes"
    );
    assert_eq!(
        unfiltered("SELECT 1 FROM (SELECT 1 FROM customers) s WHERE true"),
        "public.customers"
    );
    assert_eq!(unfiltered("SELECT 1 FROM (SELECT 1 FROM customers WHERE id = 1) s"), "");
    assert_eq!(unfiltered("SELECT 1 WHERE 1 IN (SELECT id FROM customers)"), "public.customers");
    assert_eq!(
        unfiltered("SELECT 1 FROM notes WHERE id = 1 UNION SELECT 1 FROM customers"),
        "public.customers"
    );
    assert_eq!(
        unfiltered("WITH a AS (TABLE customers) SELECT 1 FROM a WHERE true"),
        "public.customers"
    );
}

#[test]
fn a_write_without_where_is_unfiltered() {
    assert_eq!(unfiltered("UPDATE notes SET ssn = ''"), "public.notes");
    assert_eq!(unfiltered("DELETE FROM notes"), "public.notes");
    assert_eq!(unfiltered("DELETE FROM notes WHERE id = 1"), "");
    assert_eq!(unfiltered("UPDATE notes SET ssn = '' FROM orders"), "public.notes, public.orders");
    assert_eq!(unfiltered("INSERT INTO notes VALUES (1)"), "");
    assert_eq!(unfiltered("INSERT INTO notes SELECT id FROM orders"), "public.orders");
}
