//! Aggregates and windows: a use of their own, wherever they stand.

use crate::{kind, outputs, uses};

#[test]
fn an_argument_is_used_by_its_aggregate() {
    assert_eq!(uses("SELECT sum(total) FROM orders"), "sum orders.total");
    assert_eq!(uses("SELECT pg_catalog.sum(total) FROM orders"), "sum orders.total");
    assert_eq!(uses("SELECT sum(total * 2) FROM orders"), "sum orders.total~");
    assert_eq!(uses("SELECT count(*) FROM customers"), "");
    assert_eq!(outputs("SELECT sum(total) FROM orders"), "sum=orders.total~");
    assert_eq!(uses("SELECT lower(max(ssn)) FROM customers"), "max customers.ssn");
}

#[test]
fn a_function_is_no_aggregate() {
    assert_eq!(uses("SELECT lower(ssn) FROM customers"), "shown customers.ssn~");
    assert_eq!(uses("SELECT nobody_knows(ssn) FROM customers"), "shown customers.ssn~");
}

#[test]
fn what_is_beside_an_aggregate_is_shown() {
    assert_eq!(
        uses("SELECT max(ssn) || ssn FROM customers"),
        "max customers.ssn, shown customers.ssn~",
    );
}

#[test]
fn an_aggregate_that_is_not_shown_is_used_where_it_stands() {
    assert_eq!(
        uses("SELECT name FROM customers ORDER BY max(ssn)"),
        "max customers.ssn, order customers.ssn~, shown customers.name",
    );
    assert_eq!(
        uses("SELECT max(ssn) AS m FROM customers ORDER BY m"),
        "max customers.ssn, order customers.ssn~",
    );
    assert_eq!(
        uses("INSERT INTO notes (ssn) SELECT max(ssn) FROM customers"),
        "max customers.ssn, target notes.ssn, written customers.ssn~",
    );
}

#[test]
fn an_aggregate_that_is_handed_on_stays_one() {
    let inner = "(SELECT name, max(ssn) AS m FROM customers GROUP BY name) s";
    let used = "group customers.name, max customers.ssn";
    assert_eq!(uses(&format!("SELECT m FROM {inner}")), format!("{used}, passed customers.name"));
    assert_eq!(
        uses(&format!("SELECT 1 FROM {inner} WHERE m = ''")),
        format!("filter customers.ssn~, {used}, passed customers.name"),
    );
    assert_eq!(outputs(&format!("SELECT m FROM {inner}")), "m=customers.ssn~");
    assert_eq!(uses(&format!("SELECT 1 FROM {inner}")), format!("{used}, passed customers.name"));
}

#[test]
fn every_part_of_an_aggregate_has_its_own_use() {
    assert_eq!(
        uses("SELECT string_agg(name, ',' ORDER BY ssn) FROM customers"),
        "order customers.ssn, string_agg customers.name",
    );
    assert_eq!(
        uses("SELECT count(*) FILTER (WHERE ssn > '5') FROM customers"),
        "filter customers.ssn~",
    );
    assert_eq!(
        uses("SELECT count(DISTINCT ssn) FROM customers"),
        "count customers.ssn, distinct customers.ssn",
    );
    assert_eq!(
        uses("SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY total) FROM orders"),
        "order orders.total, percentile_cont orders.total",
    );
    assert_eq!(
        outputs("SELECT string_agg(name, ',' ORDER BY ssn) AS x FROM customers"),
        "x=customers.name+customers.ssn~",
    );
}

#[test]
fn windows_group_and_sort() {
    assert_eq!(
        uses("SELECT lag(ssn) OVER (PARTITION BY name ORDER BY id) FROM customers"),
        "group customers.name, lag customers.ssn, order customers.id",
    );
    assert_eq!(
        outputs("SELECT row_number() OVER (ORDER BY ssn) FROM customers"),
        "row_number=customers.ssn~",
    );
    assert_eq!(
        uses(
            "SELECT sum(id) OVER w FROM customers WINDOW w AS (PARTITION BY name), v AS (w ORDER BY ssn)"
        ),
        "group customers.name, order customers.ssn, sum customers.id",
    );
    assert_eq!(
        outputs(
            "SELECT sum(id) OVER (w ORDER BY ssn) AS x FROM customers WINDOW w AS (PARTITION BY name)"
        ),
        "x=customers.id+customers.name+customers.ssn~",
    );
    assert_eq!(kind("SELECT sum(id) OVER w FROM customers"), "unresolved");
}

#[test]
fn a_name_in_a_window_is_never_one_of_the_result() {
    assert_eq!(
        uses("SELECT ssn AS id, row_number() OVER (ORDER BY id) FROM customers"),
        "order customers.id, shown customers.ssn",
    );
    assert_eq!(kind("SELECT ssn AS x, row_number() OVER (ORDER BY x) FROM customers"), "column");
    assert_eq!(
        uses("SELECT ssn AS id, string_agg(name, '' ORDER BY id) FROM customers"),
        "order customers.id, shown customers.ssn, string_agg customers.name",
    );
}

#[test]
fn frames_may_decide() {
    assert_eq!(
        uses(
            "SELECT sum(id) OVER (ROWS BETWEEN (SELECT count(ssn) FROM notes) PRECEDING \
             AND CURRENT ROW) FROM customers"
        ),
        "count notes.ssn, filter notes.ssn~, sum customers.id",
    );
}
