//! FROM: which relation a name is, who sees whom, and what a derived table hands on.

use crate::{kind, outputs, refused, uses};

#[test]
fn a_name_is_looked_up_in_the_one_schema() {
    assert_eq!(uses("SELECT total FROM orders"), "shown orders.total");
    assert_eq!(uses("SELECT amount FROM sales.orders"), "shown sales.orders.amount");
    assert_eq!(kind("SELECT 1 FROM regions"), "relation");
    assert_eq!(uses("SELECT name FROM people"), "shown people.name");
}

#[test]
fn what_is_neither_table_nor_view_is_refused() {
    let told = "`public.far` is neither a plain table nor a view and may not be used";
    assert_eq!(refused("SELECT * FROM far"), told);
    assert_eq!(kind("SELECT * FROM counter"), "relation-kind");
    assert_eq!(kind("SELECT * FROM ruled"), "relation-kind");
    assert_eq!(kind("DELETE FROM ruled"), "relation-kind");
}

#[test]
fn two_things_of_one_name_are_refused() {
    let told = "`customers` is named twice in FROM; give one of them an alias";
    assert_eq!(refused("SELECT 1 FROM customers, customers"), told);
    assert_eq!(kind("SELECT 1 FROM customers a, orders a"), "twice");
    assert_eq!(kind("SELECT 1 FROM customers JOIN customers ON true"), "twice");
    assert_eq!(kind("SELECT 1 FROM customers, (SELECT 1) customers"), "twice");
    assert_eq!(kind("SELECT 1 FROM (customers a JOIN orders b ON true) j, notes j"), "twice");
    assert_eq!(kind("SELECT 1 FROM generate_series(1, 2), generate_series(1, 2)"), "twice");
    assert_eq!(uses("SELECT 1 FROM customers, sales.orders, orders"), "");
}

#[test]
fn a_list_of_columns_renames_from_the_left() {
    assert_eq!(uses("SELECT b FROM customers c(a, b)"), "shown customers.name");
    assert_eq!(uses("SELECT ssn FROM customers c(a, b)"), "shown customers.ssn");
    assert_eq!(kind("SELECT name FROM customers c(a, b)"), "column");
    assert_eq!(uses("SELECT ssn FROM customers c(ssn, name, x)"), "shown customers.id");
    assert_eq!(
        uses("SELECT y FROM (SELECT id, ssn FROM customers) s(x, y)"),
        "passed customers.id, shown customers.ssn"
    );
    assert_eq!(
        refused("SELECT 1 FROM notes n(a, b, c, d)"),
        "`n` is given more column names than it has columns"
    );
}

#[test]
fn a_sub_select_hands_its_columns_on() {
    assert_eq!(uses("SELECT x FROM (SELECT ssn AS x FROM customers) s"), "shown customers.ssn");
    assert_eq!(outputs("SELECT x FROM (SELECT ssn AS x FROM customers) s"), "x=customers.ssn");
    assert_eq!(
        uses("SELECT 1 FROM (SELECT ssn, id FROM customers) s WHERE s.id = 1"),
        "filter customers.id~, passed customers.ssn",
    );
    assert_eq!(
        uses("SELECT y FROM (SELECT x AS y FROM (SELECT lower(ssn) AS x FROM customers) a) b"),
        "shown customers.ssn~",
    );
    assert_eq!(kind("SELECT ssn FROM (SELECT ssn AS x FROM customers) s"), "column");
    assert_eq!(kind("SELECT customers.ssn FROM (SELECT ssn FROM customers) s"), "qualifier");
}

#[test]
fn a_column_handed_on_is_used_once_for_each_mention() {
    assert_eq!(
        uses("SELECT s.ssn FROM (SELECT ssn FROM customers) s WHERE s.ssn = '1' ORDER BY s.ssn"),
        "filter customers.ssn~, order customers.ssn, shown customers.ssn",
    );
    assert_eq!(
        uses("SELECT 1 FROM (SELECT ssn FROM customers) a JOIN notes b USING (ssn)"),
        "join customers.ssn, join notes.ssn",
    );
}

#[test]
fn a_column_that_nobody_mentions_is_passed() {
    assert_eq!(uses("SELECT 1 FROM (SELECT ssn FROM customers) s"), "passed customers.ssn");
    assert_eq!(uses("SELECT 1 FROM (SELECT lower(ssn) FROM customers) s"), "passed customers.ssn~");
    assert_eq!(uses("WITH s AS (SELECT ssn FROM customers) SELECT 1"), "passed customers.ssn");
    assert_eq!(
        uses("SELECT 1 FROM (SELECT x FROM (SELECT ssn AS x FROM customers) a) b"),
        "passed customers.ssn",
    );
    assert_eq!(
        uses("SELECT c.ssn FROM customers c, (SELECT ssn FROM customers) s"),
        "passed customers.ssn, shown customers.ssn",
    );
}

#[test]
fn a_sub_select_without_a_name_shows_its_columns() {
    assert_eq!(uses("SELECT ssn FROM (SELECT ssn FROM customers)"), "shown customers.ssn");
}

#[test]
fn only_what_is_lateral_sees_what_stands_to_the_left() {
    assert_eq!(kind("SELECT 1 FROM customers c, (SELECT c.ssn) s"), "qualifier");
    assert_eq!(kind("SELECT 1 FROM customers c, (SELECT ssn) s"), "column");
    assert_eq!(
        uses("SELECT x FROM customers c, LATERAL (SELECT c.ssn AS x) s"),
        "shown customers.ssn"
    );
    assert_eq!(uses("SELECT x FROM customers, LATERAL (SELECT ssn AS x) s"), "shown customers.ssn");
    assert_eq!(kind("SELECT 1 FROM LATERAL (SELECT c.ssn) s, customers c"), "qualifier");
    assert_eq!(
        uses("SELECT 1 FROM customers c JOIN LATERAL (SELECT c.ssn AS x) s ON s.x = 'a'"),
        "join customers.ssn~",
    );
    assert_eq!(kind("SELECT 1 FROM customers c JOIN (SELECT c.ssn) s ON true"), "qualifier");
    assert_eq!(
        kind("SELECT 1 FROM customers c RIGHT JOIN LATERAL (SELECT c.ssn) s ON true"),
        "qualifier",
    );
    assert_eq!(
        kind("SELECT 1 FROM customers c FULL JOIN LATERAL (SELECT ssn) s ON true"),
        "column",
    );
    // In a sub-select of a sub-select the outer one must be lateral.
    assert_eq!(
        uses(
            "SELECT 1 FROM customers c, LATERAL (SELECT 1 WHERE EXISTS (SELECT 1 WHERE c.id = 1)) s"
        ),
        "filter customers.id~",
    );
    assert_eq!(kind("SELECT 1 FROM customers c, (SELECT (SELECT c.id)) s"), "qualifier");
}

#[test]
fn a_sub_select_that_is_not_lateral_sees_the_outer_levels() {
    assert_eq!(
        uses("SELECT (SELECT x FROM (SELECT c.ssn AS x) s) FROM customers c"),
        "shown customers.ssn~",
    );
}

#[test]
fn values_are_columns_with_numbers() {
    assert_eq!(outputs("VALUES (1, 'a'), (2, 'b')"), "column1= column2=");
    assert_eq!(uses("VALUES ((SELECT max(ssn) FROM customers))"), "max customers.ssn");
    assert_eq!(
        uses("SELECT column2 FROM customers c, LATERAL (VALUES (c.id, c.ssn), (1, c.name)) v"),
        "passed customers.id~, shown customers.name~, shown customers.ssn~",
    );
    assert_eq!(outputs("SELECT y FROM (VALUES (1, 2)) v(x, y)"), "y=");
    assert_eq!(kind("SELECT column3 FROM (VALUES (1, 2)) v"), "column");
    assert_eq!(kind("VALUES (1), (2, 3)"), "unresolved");
    assert_eq!(uses("VALUES (1) ORDER BY column1"), "");
    assert_eq!(uses("VALUES (1) ORDER BY column1 + 1"), "");
}
