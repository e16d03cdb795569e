//! WITH: shadows, scopes and recursion.

use crate::{kind, outputs, refused, resolved, uses};

#[test]
fn a_query_shadows_a_table() {
    let text = "WITH customers AS (SELECT 1 AS x) SELECT x FROM customers";
    assert_eq!(uses(text), "");
    assert!(resolved(text).sources.is_empty());
    assert_eq!(kind("WITH customers AS (SELECT 1 AS x) SELECT ssn FROM customers"), "column");
}

#[test]
fn a_schema_reaches_past_the_shadow() {
    assert_eq!(
        uses("WITH customers AS (SELECT 1 AS x) SELECT ssn FROM public.customers"),
        "shown customers.ssn",
    );
}

#[test]
fn a_query_in_its_own_body_is_the_table_unless_it_is_recursive() {
    assert_eq!(
        uses("WITH customers AS (SELECT ssn FROM customers) SELECT ssn FROM customers"),
        "shown customers.ssn",
    );
    assert_eq!(
        kind("WITH RECURSIVE customers AS (SELECT ssn FROM customers) SELECT ssn FROM customers"),
        "unresolved",
    );
}

#[test]
fn only_earlier_queries_are_visible() {
    assert_eq!(
        uses("WITH a AS (SELECT ssn FROM customers), b AS (SELECT ssn FROM a) SELECT ssn FROM b"),
        "shown customers.ssn",
    );
    assert_eq!(
        refused("WITH b AS (SELECT * FROM a), a AS (SELECT 1) SELECT 1 FROM b"),
        "relation `a` does not exist",
    );
    assert_eq!(
        uses(
            "WITH RECURSIVE b AS (SELECT * FROM a), a AS (SELECT ssn FROM customers) SELECT ssn FROM b"
        ),
        "shown customers.ssn",
    );
}

#[test]
fn queries_nest() {
    assert_eq!(
        uses(
            "WITH a AS (SELECT ssn FROM customers) SELECT x FROM \
             (WITH a AS (SELECT lower AS x FROM notes) SELECT x FROM a) s"
        ),
        "passed customers.ssn, shown notes.lower",
    );
    assert_eq!(
        uses("WITH a AS (SELECT ssn FROM customers) SELECT (SELECT max(ssn) FROM a)"),
        "max customers.ssn",
    );
    assert_eq!(kind("SELECT 1 FROM (WITH a AS (SELECT 1) SELECT 1) s, a"), "relation");
    // The body sees what stands around its WITH and not what mentions it.
    assert_eq!(
        uses("SELECT (WITH a AS (SELECT c.ssn AS x) SELECT x FROM a) FROM customers c"),
        "shown customers.ssn~",
    );
    assert_eq!(kind("WITH a AS (SELECT c.ssn) SELECT * FROM customers c, a"), "qualifier");
}

#[test]
fn names_are_given_to_columns_twice() {
    assert_eq!(
        outputs("WITH a(x) AS (SELECT ssn, id FROM customers) SELECT x, id FROM a"),
        "x=customers.ssn id=customers.id"
    );
    assert_eq!(
        outputs("WITH a(x) AS (SELECT ssn FROM customers) SELECT y FROM a b(y)"),
        "y=customers.ssn"
    );
    assert_eq!(kind("WITH a(x, y) AS (SELECT 1) SELECT 1"), "columns");
    assert_eq!(kind("WITH a AS (SELECT 1), a AS (SELECT 2) SELECT 1"), "twice");
}

#[test]
fn a_recursive_query_feeds_itself() {
    let text = "WITH RECURSIVE r(x, n) AS (SELECT ssn, 1 FROM customers \
                UNION ALL SELECT lower(x), n + id FROM r, orders WHERE n < 3) SELECT x, n FROM r";
    assert_eq!(outputs(text), "x=customers.ssn~ n=orders.id~");
    assert_eq!(uses(text), "filter orders.id~, shown customers.ssn~, shown orders.id~");
    // What only feeds itself is handed on.
    assert_eq!(
        uses(
            "WITH RECURSIVE r AS (SELECT ssn FROM customers UNION ALL SELECT ssn FROM r) SELECT 1 FROM r"
        ),
        "passed customers.ssn~",
    );
    assert_eq!(
        kind("WITH RECURSIVE r AS (SELECT ssn FROM r UNION ALL SELECT 'a') SELECT 1 FROM r"),
        "unresolved",
    );
    assert_eq!(
        kind("WITH RECURSIVE r AS (SELECT * FROM s), s AS (SELECT * FROM r) SELECT 1"),
        "unresolved"
    );
}

#[test]
fn writes_and_search_orders_in_with_are_not_followed() {
    assert_eq!(kind("WITH a AS (DELETE FROM orders RETURNING *) SELECT * FROM a"), "unresolved");
    assert_eq!(
        kind(
            "WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x FROM r) \
             SEARCH DEPTH FIRST BY x SET o SELECT o FROM r"
        ),
        "unresolved",
    );
}

#[test]
fn a_query_is_in_view_of_a_write() {
    assert_eq!(
        uses(
            "WITH a AS (SELECT id FROM customers) DELETE FROM orders WHERE customer_id IN (SELECT id FROM a)"
        ),
        "filter customers.id~, filter orders.customer_id~",
    );
    assert_eq!(
        uses("WITH a AS (SELECT ssn FROM customers) INSERT INTO notes (ssn) SELECT ssn FROM a"),
        "target notes.ssn, written customers.ssn",
    );
    // What is written is a relation all the same.
    assert_eq!(
        uses("WITH notes AS (SELECT 1 AS x) DELETE FROM notes WHERE ssn = ''"),
        "filter notes.ssn~"
    );
}
