//! Expressions: everything that is computed counts into what it becomes.

use crate::{kind, outputs, uses};

#[test]
fn everything_computed_is_followed() {
    for expression in [
        "ssn || ''",
        "ssn::varchar",
        "CAST(ssn AS text)",
        "lower(ssn)",
        "CASE WHEN ssn > '5' THEN 1 ELSE 0 END",
        "CASE ssn WHEN 'a' THEN 1 END",
        "CASE WHEN true THEN ssn END",
        "CASE WHEN true THEN 'a' ELSE ssn END",
        "COALESCE(NULL, ssn)",
        "NULLIF('a', ssn)",
        "GREATEST('a', ssn)",
        "ARRAY['a', ssn]",
        "(ARRAY[ssn])[1]",
        "ROW(1, ssn)",
        "ssn IS NULL",
        "ssn IS NOT DISTINCT FROM 'a'",
        "(ssn = 'a') IS TRUE",
        "NOT (ssn = 'a' OR false)",
        "ssn IN ('a', 'b')",
        "'a' IN ('b', ssn)",
        "ssn BETWEEN 'a' AND 'b'",
        "'a' BETWEEN ssn AND 'b'",
        "ssn = ANY (ARRAY['a'])",
        "'a' = ANY (ARRAY[ssn])",
        "ssn LIKE 'a'",
        "ssn SIMILAR TO 'a'",
        "ssn COLLATE \"C\"",
        "(SELECT ssn)",
        "(SELECT c.ssn)",
        "(SELECT ssn || '' FROM orders LIMIT 1)",
        "ARRAY(SELECT c.ssn)",
        "ssn IN (SELECT '1')",
        "'1' = ALL (SELECT c.ssn)",
        "(1, ssn) = (SELECT 1, 'a')",
        "EXTRACT(year FROM ssn)",
        "overlay(ssn placing 'a' from 1)",
        "phones[length(ssn)] IS NULL AND phones IS NULL",
    ] {
        let text = format!("SELECT {expression} AS x FROM customers c");
        let used = uses(&text).replace("shown customers.phones~, ", "");
        assert_eq!(used, "shown customers.ssn~", "{expression}");
    }
}

#[test]
fn constants_have_no_lineage() {
    assert_eq!(outputs("SELECT 1 AS a, $1 AS b, NULL AS c, current_date AS d"), "a= b= c= d=");
}

#[test]
fn a_scalar_sub_select_shows_what_it_selects() {
    assert_eq!(
        uses("SELECT (SELECT ssn FROM customers WHERE name = 'a') FROM orders"),
        "filter customers.name~, shown customers.ssn~",
    );
    assert_eq!(outputs("SELECT (SELECT ssn FROM customers) AS x"), "x=customers.ssn~");
    assert_eq!(kind("SELECT (SELECT 1, 2)"), "unresolved");
}

#[test]
fn what_exists_selects_is_not_shown() {
    assert_eq!(
        uses("SELECT EXISTS (SELECT ssn FROM customers WHERE name = 'a')"),
        "filter customers.name~, passed customers.ssn",
    );
    assert_eq!(outputs("SELECT EXISTS (SELECT ssn FROM customers)"), "exists=");
    // What is computed there may fail, and that can be seen.
    assert_eq!(uses("SELECT EXISTS (SELECT ssn::int FROM customers)"), "filter customers.ssn~");
}

#[test]
fn a_correlated_sub_select_filters_by_both_sides() {
    assert_eq!(
        uses(
            "SELECT id FROM orders o WHERE EXISTS (SELECT 1 FROM customers c WHERE c.ssn = o.note)"
        ),
        "filter customers.ssn~, filter orders.note~, shown orders.id",
    );
    assert_eq!(
        uses("SELECT id FROM orders WHERE customer_id IN (SELECT c.id FROM customers c)"),
        "filter customers.id~, filter orders.customer_id~, shown orders.id",
    );
}

#[test]
fn a_sub_select_may_stand_anywhere() {
    for text in [
        "SELECT 1 FROM orders WHERE (SELECT ssn FROM customers) = ''",
        "SELECT 1 FROM orders GROUP BY id HAVING (SELECT ssn FROM customers) = ''",
        "SELECT 1 FROM orders ORDER BY (SELECT ssn FROM customers)",
        "SELECT 1 FROM orders GROUP BY (SELECT ssn FROM customers)",
        "SELECT DISTINCT ON ((SELECT ssn FROM customers)) 1 FROM orders",
        "SELECT 1 FROM orders a JOIN orders b ON (SELECT ssn FROM customers) = ''",
        "SELECT 1 FROM generate_series(1, (SELECT length(ssn) FROM customers))",
        "SELECT count(*) FILTER (WHERE (SELECT ssn FROM customers) = '') FROM orders",
        "SELECT count((SELECT ssn FROM customers)) FROM orders",
        "SELECT count(*) OVER (PARTITION BY (SELECT ssn FROM customers)) FROM orders",
        "SELECT 1 FROM orders WINDOW w AS (ORDER BY (SELECT ssn FROM customers))",
        "SELECT 1 LIMIT (SELECT length(ssn) FROM customers)",
        "VALUES ((SELECT ssn FROM customers))",
        "SELECT (ARRAY[1])[(SELECT length(ssn) FROM customers)]",
        "SELECT lower(VARIADIC (SELECT ssn FROM customers))",
        "SELECT lower(x => (SELECT ssn FROM customers))",
    ] {
        let used = uses(text);
        assert!(used.contains(" customers.ssn~"), "{text}: {used}");
    }
}

#[test]
fn syntax_that_is_not_followed_is_refused() {
    for text in [
        "SELECT xmlelement(name x, ssn) FROM customers",
        "SELECT * FROM customers TABLESAMPLE system (10)",
        "SELECT * FROM customers FOR UPDATE",
        "SELECT * INTO x FROM customers",
        "SELECT JSON_OBJECT('a': ssn) FROM customers",
        "SELECT * FROM XMLTABLE('/a' PASSING '<a/>' COLUMNS b text)",
        "CREATE TABLE x (y int)",
        "UPDATE customers SET ssn = '' WHERE CURRENT OF c",
    ] {
        assert_eq!(kind(text), "unresolved", "{text}");
    }
}
