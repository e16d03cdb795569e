//! Functions in FROM: their columns, and what flows through them.

use crate::{kind, outputs, titles, uses};

#[test]
fn a_function_has_one_column_by_its_own_name_or_the_alias() {
    assert_eq!(titles("SELECT * FROM generate_series(1, 3)"), "generate_series");
    assert_eq!(titles("SELECT * FROM generate_series(1, 3) AS g"), "g");
    assert_eq!(titles("SELECT g.x, g FROM generate_series(1, 3) AS g(x)"), "x g");
    assert_eq!(
        titles("SELECT generate_series.generate_series FROM generate_series(1, 3)"),
        "generate_series"
    );
    assert_eq!(kind("SELECT generate_series FROM generate_series(1, 3) AS g"), "column");
    assert_eq!(titles("SELECT * FROM nobody_knows(1) AS x"), "x");
}

#[test]
fn a_function_has_the_columns_that_it_says() {
    assert_eq!(titles("SELECT * FROM jsonb_each('{}')"), "key value");
    assert_eq!(titles("SELECT * FROM jsonb_each('{}') AS e(k)"), "k value");
    assert_eq!(titles("SELECT e.value FROM jsonb_array_elements_text('[]') AS e"), "value");
    assert_eq!(kind("SELECT e.e FROM jsonb_array_elements_text('[]') AS e"), "column");
    assert_eq!(titles("SELECT * FROM places(1)"), "street city");
    assert_eq!(kind("SELECT * FROM jsonb_each('{}') AS e(a, b, c)"), "columns");
}

#[test]
fn the_statement_may_say_which_columns_there_are() {
    assert_eq!(titles("SELECT * FROM pairs(1) AS p(a int, b text)"), "a b");
    assert_eq!(titles("SELECT * FROM pairs(1) AS (a int, b text)"), "a b");
    assert_eq!(titles("SELECT * FROM ROWS FROM (pairs(1) AS (a int, b text)) AS p(x)"), "x b");
    assert_eq!(kind("SELECT * FROM pairs(1) AS p"), "unresolved");
}

#[test]
fn rows_from_several_functions_stand_side_by_side() {
    let both = "ROWS FROM (generate_series(1, 2), jsonb_each('{}'))";
    assert_eq!(titles(&format!("SELECT * FROM {both}")), "generate_series key value");
    assert_eq!(
        titles(&format!("SELECT * FROM {both} WITH ORDINALITY AS r(a, b)")),
        "a b value ordinality"
    );
    assert_eq!(
        titles("SELECT * FROM generate_series(1, 2) WITH ORDINALITY"),
        "generate_series ordinality"
    );
    assert_eq!(titles("SELECT * FROM generate_series(1, 2) WITH ORDINALITY AS g(x, n)"), "x n");
}

#[test]
fn an_argument_flows_into_the_columns() {
    assert_eq!(
        uses("SELECT p FROM customers c, unnest(c.phones) AS p"),
        "argument customers.phones, shown customers.phones~",
    );
    assert_eq!(uses("SELECT 1 FROM customers, unnest(phones) AS p"), "argument customers.phones");
    assert_eq!(
        uses("SELECT n FROM customers, generate_series(1, length(ssn)) AS n"),
        "argument customers.ssn~, shown customers.ssn~",
    );
    assert_eq!(
        outputs("SELECT ordinality FROM customers, unnest(phones) WITH ORDINALITY"),
        "ordinality="
    );
    assert_eq!(kind("SELECT 1 FROM unnest(c.phones) AS p, customers c"), "qualifier");
}

#[test]
fn what_an_array_is_unnested_to_depends_on_its_type() {
    for array in [
        "phones",
        "ARRAY['a', name]",
        "ARRAY['a', $1]",
        "ARRAY[1, 2]",
        "$1::text[]",
        "'{}'::int[]",
        "string_to_array(name, ',')",
        "ARRAY(SELECT o.note FROM orders o)",
    ] {
        assert_eq!(
            titles(&format!("SELECT u.u FROM customers, unnest({array}) AS u")),
            "u",
            "{array}"
        );
    }
    assert_eq!(titles("SELECT u.* FROM events, unnest(vector) AS u"), "lexeme positions weights");
    assert_eq!(
        titles("SELECT u.* FROM customers, unnest(to_tsvector(name)) AS u"),
        "lexeme positions weights"
    );
    assert_eq!(titles("SELECT u.* FROM customers, unnest(ARRAY[home]) AS u"), "street city");
    assert_eq!(titles("SELECT u.* FROM unnest($1::notes[]) AS u"), "id ssn lower");
    assert_eq!(
        titles("SELECT * FROM customers c, unnest(phones, ARRAY[1]) AS u")
            .matches("unnest")
            .count(),
        2
    );
}

#[test]
fn a_name_that_could_be_another_column_is_not_guessed() {
    // Of a composite type there is no column `ssn` in `unnest`, and the outer one would be meant.
    for array in ["ARRAY[c]", "ARRAY[o, o]", "$1", "(SELECT array_agg(o) FROM orders o)"] {
        let text =
            format!("SELECT (SELECT ssn FROM unnest({array}) AS ssn) FROM customers c, orders o");
        assert_eq!(kind(&text), "ambiguous", "{array}");
        let grouped = format!(
            "SELECT c.ssn AS n FROM customers c, orders o, unnest({array}) AS n GROUP BY n"
        );
        assert_eq!(kind(&grouped), "ambiguous", "{array}");
        let text = text.replace("SELECT ssn", "SELECT *");
        assert_eq!(kind(&text), "unresolved", "{array}");
    }
}

#[test]
fn a_column_of_a_function_that_can_be_nothing_else_is_that() {
    let with = "WITH a AS (SELECT id, array_agg(name) AS names FROM customers GROUP BY id)";
    assert_eq!(
        uses(&format!("{with} SELECT a.id, n FROM a, unnest(a.names) AS n")),
        "argument customers.name~, array_agg customers.name, group customers.id, shown customers.id",
    );
    assert_eq!(
        uses(&format!("{with} SELECT x FROM a, unnest(names) AS n(x)")),
        "argument customers.name~, array_agg customers.name, group customers.id, passed customers.id",
    );
    for rest in [
        "SELECT * FROM a, unnest(names) AS n",
        "SELECT n.* FROM a, unnest(names) AS n",
        "SELECT 1 FROM orders NATURAL JOIN unnest($1) AS n",
        "SELECT 1 FROM orders JOIN unnest($1) AS id USING (id)",
        "SELECT 1 FROM (orders CROSS JOIN unnest($1) AS n) AS j(a, b)",
        "SELECT 1 FROM ROWS FROM (unnest($1), generate_series(1, 2)) AS n",
        "SELECT 1 FROM unnest($1, $2) AS n",
    ] {
        assert_eq!(kind(&format!("{with} {rest}")), "unresolved", "{rest}");
    }
}

#[test]
fn something_else_than_a_function_makes_no_rows() {
    assert_eq!(kind("SELECT * FROM current_date"), "unresolved");
    assert_eq!(kind("SELECT * FROM COALESCE(1, 2)"), "unresolved");
}
