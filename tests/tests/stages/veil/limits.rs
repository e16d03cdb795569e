//! Rows and bytes at most: a cut is exact, is told, and leaves valid JSON.

use std::{
    ops::{ControlFlow, RangeInclusive},
    sync::LazyLock,
};

use masking::Veil;
use proptest::prelude::*;

use super::{pour, text, unknown};
use crate::stand::{OPEN, Stand, agent, asking};

/// A target for every pair of limits that a test may want: loading policies takes longer than asking.
static STAND: LazyLock<Stand> = LazyLock::new(|| {
    let mut targets = String::new();
    for (rows, bytes) in ROWS.flat_map(|rows| BYTES.map(move |bytes| (rows, bytes))) {
        targets += &format!(
            "[targets.limit-{rows}-{bytes}]\nkind = \"postgres\"\nhost = \"h\"\ndatabase = \"d\"\n\
             secret = \"s\"\nmax_rows = {rows}\nmax_bytes = {bytes}\n"
        );
    }
    Stand::with(&targets, OPEN)
});

const ROWS: RangeInclusive<usize> = 1..=8;
const BYTES: RangeInclusive<usize> = 2..=120;

fn limited(max_rows: usize, max_bytes: usize) -> Veil {
    let asking = asking("select id from orders").on(&format!("limit-{max_rows}-{max_bytes}"));
    Veil::over(&STAND.vet(&agent("ada"), &asking).ok().unwrap())
}

/// As many rows from the front as fit both limits, and the document that they make.
fn reference(rows: &[Vec<String>], max_rows: usize, max_bytes: usize) -> (usize, String) {
    let document = |rows: &[Vec<String>]| serde_json::to_string(rows).unwrap();
    let fits = |count: &usize| *count <= max_rows && document(&rows[..*count]).len() <= max_bytes;
    let count = (1..=rows.len()).take_while(fits).last().unwrap_or(0);
    (count, document(&rows[..count]))
}

fn check(rows: &[Vec<String>], columns: usize, max_rows: usize, max_bytes: usize) {
    let names = (0..columns).map(|n| unknown(&n.to_string())).collect();
    let cells = rows.iter().map(|row| row.iter().map(|cell| text(cell)).collect()).collect();
    let masked = pour(limited(max_rows, max_bytes), names, cells).unwrap();
    let (count, document) = reference(rows, max_rows, max_bytes);
    let shown = masked.get();
    assert_eq!(std::str::from_utf8(shown.json()).unwrap(), document);
    assert_eq!(shown.count(), count as u64);
    assert_eq!(shown.truncated(), count < rows.len());
}

fn results() -> impl Strategy<Value = (usize, Vec<Vec<String>>)> {
    (0_usize..4).prop_flat_map(|columns| {
        let cell = r#"[a-c"\\ é\n]{0,6}"#;
        let row = proptest::collection::vec(cell, columns);
        (Just(columns), proptest::collection::vec(row, 0..8))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_result_is_cut_exactly_where_the_first_limit_is(
        (columns, rows) in results(),
        max_rows in ROWS,
        max_bytes in BYTES,
    ) {
        check(&rows, columns, max_rows, max_bytes);
    }
}

#[test]
fn a_result_of_exactly_as_many_rows_is_not_cut() {
    let rows = |n: usize| vec![vec!["a".to_owned()]; n];
    for n in [2, 3, 4] {
        check(&rows(n), 1, 3, 120);
    }
}

#[test]
fn a_result_of_exactly_as_many_bytes_is_not_cut() {
    let rows = vec![vec!["a".to_owned()]; 3];
    let whole = serde_json::to_string(&rows).unwrap().len();
    for max_bytes in 2..=whole + 1 {
        check(&rows, 1, 8, max_bytes);
    }
}

#[test]
fn rows_without_columns_are_cut_like_others() {
    check(&[vec![], vec![], vec![]], 0, 2, 120);
    check(&[vec![], vec![], vec![]], 0, 8, 7);
}

#[test]
fn a_row_that_is_larger_than_all_that_may_be_shown_is_not_shown_in_part() {
    check(&[vec!["a".repeat(100)], vec!["b".into()]], 1, 8, 50);
}

#[test]
fn after_a_cut_nothing_more_is_shown_though_it_would_fit() {
    let mut veil = limited(8, 20);
    veil.columns(vec![unknown("t")]).unwrap();
    let long = "b".repeat(50);
    for (cell, flow) in [
        ("a", ControlFlow::Continue(())),
        (long.as_str(), ControlFlow::Break(())),
        ("c", ControlFlow::Break(())),
    ] {
        veil.cell(text(cell)).unwrap();
        assert_eq!(veil.end_row().unwrap(), flow, "{cell}");
    }
    let masked = veil.lift().unwrap();
    assert_eq!(masked.get().json(), br#"[["a"]]"#);
    assert!(masked.get().truncated());
}

#[test]
fn what_is_masked_counts_towards_the_limit_as_it_is_shown() {
    // Eight characters fit, the fourteen that they become do not: with quotes and brackets twenty.
    let mut veil = limited(8, 17);
    veil.columns(vec![unknown("t")]).unwrap();
    veil.cell(text("a@ab.com")).unwrap();
    assert_eq!(veil.end_row(), Ok(ControlFlow::Break(())));
    assert_eq!(veil.lift().unwrap().get().json(), b"[]");
}

#[test]
fn what_was_masked_in_a_row_that_is_cut_is_not_counted() {
    let mut veil = limited(1, 120);
    veil.columns(vec![unknown("t")]).unwrap();
    for cell in ["to ada@example.com", "to bob@example.com and 4111111111111111"] {
        veil.cell(text(cell)).unwrap();
        let _flow = veil.end_row().unwrap();
    }
    let masked = veil.lift().unwrap();
    let counts = masked.get().masked();
    assert_eq!((counts.cells, &counts.kinds), (1, &[("email", 1)].into()));
}
