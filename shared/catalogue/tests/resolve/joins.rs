//! Joins: what they compare, merge and hide.

use crate::{kind, outputs, titles, uses};

#[test]
fn on_compares_what_it_joins() {
    assert_eq!(
        uses("SELECT total FROM customers c JOIN orders o ON c.id = o.customer_id"),
        "join customers.id~, join orders.customer_id~, shown orders.total",
    );
    assert_eq!(
        kind("SELECT 1 FROM notes n, customers c JOIN orders o ON n.id = o.id"),
        "qualifier"
    );
    assert_eq!(kind("SELECT 1 FROM notes n, customers c JOIN orders o ON lower = ''"), "column");
    assert_eq!(
        uses(
            "SELECT 1 FROM customers c JOIN orders o ON o.id IN (SELECT n.id FROM notes n WHERE n.ssn = c.ssn)"
        ),
        "filter customers.ssn~, filter notes.ssn~, join notes.id~, join orders.id~",
    );
}

#[test]
fn using_merges_columns() {
    let inner = "SELECT ssn FROM customers JOIN notes USING (ssn)";
    assert_eq!(uses(inner), "join customers.ssn, join notes.ssn, shown customers.ssn");
    assert_eq!(outputs(inner), "ssn=customers.ssn");
    assert_eq!(
        outputs("SELECT ssn FROM customers LEFT JOIN notes USING (ssn)"),
        "ssn=customers.ssn"
    );
    assert_eq!(outputs("SELECT ssn FROM customers RIGHT JOIN notes USING (ssn)"), "ssn=notes.ssn");
    assert_eq!(
        outputs("SELECT ssn FROM customers FULL JOIN notes USING (ssn)"),
        "ssn=customers.ssn+notes.ssn~",
    );
    assert_eq!(outputs("SELECT n.ssn FROM customers c JOIN notes n USING (ssn)"), "ssn=notes.ssn");
}

#[test]
fn a_merged_column_of_two_types_may_be_either() {
    assert_eq!(
        outputs("SELECT ssn FROM customers JOIN wide USING (ssn)"),
        "ssn=customers.ssn+wide.ssn~",
    );
    assert_eq!(outputs("SELECT ssn FROM wide LEFT JOIN customers USING (ssn)"), "ssn=wide.ssn~");
}

#[test]
fn natural_joins_by_every_common_name() {
    assert_eq!(
        uses("SELECT 1 FROM customers NATURAL JOIN notes"),
        "join customers.id, join customers.ssn, join notes.id, join notes.ssn",
    );
    assert_eq!(
        titles("SELECT * FROM customers NATURAL JOIN notes"),
        "id ssn name phones home lower",
    );
    assert_eq!(uses("SELECT 1 FROM notes NATURAL JOIN (SELECT 1 AS other) s"), "");
}

#[test]
fn a_column_of_using_must_be_on_both_sides_once() {
    assert_eq!(kind("SELECT 1 FROM customers JOIN orders USING (ssn)"), "column");
    assert_eq!(kind("SELECT 1 FROM customers JOIN notes USING (ssn, ssn)"), "twice");
    assert_eq!(
        kind("SELECT 1 FROM (customers a JOIN orders b ON true) JOIN notes USING (id)"),
        "ambiguous",
    );
}

#[test]
fn merged_columns_stand_first_in_a_star() {
    assert_eq!(titles("SELECT * FROM notes JOIN wide USING (ssn)"), "ssn id lower id ssn2");
    assert_eq!(titles("SELECT n.* FROM notes n JOIN wide USING (ssn)"), "id ssn lower");
}

#[test]
fn an_alias_over_a_join_hides_what_is_inside() {
    let from = "FROM (customers c JOIN orders o ON true) AS j";
    assert_eq!(uses(&format!("SELECT j.ssn {from}")), "shown customers.ssn");
    assert_eq!(uses(&format!("SELECT ssn {from}")), "shown customers.ssn");
    assert_eq!(kind(&format!("SELECT c.ssn {from}")), "qualifier");
    assert_eq!(kind(&format!("SELECT id {from}")), "ambiguous");
    assert_eq!(kind(&format!("SELECT j.ctid {from}")), "column");
    assert_eq!(
        uses("SELECT name FROM (notes n JOIN orders o ON true) AS j(name, x)"),
        "shown notes.id",
    );
    assert_eq!(
        uses("SELECT j FROM (notes n CROSS JOIN (SELECT 1) s) AS j"),
        "shown notes.id~, shown notes.lower~, shown notes.ssn~",
    );
}

#[test]
fn the_names_inside_a_join_without_alias_can_be_had() {
    let from = "FROM (customers c JOIN orders o ON true) JOIN notes n ON o.id = n.id";
    assert_eq!(uses(&format!("SELECT c.ssn {from}")).matches("shown").count(), 1);
    assert_eq!(kind(&format!("SELECT ssn {from}")), "ambiguous");
    assert_eq!(
        uses("SELECT c.ctid FROM customers c JOIN orders o ON true"),
        "shown customers.ctid"
    );
}

#[test]
fn an_alias_of_using_has_the_merged_columns_only() {
    let from = "FROM customers JOIN notes USING (ssn) AS j";
    assert_eq!(outputs(&format!("SELECT j.ssn {from}")), "ssn=customers.ssn");
    assert_eq!(kind(&format!("SELECT j.name {from}")), "column");
    assert_eq!(outputs(&format!("SELECT customers.name {from}")), "name=customers.name");
    assert_eq!(kind("SELECT 1 FROM customers j JOIN notes USING (ssn) AS j"), "twice");
}

#[test]
fn a_join_of_derived_tables_keeps_what_they_are() {
    assert_eq!(
        outputs(
            "SELECT x, y FROM (SELECT id, ssn AS x FROM customers) a \
             JOIN (SELECT id, lower(note) AS y FROM orders) b USING (id)"
        ),
        "x=customers.ssn y=orders.note~",
    );
}
