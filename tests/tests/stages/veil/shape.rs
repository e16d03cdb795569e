//! A result that does not have the shape it was announced with: nothing of it comes out.

use std::ops::ControlFlow;

use masking::{Cell, Error, Veil};

use super::{document, number, pour, seen, shown, text, unknown, untagged};

fn veil_with(columns: usize) -> Veil {
    let mut veil = untagged();
    veil.columns((0..columns).map(|n| unknown(&format!("c{n}"))).collect()).unwrap();
    veil
}

#[test]
fn a_document_that_is_not_one_document_is_refused() {
    for hostile in [
        "1],[2",
        "1,2",
        "{\"a\":1",
        "",
        " ",
        "]",
        "\"",
        "nul",
        "{'a':1}",
        "[1,]",
        "01",
        "NaN",
        "1 2",
        "\"\u{1}\"",
        "{\"a\":1}}",
        "[[]",
        "// 1",
        "\u{feff}1",
    ] {
        let refused = pour(untagged(), vec![unknown("d")], vec![vec![document(hostile)]]);
        assert_eq!(refused.err(), Some(Error::Value), "{hostile:?}");
    }
}

#[test]
fn a_document_that_is_covered_is_still_one_document() {
    for hostile in ["ada@example.com],[2", "{\"a\":\"ada@example.com\"", "4111111111111111,1"] {
        let refused = pour(untagged(), vec![unknown("d")], vec![vec![document(hostile)]]);
        assert_eq!(refused.err(), Some(Error::Value), "{hostile:?}");
    }
}

#[test]
fn a_number_that_is_not_one_number_is_refused() {
    for hostile in
        ["1],[2", "1,2", "", "NaN", "Infinity", "-", "01", "1.", ".5", "1e", "\"1\"", "1 "]
    {
        let refused = pour(untagged(), vec![unknown("n")], vec![vec![number(hostile)]]);
        assert_eq!(refused.err(), Some(Error::Value), "{hostile:?}");
    }
    for sound in ["0", "-0", "1", "-12.50", "1e400", "1E-7", "99999999999999999999999999999999999"]
    {
        let masked = pour(untagged(), vec![unknown("n")], vec![vec![number(sound)]]).unwrap();
        assert_eq!(masked.get().json(), format!("[[{sound}]]").as_bytes());
    }
}

#[test]
fn text_cannot_leave_its_quotes() {
    for hostile in ["\"],[\"", "\\", "\\\"", "\n\u{0}\u{1f}", "\u{2028}", "]]"] {
        assert_eq!(seen(untagged(), unknown("t"), text(hostile)), hostile);
    }
}

#[test]
fn nothing_comes_out_after_a_value_that_was_refused() {
    let mut veil = veil_with(2);
    veil.cell(text("shown before")).unwrap();
    assert_eq!(veil.cell(document("1],[2")), Err(Error::Value));
    assert!(veil.end_row().is_err(), "the row cannot be ended as if nothing were wrong");
    assert!(veil.lift().is_err());
}

#[test]
fn a_row_that_is_too_short_is_refused() {
    let mut veil = veil_with(2);
    veil.cell(number("1")).unwrap();
    assert_eq!(veil.end_row(), Err(Error::Shape));
    assert_eq!(veil.lift().err(), Some(Error::Shape));
    let mut empty = veil_with(2);
    assert_eq!(empty.end_row(), Err(Error::Shape));
}

#[test]
fn a_row_that_is_too_long_is_refused() {
    let mut veil = veil_with(1);
    veil.cell(number("1")).unwrap();
    assert_eq!(veil.cell(number("2")), Err(Error::Shape));
    let mut nameless = untagged();
    assert_eq!(nameless.cell(Cell::Null), Err(Error::Shape), "no columns were named");
}

#[test]
fn columns_are_named_once_and_before_the_first_row() {
    let mut veil = veil_with(1);
    assert_eq!(veil.columns(vec![unknown("again")]), Err(Error::Shape));
    let mut late = untagged();
    assert_eq!(late.end_row(), Ok(ControlFlow::Continue(())));
    assert_eq!(late.columns(vec![unknown("late")]), Err(Error::Shape));
}

#[test]
fn a_veil_is_not_lifted_in_the_middle_of_a_row() {
    let mut veil = veil_with(2);
    veil.cell(number("1")).unwrap();
    assert_eq!(veil.lift().err(), Some(Error::Shape));
}

#[test]
fn a_veil_without_rows_or_columns_is_an_empty_result() {
    let masked = untagged().lift().unwrap();
    assert_eq!((masked.get().json(), masked.get().count()), (b"[]".as_slice(), 0));
    let masked = pour(untagged(), Vec::new(), vec![vec![], vec![]]).unwrap();
    assert_eq!((shown(&masked), masked.get().count()), (serde_json::json!([[], []]), 2));
}

#[test]
fn what_a_write_changed_is_told_beside_the_rows() {
    let mut veil = untagged();
    veil.affected(3);
    let masked = veil.lift().unwrap();
    assert_eq!((masked.get().affected(), masked.get().count()), (Some(3), 0));
}
