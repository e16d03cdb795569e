//! Clauses: what a name or number means in each, and what it is used for there.

use crate::{kind, refused, uses};

#[test]
fn where_filters() {
    assert_eq!(
        uses("SELECT id FROM customers WHERE ssn = '1' AND name LIKE 'a%'"),
        "filter customers.name~, filter customers.ssn~, shown customers.id",
    );
    assert_eq!(kind("SELECT ssn AS x FROM customers WHERE x = ''"), "column");
}

#[test]
fn a_bare_name_in_order_by_is_a_column_of_the_result_first() {
    assert_eq!(
        uses("SELECT ssn AS id FROM customers ORDER BY id"),
        "order customers.ssn, shown customers.ssn",
    );
    assert_eq!(
        uses("SELECT ssn AS id FROM customers ORDER BY customers.id"),
        "order customers.id, shown customers.ssn",
    );
    // Within an expression it is not.
    assert_eq!(
        uses("SELECT ssn AS id FROM customers ORDER BY id + 1"),
        "order customers.id~, shown customers.ssn",
    );
    assert_eq!(uses("SELECT 1 FROM customers ORDER BY ssn"), "order customers.ssn");
    assert_eq!(
        uses("SELECT lower(ssn) AS x FROM customers ORDER BY x"),
        "order customers.ssn~, shown customers.ssn~"
    );
}

#[test]
fn a_bare_name_in_group_by_is_a_column_of_from_first() {
    assert_eq!(
        uses("SELECT max(ssn) AS id FROM customers GROUP BY id"),
        "group customers.id, max customers.ssn",
    );
    assert_eq!(
        uses("SELECT lower(ssn) AS x FROM customers GROUP BY x"),
        "group customers.ssn~, shown customers.ssn~",
    );
    // A column of an outer level does not go before the result's.
    assert_eq!(
        uses(
            "SELECT (SELECT max(o.id) FROM (SELECT id, note AS ssn2 FROM orders) o GROUP BY o.ssn2) FROM customers"
        ),
        "group orders.note, max orders.id",
    );
    assert_eq!(
        uses("SELECT (SELECT o.note AS ssn FROM orders o GROUP BY ssn) FROM customers c"),
        "group orders.note, shown orders.note~",
    );
}

#[test]
fn a_number_is_a_position() {
    assert_eq!(
        uses("SELECT id, ssn FROM customers ORDER BY 2"),
        "order customers.ssn, shown customers.id, shown customers.ssn",
    );
    assert_eq!(
        uses("SELECT ssn, count(*) FROM customers GROUP BY 1"),
        "group customers.ssn, shown customers.ssn",
    );
    assert_eq!(refused("SELECT id FROM customers ORDER BY 2"), "column `2` does not exist here");
    assert_eq!(kind("SELECT id FROM customers ORDER BY 0"), "column");
    assert_eq!(kind("SELECT id FROM customers ORDER BY -1"), "column");
    assert_eq!(kind("SELECT id FROM customers ORDER BY 'a'"), "unresolved");
    assert_eq!(uses("SELECT 1 FROM customers ORDER BY ssn || '2'"), "order customers.ssn~");
}

#[test]
fn a_name_that_two_columns_of_the_result_have_is_ambiguous() {
    assert_eq!(kind("SELECT id AS x, ssn AS x FROM customers ORDER BY x"), "ambiguous");
    assert_eq!(
        uses("SELECT *, id FROM notes ORDER BY id"),
        "order notes.id, shown notes.id, shown notes.lower, shown notes.ssn",
    );
    assert_eq!(
        uses("SELECT id AS x, ssn AS x FROM customers"),
        "shown customers.id, shown customers.ssn"
    );
}

#[test]
fn distinct_tells_rows_apart() {
    assert_eq!(
        uses("SELECT DISTINCT ssn, lower(name) FROM customers"),
        "distinct customers.name~, distinct customers.ssn, shown customers.name~, shown customers.ssn",
    );
    assert_eq!(
        uses("SELECT DISTINCT ON (ssn, 1) id FROM customers"),
        "distinct customers.id, distinct customers.ssn, shown customers.id",
    );
    assert_eq!(
        uses("SELECT DISTINCT ON (id) ssn AS id FROM customers"),
        "distinct customers.ssn, shown customers.ssn",
    );
    assert_eq!(
        uses("SELECT 1 FROM (SELECT DISTINCT ssn FROM customers) s"),
        "distinct customers.ssn, passed customers.ssn",
    );
}

#[test]
fn grouping_sets_are_followed() {
    let grouped = "group customers.id, group customers.name, group customers.ssn";
    for clause in [
        "ROLLUP (id, name, ssn)",
        "CUBE ((id, name), ssn)",
        "GROUPING SETS ((id, name), (), ROLLUP (ssn))",
        "(id, name), ssn",
        "id, (name, ssn)",
    ] {
        let text = format!("SELECT count(*) FROM customers GROUP BY {clause}");
        assert_eq!(uses(&text), grouped, "{clause}");
    }
    assert_eq!(
        uses("SELECT GROUPING(ssn) FROM customers GROUP BY ssn"),
        "group customers.ssn, shown customers.ssn~",
    );
    assert_eq!(
        uses("SELECT count(*) FROM customers GROUP BY ROW(id, ssn)"),
        "group customers.id~, group customers.ssn~",
    );
}

#[test]
fn having_filters() {
    assert_eq!(
        uses("SELECT name FROM customers GROUP BY name HAVING max(ssn) > '5' AND name > 'a'"),
        "filter customers.name~, filter customers.ssn~, group customers.name, max customers.ssn, \
         shown customers.name",
    );
}

#[test]
fn limits_decide_too() {
    assert_eq!(
        uses("SELECT id FROM orders LIMIT (SELECT length(ssn) FROM customers)"),
        "filter customers.ssn~, shown orders.id",
    );
    assert_eq!(
        uses("SELECT id FROM orders OFFSET (SELECT max(id) FROM customers)"),
        "filter customers.id~, max customers.id, shown orders.id",
    );
}

#[test]
fn set_operations_compare_unless_they_keep_all() {
    for operation in ["UNION", "INTERSECT", "INTERSECT ALL", "EXCEPT", "EXCEPT ALL"] {
        assert_eq!(
            uses(&format!("SELECT ssn FROM customers {operation} SELECT note FROM orders")),
            "set-operation customers.ssn, set-operation orders.note, shown customers.ssn~, \
             shown orders.note~",
        );
    }
    assert_eq!(
        uses("SELECT ssn FROM customers UNION ALL SELECT note FROM orders"),
        "shown customers.ssn~, shown orders.note~",
    );
    assert_eq!(kind("SELECT 1 UNION SELECT 1, 2"), "unresolved");
}

#[test]
fn a_set_operation_is_sorted_by_its_own_columns_only() {
    let both = "SELECT ssn AS x FROM customers UNION ALL SELECT note AS y FROM orders";
    let sorted =
        "order customers.ssn~, order orders.note~, shown customers.ssn~, shown orders.note~";
    assert_eq!(uses(&format!("{both} ORDER BY x")), sorted);
    assert_eq!(uses(&format!("{both} ORDER BY 1")), sorted);
    assert_eq!(kind(&format!("{both} ORDER BY y")), "column");
    assert_eq!(kind(&format!("{both} ORDER BY lower(x)")), "unresolved");
    assert_eq!(kind(&format!("{both} ORDER BY customers.x")), "unresolved");
    assert_eq!(kind(&format!("{both} ORDER BY 2")), "column");
    assert_eq!(kind("SELECT 1 AS x UNION SELECT 2 LIMIT x"), "column");
}

#[test]
fn each_side_of_a_set_operation_is_by_itself() {
    assert_eq!(kind("SELECT ssn FROM customers UNION SELECT ssn FROM orders"), "column");
    assert_eq!(
        uses("(SELECT id FROM customers ORDER BY ssn LIMIT 1) UNION ALL SELECT 1"),
        "order customers.ssn, shown customers.id~",
    );
}
