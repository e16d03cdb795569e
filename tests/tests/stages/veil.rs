//! The veil over real permits: which treatment a column gets, and what a target cannot make of it.

mod limits;
mod shape;

use std::borrow::Cow;

use masking::{Cell, Column, Error, Masked, Origin, Rows, Veil};
use serde_json::{Value, json};

use crate::stand::{OPEN, Stand, agent, asking};

const CARD: &str = "4111111111111111";

/// A veil for this statement of an analyst.
fn over(stand: &Stand, statement: &str) -> Veil {
    Veil::over(&stand.vet(&agent("ada"), &asking(statement)).ok().unwrap())
}

/// Under these masks, over a statement that mentions a relation with tagged columns.
fn tagged(masks: &str) -> Veil {
    let stand = Stand::new(&format!(
        r#"@id("in") permit(principal, action == Action::"connect", resource);
           @id("select") {masks} permit(principal, action == Action::"select", resource);"#
    ));
    over(&stand, "select id, ssn, card, email from customers")
}

/// Over a statement without any tagged column within reach.
fn untagged() -> Veil {
    over(&Stand::new(OPEN), "select id from orders")
}

fn bare(name: &str, relation: &str, column: &str) -> Column {
    let origin = Origin::Bare { relation: relation.into(), column: column.into() };
    Column { name: name.into(), kind: "text".into(), origin }
}

fn customers(column: &str) -> Column {
    bare(column, "public.customers", column)
}

fn unknown(name: &str) -> Column {
    Column { name: name.into(), kind: "text".into(), origin: Origin::Unknown }
}

fn text(text: &str) -> Cell<'_> {
    Cell::Text(Cow::Borrowed(text))
}

fn number(text: &str) -> Cell<'_> {
    Cell::Number(Cow::Borrowed(text))
}

fn document(text: &str) -> Cell<'_> {
    Cell::Json(Cow::Borrowed(text))
}

/// Pours one row after the other until the veil has enough.
fn pour(
    mut veil: Veil,
    columns: Vec<Column>,
    rows: Vec<Vec<Cell<'_>>>,
) -> Result<Masked<Rows>, Error> {
    veil.columns(columns)?;
    for row in rows {
        row.into_iter().try_for_each(|cell| veil.cell(cell))?;
        if veil.end_row()?.is_break() {
            break;
        }
    }
    veil.lift()
}

fn shown(masked: &Masked<Rows>) -> Value {
    serde_json::from_slice(masked.get().json()).unwrap()
}

/// One column, one cell, and what is shown of it.
fn seen(veil: Veil, column: Column, cell: Cell<'_>) -> Value {
    let masked = pour(veil, vec![column], vec![vec![cell]]).unwrap();
    shown(&masked)[0][0].clone()
}

#[test]
fn a_tagged_column_is_shown_as_its_duty_says() {
    for (masks, expected) in [
        ("", json!("[masked:card]")),
        (r#"@mask("card:redact")"#, json!("[masked:card]")),
        (r#"@mask("card:null")"#, json!(null)),
        (r#"@mask("card:last4")"#, json!("****1111")),
        (r#"@mask("card:bare")"#, json!(CARD)),
        (r#"@mask("ssn:bare")"#, json!("[masked:card]")),
    ] {
        assert_eq!(seen(tagged(masks), customers("card"), text(CARD)), expected, "{masks}");
    }
}

#[test]
fn heads_and_counts_say_what_was_done() {
    let columns = vec![customers("id"), customers("ssn"), customers("card"), customers("email")];
    let row = || vec![number("1"), text("078-05-1120"), text(CARD), text("ada@example.com")];
    let veil = tagged(r#"@mask("card:last4, email:bare")"#);
    let masked = pour(veil, columns, vec![row(), row()]).unwrap();
    let rows = masked.get();
    let heads: Vec<_> = rows.heads().iter().map(|head| (head.name.as_str(), head.masked)).collect();
    assert_eq!(heads, [("id", false), ("ssn", true), ("card", true), ("email", false)]);
    assert_eq!((rows.masked().cells, rows.masked().columns), (4, 2));
    assert!(rows.masked().kinds.is_empty(), "nothing had to be detected");
    assert_eq!((rows.count(), rows.truncated(), rows.affected()), (2, false, None));
    let row = json!([1, "[masked:ssn]", "****1111", "ada@example.com"]);
    assert_eq!(shown(&masked), json!([row, row]));
}

#[test]
fn another_name_for_a_column_does_not_open_it() {
    let aliased = bare("id", "public.customers", "ssn");
    assert_eq!(seen(tagged(""), aliased, text("x")), "[masked:ssn]");
    let innocent = bare("ssn", "public.orders", "id");
    assert_eq!(seen(tagged(""), innocent, text("x")), "x", "only where a value comes from counts");
}

#[test]
fn a_tag_holds_in_whatever_case_the_server_spells_the_name() {
    let loud = bare("ssn", "public.Customers", "SSN");
    assert_eq!(seen(tagged(""), loud, text("x")), "[masked:ssn]");
}

#[test]
fn a_tag_holds_in_whatever_case_and_quotes_it_was_configured() {
    for (from, to) in
        [("ssn = \"ssn\"", "SSN = \"ssn\""), ("\"public.customers\"", "'public.\"customers\"'")]
    {
        let stand = Stand::with(&crate::stand::TARGETS.replace(from, to), OPEN);
        let veil = over(&stand, "select ssn from customers");
        assert_eq!(seen(veil, customers("ssn"), text("x")), "[masked:ssn]", "{to}");
    }
}

#[test]
fn what_is_computed_beside_tagged_columns_is_masked_whole() {
    for cell in [text("harmless"), number("1"), Cell::Bool(true), document("{}")] {
        assert_eq!(seen(tagged(r#"@mask("ssn:bare")"#), unknown("n"), cell), "[masked:computed]");
    }
}

#[test]
fn what_is_computed_without_tagged_columns_is_shown_and_looked_at() {
    assert_eq!(seen(untagged(), unknown("n"), text("harmless")), "harmless");
    assert_eq!(seen(untagged(), unknown("n"), text("to ada@example.com")), "to [masked:email]");
}

#[test]
fn null_stays_null_under_every_treatment_and_counts_as_nothing() {
    for masks in ["", r#"@mask("ssn:null")"#, r#"@mask("ssn:last4")"#, r#"@mask("ssn:bare")"#] {
        let columns = vec![customers("ssn"), unknown("n"), customers("id")];
        let row = vec![Cell::Null, Cell::Null, Cell::Null];
        let masked = pour(tagged(masks), columns, vec![row]).unwrap();
        assert_eq!(shown(&masked), json!([[null, null, null]]), "{masks}");
        assert_eq!(masked.get().masked().cells, 0, "{masks}");
    }
}

#[test]
fn a_card_in_a_number_is_covered_and_other_numbers_stay_numbers() {
    let shown = |cell| seen(untagged(), bare("n", "public.orders", "n"), cell);
    assert_eq!(shown(number(CARD)), "[masked:card]");
    assert_eq!(shown(number("4111111111111112")), json!(4_111_111_111_111_112_u64));
    assert_eq!(shown(number("-12.50")), json!(-12.50));
    assert_eq!(shown(number("411111111")), json!(411_111_111));
}

#[test]
fn a_document_is_looked_into_at_every_depth_and_in_its_keys() {
    let hostile = format!(
        r#"{{"a":[{{"mail":"ada@example.com"}},{CARD}],"ada@example.com":1,"b":"\u0034111111111111111"}}"#
    );
    let masked =
        pour(untagged(), vec![bare("doc", "public.orders", "doc")], vec![vec![document(&hostile)]])
            .unwrap();
    let expected = json!({
        "a": [{"mail": "[masked:email]"}, "[masked:card]"],
        "[masked:email]": 1,
        "b": "[masked:card]",
    });
    assert_eq!(shown(&masked)[0][0], expected);
    let counts = masked.get().masked();
    assert_eq!((counts.cells, counts.columns), (1, 0), "one cell, whatever was in it");
    assert_eq!(counts.kinds, [("card", 2), ("email", 2)].into());
}

#[test]
fn a_column_that_policy_opens_is_not_looked_into() {
    let open = tagged(r#"@mask("email:bare")"#);
    assert_eq!(seen(open, customers("email"), text("ada@example.com")), "ada@example.com");
    let open = tagged(r#"@mask("email:bare")"#);
    assert_eq!(seen(open, customers("id"), text("ada@example.com")), "[masked:email]");
}
