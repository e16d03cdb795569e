//! A forbidden call and a tagged column, planted wherever either can stand.

use crate::{lines, read, verdict};

const CALLS: &str = include_str!("../corpus/function-positions.txt");
const COLUMNS: &str = include_str!("../corpus/column-positions.txt");

#[test]
fn a_permitted_call_passes_wherever_a_call_can_stand() {
    let refused: Vec<_> = lines(CALLS)
        .map(|place| place.replace("{}", "generate_series(1, 2)"))
        .filter_map(|text| Some((read(&text).err()?, text)))
        .collect();
    assert!(refused.is_empty(), "{refused:#?}");
}

#[test]
fn a_forbidden_call_passes_nowhere() {
    let calls = [
        "pg_read_file('/etc/passwd')",
        "pg_catalog.pg_sleep(1)",
        "public.generate_series(1, 2)",
        "U&\"query\\005fto_xml\"('select 1', true, true, '')",
        "evil(VARIADIC ARRAY[1])",
        "lower(set_config('role', 'x', true))",
    ];
    let places: Vec<_> = lines(CALLS).collect();
    assert!(places.len() >= 100, "{}", places.len());
    for call in calls {
        for place in &places {
            let text = place.replace("{}", call);
            assert_eq!(verdict(&text), "function", "{text}");
        }
    }
}

#[test]
fn an_untagged_column_passes_wherever_a_column_can_stand() {
    let refused: Vec<_> = lines(COLUMNS)
        .map(|place| place.replace("{}", "c.name"))
        .filter_map(|text| Some((read(&text).err()?, text)))
        .collect();
    assert!(refused.is_empty(), "{refused:#?}");
}

#[test]
fn a_tagged_column_passes_nowhere_but_in_the_outermost_list() {
    let columns = ["c.ssn", "ssn", "C.\"ssn\"", "U&\"\\0073sn\"", "c.email", "public.c.card"];
    let places: Vec<_> = lines(COLUMNS).collect();
    assert!(places.len() >= 100, "{}", places.len());
    for column in columns {
        for place in &places {
            let text = place.replace("{}", column);
            let expected = if HANDED_ON.contains(place) { "ok" } else { "tagged" };
            // Some names mean nothing, or two things, in some places, as they do to PostgreSQL.
            let verdict = verdict(&text);
            assert!([expected, "ambiguous", "qualifier"].contains(&verdict), "{verdict}: {text}");
        }
    }
}

/// Places that hand the column on to the outermost list as it is, or ask for no value of it.
const HANDED_ON: &[&str] = &[
    "SELECT * FROM (SELECT {} AS x FROM customers c) AS s",
    "SELECT EXISTS (SELECT {} FROM customers c)",
    "SELECT l.x FROM customers c, LATERAL (SELECT {} AS x) AS l",
    "SELECT s.x FROM (SELECT {} AS x FROM customers c) AS s",
    "SELECT s.x FROM (SELECT {} FROM customers c) AS s(x)",
    "WITH q AS (SELECT {} AS x FROM customers c) SELECT x FROM q",
    "WITH q(x) AS (SELECT {} FROM customers c) SELECT x FROM q",
];

#[test]
fn a_whole_row_passes_nowhere() {
    for row in ["c", "(c).ssn", "row_to_json(c)", "c.row_to_json", "(c).to_jsonb", "to_jsonb(c.*)"]
    {
        for place in lines(COLUMNS) {
            let text = place.replace("{}", row);
            let handed_on = row == "(c).ssn" && HANDED_ON.contains(&place);
            assert_eq!(verdict(&text) == "ok", handed_on, "{text}");
        }
    }
}

#[test]
fn a_system_column_passes_nowhere_beside_a_tagged_relation() {
    for column in ["c.ctid", "c.xmin", "c.\"tableoid\""] {
        for place in lines(COLUMNS).filter(|place| !HANDED_ON.contains(place)) {
            let text = place.replace("{}", column);
            let verdict = verdict(&text);
            assert!(["hidden", "unresolved"].contains(&verdict), "{verdict}: {text}");
        }
    }
}
