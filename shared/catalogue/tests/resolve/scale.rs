//! Large statements take no longer than their length, and deep ones end.

use std::time::{Duration, Instant};

use crate::{kind, outputs, read, uses};

/// Generous: each takes a few milliseconds in a debug build, and a quadratic one takes many seconds.
const LIMIT: Duration = Duration::from_secs(3);

fn timed(text: &str) {
    let begun = Instant::now();
    let _ = read(text);
    assert!(begun.elapsed() < LIMIT, "{:?}", begun.elapsed());
}

fn list(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect::<Vec<_>>().join(", ")
}

#[test]
fn thousands_of_ranges_take_no_time() {
    timed(&format!(
        "SELECT {} FROM {}",
        list(3000, |n| format!("a{n}.id")),
        list(3000, |n| format!("notes a{n}"))
    ));
    timed(&format!(
        "SELECT {} FROM {}",
        list(3000, |n| format!("c{n}")),
        list(3000, |n| format!("(SELECT 1 AS c{n})"))
    ));
    timed(&format!(
        "SELECT 1 FROM notes, {}",
        list(3000, |n| format!("generate_series(1, length(ssn)) g{n}"))
    ));
}

#[test]
fn thousands_of_mentions_of_much_take_no_time() {
    let many = list(1500, |n| format!("lower(ssn) AS c{n}"));
    timed(&format!("SELECT {} FROM (SELECT {many} FROM notes) s", list(1600, |_| "s".into())));
    timed(&format!(
        "SELECT {} FROM (SELECT {many} FROM notes) s",
        list(1600, |_| "s::text".into())
    ));
    timed(&format!(
        "WITH a AS (SELECT {many} FROM notes) SELECT 1 FROM {}",
        list(1000, |n| format!("a a{n}"))
    ));
}

#[test]
fn long_lists_are_read_to_their_end() {
    let values = list(5000, |n| format!("({n}, 'a')"));
    assert_eq!(outputs(&format!("SELECT y FROM (VALUES {values}) v(x, y)")), "y=");
    let condition = vec!["ssn <> ''"; 3000].join(" AND ");
    assert_eq!(uses(&format!("SELECT 1 FROM notes WHERE {condition}")), "filter notes.ssn~");
}

#[test]
fn with_queries_that_enter_one_another_end() {
    let chain = |count: usize| {
        let queries = list(count, |n| format!("a{n} AS (SELECT x FROM a{})", n + 1));
        format!(
            "WITH RECURSIVE {queries}, a{count} AS (SELECT ssn AS x FROM notes) SELECT x FROM a0"
        )
    };
    assert_eq!(uses(&chain(20)), "shown notes.ssn");
    assert_eq!(kind(&chain(1000)), "unresolved");
}

#[test]
fn doubling_queries_do_not_explode() {
    let mut text = "WITH a0 AS (SELECT ssn || id AS x FROM notes)".to_owned();
    for n in 1..200 {
        text.push_str(&format!(
            ", a{n} AS (SELECT a.x || b.x AS x FROM a{p} a, a{p} b)",
            p = n - 1
        ));
    }
    assert_eq!(outputs(&format!("{text} SELECT x FROM a199")), "x=notes.id+notes.ssn~");
}
