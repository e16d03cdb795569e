//! Deep and huge statements, on the smallest stack that a platform gives a thread.

use request::Statement;

use crate::verdict;

/// Rust's and tokio's default for threads.
const STACK: usize = 2 << 20;

fn on_a_small_stack(text: String) -> &'static str {
    let thread = std::thread::Builder::new().stack_size(STACK);
    thread.spawn(move || verdict(&text)).unwrap().join().unwrap()
}

fn nested(depth: usize, open: &str, core: &str, close: &str) -> String {
    format!("{}{core}{}", open.repeat(depth), close.repeat(depth))
}

/// What can be nested: before, what is repeated before the core, the core, and after it.
const SHAPES: &[(&str, &str, &str, &str)] = &[
    ("SELECT ", "(SELECT ", "1", ")"),
    ("SELECT * FROM ", "(SELECT * FROM ", "orders", ") s"),
    ("SELECT ", "CASE WHEN true THEN ", "1", " END"),
    ("SELECT ", "1 + (", "1", ")"),
    ("SELECT ", "(", "1", ")"),
    ("SELECT ", "lower(", "'a'", ")"),
    ("SELECT ", "NOT ", "true", ""),
    ("SELECT ", "- ", "1", ""),
    ("SELECT 1", "", "", " || 1"),
    ("SELECT 1", "", "", "::int"),
    ("SELECT true", "", "", " AND (true OR false)"),
    ("SELECT 1", "", "", " UNION SELECT 1"),
    ("SELECT ", "ARRAY[", "1", "]"),
    ("SELECT ", "ROW(", "1", ")"),
    ("SELECT a", "", "", "[1]"),
    ("SELECT 1 WHERE ", "1 IN (SELECT 1 WHERE ", "true", ")"),
    ("SELECT * FROM orders a", "", "", " CROSS JOIN orders"),
    ("SELECT * FROM ", "(orders CROSS JOIN ", "orders", ")"),
    ("", "WITH a AS (", "SELECT 1", ") SELECT 1"),
    ("", "(", "SELECT 1", ")"),
    ("SELECT ", "coalesce(1, ", "1", ")"),
    ("SELECT count(*) FROM orders GROUP BY ", "GROUPING SETS (", "id", ")"),
    ("EXPLAIN ", "(", "SELECT 1", ")"),
    ("/*", "/*", "", "*/"),
    ("SELECT 1 -- ", "-", "", ""),
];

#[test]
fn a_deep_statement_is_refused_or_read_but_never_crashes() {
    for (head, open, core, close) in SHAPES {
        for depth in [10, 50, 100, 300, 1000, 5000, 60_000] {
            let text = format!("{head}{}", nested(depth, open, core, close));
            if text.len() > Statement::LIMIT {
                break;
            }
            let verdict = on_a_small_stack(text);
            let expected =
                ["ok", "clause", "column", "depth", "syntax", "kind", "function", "twice"];
            assert!(expected.contains(&verdict), "{head}{open} x {depth}: {verdict}");
        }
    }
}

#[test]
fn nesting_as_people_write_it_is_read() {
    let sums = format!("SELECT 1{}", " + 1".repeat(40));
    let joins: String = (0..40).map(|n| format!(" CROSS JOIN orders o{n}")).collect();
    let joins = format!("SELECT 1 FROM orders a{joins}");
    let selects = format!("SELECT {}", nested(12, "(SELECT ", "1", ")"));
    let unions = format!("SELECT 1{}", " UNION SELECT 1".repeat(60));
    for text in [sums, joins, selects, unions] {
        assert_eq!(on_a_small_stack(text.clone()), "ok", "{text}");
    }
}

#[test]
fn what_is_too_deep_says_so() {
    let text = format!("SELECT {}", nested(500, "(SELECT ", "1", ")"));
    assert_eq!(on_a_small_stack(text), "depth");
}

#[test]
fn a_huge_but_flat_statement_is_read() {
    let rows = vec!["(1, 'x')"; 5000].join(", ");
    let text = format!("INSERT INTO orders (id, name) VALUES {rows}");
    assert_eq!(on_a_small_stack(text), "ok");
    let list = vec!["1"; 20_000].join(", ");
    assert_eq!(on_a_small_stack(format!("SELECT 1 WHERE 1 IN ({list})")), "ok");
    let ands = vec!["true"; 5000].join(" AND ");
    assert_eq!(on_a_small_stack(format!("SELECT {ands}")), "ok");
}

#[test]
fn a_statement_full_of_names_is_read_in_the_time_that_its_length_takes() {
    let list = |most: usize, each: &dyn Fn(usize) -> String| -> String {
        (0..most).map(each).collect::<Vec<_>>().join(",")
    };
    let begun = std::time::Instant::now();
    for (what, from) in [("c7.name", "customers"), ("c7.id", "orders"), ("c9.id, c1.id", "items")] {
        let from = list(1600, &|n| format!("{from} c{n}"));
        let text = format!("SELECT {} FROM {from}", list(500, &|_| what.to_owned()));
        assert_eq!(verdict(&text), "ok", "{what}");
    }
    let columns = list(1600, &|n| format!("1 a{n}"));
    let known = format!(
        "WITH q AS (SELECT {columns}) SELECT 1 FROM {}",
        list(2000, &|n| format!("q q{n}"))
    );
    assert_eq!(verdict(&known), "ok");
    // Each takes a fraction of a second; what grew with the square would take minutes.
    assert!(begun.elapsed().as_secs() < 30, "{:?}", begun.elapsed());
}
