//! The names of the result's columns, as PostgreSQL gives them.

use crate::{outputs, titles};

#[test]
fn a_column_without_a_name_is_called_by_what_it_is() {
    for (expression, name) in [
        ("id", "id"),
        ("c.id", "id"),
        ("1", "?column?"),
        ("$1", "?column?"),
        ("id + 1", "?column?"),
        ("-id", "?column?"),
        ("id = 1", "?column?"),
        ("true", "?column?"),
        ("true::bool", "bool"),
        ("1::int", "int4"),
        ("id::text", "id"),
        ("(id + 1)::text", "text"),
        ("lower(name)", "lower"),
        ("lower(name)::varchar", "lower"),
        ("pg_catalog.lower(name)", "lower"),
        ("CASE WHEN true THEN 1 END", "case"),
        ("CASE WHEN true THEN 1 ELSE id END", "id"),
        ("CASE WHEN true THEN 1 ELSE 1::text END", "case"),
        ("COALESCE(id, 1)", "coalesce"),
        ("GREATEST(1, 2)", "greatest"),
        ("LEAST(1, 2)", "least"),
        ("NULLIF(1, 2)", "nullif"),
        ("ARRAY[1]", "array"),
        ("ARRAY(SELECT 1)", "array"),
        ("ROW(1, 2)", "row"),
        ("EXISTS (SELECT 1)", "exists"),
        ("(SELECT 1)", "?column?"),
        ("(SELECT id)", "id"),
        ("(SELECT 1 AS x)", "x"),
        ("(SELECT lower(name))::varchar", "lower"),
        ("1 IN (SELECT 1)", "?column?"),
        ("phones[1]", "phones"),
        ("(home).city", "city"),
        ("name COLLATE \"C\"", "name"),
        ("current_date", "current_date"),
        ("current_timestamp(3)", "current_timestamp"),
        ("EXTRACT(year FROM now())", "extract"),
        ("now() AT TIME ZONE 'UTC'", "timezone"),
        ("id IS NULL", "?column?"),
        ("NOT true", "?column?"),
        ("count(*)", "count"),
        ("sum(id) OVER ()", "sum"),
        ("name LIKE 'a'", "?column?"),
        ("c", "c"),
        ("name AS \"Name\"", "Name"),
    ] {
        assert_eq!(titles(&format!("SELECT {expression} FROM customers c")), name, "{expression}");
    }
}

#[test]
fn outputs_stand_in_their_order() {
    assert_eq!(
        outputs("SELECT n.*, 1 AS one, n.id || 'a' AS x FROM notes n"),
        "id=notes.id ssn=notes.ssn lower=notes.lower one= x=notes.id~",
    );
    assert_eq!(titles("SELECT FROM customers"), "");
}

#[test]
fn every_mention_of_a_derived_column_keeps_its_lineage() {
    assert_eq!(
        outputs("WITH a AS (SELECT id || ssn AS x FROM customers) SELECT x, lower(x) AS y FROM a"),
        "x=customers.id+customers.ssn~ y=customers.id+customers.ssn~",
    );
}
