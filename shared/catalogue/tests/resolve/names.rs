//! Mentions of columns: with and without qualifiers, from the inside out.

use crate::{kind, refused, uses};

#[test]
fn a_column_is_shown_under_any_way_to_write_it() {
    for text in [
        "SELECT ssn FROM customers",
        "SELECT customers.ssn FROM customers",
        "SELECT public.customers.ssn FROM customers",
        "SELECT c.ssn FROM customers c",
        "SELECT c.ssn FROM public.customers AS c",
        "SELECT \"ssn\" AS name FROM \"customers\"",
        "SELECT (c).ssn FROM customers c",
        "SELECT (c.*).ssn FROM customers c",
        "SELECT U&\"s\\0073n\" FROM customers",
    ] {
        assert_eq!(uses(text), "shown customers.ssn", "{text}");
    }
}

#[test]
fn a_name_that_is_nothing_is_refused() {
    assert_eq!(refused("SELECT age FROM customers"), "column `age` does not exist here");
    assert_eq!(refused("SELECT 1 FROM clients"), "relation `clients` does not exist");
    assert_eq!(refused("SELECT x.id FROM customers"), "`x` is not the name of anything in FROM");
    assert_eq!(kind("SELECT \"SSN\" FROM customers"), "column");
    assert_eq!(kind("SELECT ssn"), "column");
    assert_eq!(kind("SELECT 1 FROM nowhere.customers"), "relation");
    assert_eq!(kind("SELECT 1 FROM a.b.c"), "relation");
    assert_eq!(kind("SELECT a.b.c.d FROM customers"), "qualifier");
}

#[test]
fn a_function_written_like_a_column_is_no_column() {
    for text in [
        "SELECT c.row_to_json FROM customers c",
        "SELECT c.lower FROM customers c",
        "SELECT customers.name.lower FROM customers",
        "SELECT public.customers.row_to_json FROM customers",
        "SELECT (c).row_to_json FROM customers c",
        "SELECT (c.*).row_to_json FROM customers c",
        "SELECT (c.name).lower FROM customers c",
        "SELECT (SELECT c.row_to_json) FROM customers c",
    ] {
        assert!(["column", "field", "qualifier"].contains(&kind(text)), "{text}");
    }
}

#[test]
fn a_name_in_two_ranges_is_ambiguous() {
    let told = "column `id` is ambiguous; write the table's name before it";
    assert_eq!(refused("SELECT id FROM customers, orders"), told);
    assert_eq!(kind("SELECT id FROM customers a, customers b"), "ambiguous");
    assert_eq!(kind("SELECT id FROM customers a JOIN customers b ON true"), "ambiguous");
    assert_eq!(kind("SELECT x FROM (SELECT 1 AS x, 2 AS x) s"), "ambiguous");
    assert_eq!(kind("SELECT s.x FROM (SELECT 1 AS x, 2 AS x) s"), "ambiguous");
    assert_eq!(uses("SELECT total FROM customers, orders"), "shown orders.total");
}

#[test]
fn the_inner_level_hides_the_outer_one() {
    assert_eq!(uses("SELECT (SELECT max(ssn) FROM notes) FROM customers"), "max notes.ssn",);
    assert_eq!(
        uses("SELECT (SELECT customers.ssn FROM notes customers) FROM customers"),
        "shown notes.ssn~",
    );
    // What the inner one does not have is the outer one's.
    assert_eq!(uses("SELECT (SELECT ssn FROM orders) FROM customers"), "shown customers.ssn~");
    assert_eq!(
        uses("SELECT 1 FROM orders WHERE EXISTS (SELECT 1 FROM customers WHERE id = customer_id)"),
        "filter customers.id~, filter orders.customer_id~",
    );
}

#[test]
fn an_alias_takes_the_place_of_the_name() {
    assert_eq!(kind("SELECT customers.ssn FROM customers c"), "qualifier");
    assert_eq!(kind("SELECT public.customers.ssn FROM customers c"), "qualifier");
    assert_eq!(kind("SELECT public.customers.ssn FROM customers customers"), "qualifier");
    assert_eq!(uses("SELECT orders.id FROM customers orders"), "shown customers.id");
}

#[test]
fn a_schema_tells_two_relations_of_one_name_apart() {
    let from = "FROM orders, sales.orders";
    assert_eq!(uses(&format!("SELECT sales.orders.id {from}")), "shown sales.orders.id");
    assert_eq!(uses(&format!("SELECT public.orders.id {from}")), "shown orders.id");
    assert_eq!(uses(&format!("SELECT amount {from}")), "shown sales.orders.amount");
    assert_eq!(kind(&format!("SELECT orders.id {from}")), "ambiguous");
    assert_eq!(kind("SELECT sales.orders.id FROM orders"), "qualifier");
}

#[test]
fn a_whole_row_is_all_of_its_columns() {
    let all = "shown customers.*~, shown customers.home~, shown customers.id~, shown customers.name~, \
               shown customers.phones~, shown customers.ssn~";
    for text in [
        "SELECT c FROM customers c",
        "SELECT c::text FROM customers c",
        "SELECT row_to_json(c) FROM customers c",
        "SELECT row_to_json(c.*) FROM customers c",
        "SELECT customers FROM customers",
        "SELECT lower(c) FROM customers c",
    ] {
        assert_eq!(uses(text), all, "{text}");
    }
    assert_eq!(uses("SELECT n FROM notes n WHERE n IS NULL").matches("notes.ssn").count(), 2);
}

#[test]
fn a_column_goes_before_a_row_of_the_same_name() {
    assert_eq!(uses("SELECT ssn FROM customers ssn"), "shown customers.ssn");
    assert_eq!(uses("SELECT note FROM orders, notes note"), "shown orders.note");
    // Even one of an outer level.
    assert_eq!(
        uses("SELECT (SELECT name FROM notes name) FROM customers"),
        "shown customers.name~"
    );
}

#[test]
fn a_whole_row_of_what_was_derived_is_what_flowed_into_it() {
    assert_eq!(
        uses("SELECT s FROM (SELECT id, lower(ssn) AS x FROM customers) s"),
        "shown customers.id~, shown customers.ssn~",
    );
    assert_eq!(
        uses("SELECT r.r FROM (SELECT n AS r FROM notes n) r"),
        "shown notes.*~, shown notes.id~, shown notes.lower~, shown notes.ssn~",
    );
}

#[test]
fn the_system_columns_of_tables_can_be_had() {
    assert_eq!(uses("SELECT ctid FROM customers"), "shown customers.ctid");
    assert_eq!(uses("SELECT c.xmin FROM customers c"), "shown customers.xmin");
    assert_eq!(uses("SELECT (c).tableoid FROM customers c"), "shown customers.tableoid");
    assert_eq!(uses("SELECT 1 FROM customers WHERE ctid = '(0,1)'"), "filter customers.ctid~");
    assert_eq!(kind("SELECT ctid FROM people"), "column");
    assert_eq!(kind("SELECT ctid FROM (SELECT * FROM customers) s"), "column");
    assert_eq!(kind("SELECT ctid FROM customers, orders"), "ambiguous");
    assert_eq!(kind("SELECT ctid FROM customers, (SELECT ctid FROM orders) s"), "ambiguous");
    assert_eq!(kind("SELECT ctid FROM customers JOIN orders ON true"), "column");
    assert_eq!(kind("SELECT oid FROM customers"), "column");
}

#[test]
fn a_star_is_every_column_in_view() {
    assert_eq!(uses("SELECT * FROM notes"), "shown notes.id, shown notes.lower, shown notes.ssn",);
    assert_eq!(uses("TABLE notes"), uses("SELECT * FROM notes"));
    assert_eq!(uses("SELECT n.* FROM notes n, customers"), uses("SELECT * FROM notes"));
    assert_eq!(
        uses("SELECT (SELECT s.id FROM (SELECT n.*) s) FROM notes n"),
        "passed notes.lower, passed notes.ssn, shown notes.id~",
    );
    assert_eq!(kind("SELECT *"), "unresolved");
    assert_eq!(kind("SELECT x.* FROM notes"), "qualifier");
}
