//! One expression for each mask and family of types.

use policy::{Family, Mask};

use super::{Key, quoted};

/// The expression that shows a column masked. `column` is its bare name, `type_name` its type as
/// `format_type` writes it.
///
/// The column keeps its type, but for its modifier: a mark may be longer than `character varying(4)`
/// holds, and a lower multiple greater than `numeric(4,2)` does. A domain becomes the type beneath it,
/// whose values nobody checks; `citext` becomes `text`; and the token of a number or UUID is `text`.
#[must_use]
pub fn expression(mask: Mask, tag: &str, column: &str, type_name: &str, key: &Key<'_>) -> String {
    let column = quoted(column);
    let family = Family::of(type_name);
    match key.settle(mask, family) {
        Mask::Bare => column,
        Mask::Last4 => last_four(tag, &column, text_type(type_name)),
        Mask::Round(step) => lower_multiple(step, &column, type_name),
        Mask::Token => token(tag, &column, type_name, key),
        Mask::Year => first_of_january(&column, type_name),
        Mask::Redact if family == Family::Text => {
            let mark = mark(tag);
            format!("CASE WHEN {column} IS NOT NULL THEN {mark}::{} END", text_type(type_name))
        }
        Mask::Fpe | Mask::Null | Mask::Redact => nothing(&column),
    }
}

/// NULL of the column's type, whatever that is called and wherever it may be: a CASE has the type of
/// its branches, and the planner drops the one that is never taken.
fn nothing(column: &str) -> String {
    format!("CASE WHEN FALSE THEN {column} END")
}

fn mark(tag: &str) -> String {
    literal(&format!("[masked:{tag}]"))
}

fn last_four(tag: &str, column: &str, kept: &str) -> String {
    let text = format!("{column}::pg_catalog.text");
    let mark = mark(tag);
    format!(
        "CASE WHEN pg_catalog.length({text}) OPERATOR(pg_catalog.>=) 8 \
         THEN ('****'::pg_catalog.text OPERATOR(pg_catalog.||) pg_catalog.right({text}, 4))::{kept} \
         WHEN {column} IS NOT NULL THEN {mark}::{kept} END"
    )
}

/// HMAC (RFC 2104) with its two padded keys, of the tag, a zero byte and the value.
fn token(tag: &str, column: &str, type_name: &str, key: &Key<'_>) -> String {
    let (inner, outer) = match key {
        Key::Absent => return nothing(column),
        Key::Parameters(numbers) => (format!("${}", numbers.inner), format!("${}", numbers.outer)),
        Key::Texts { inner, outer } => (format!("({inner})"), format!("({outer})")),
    };
    let kept = match Family::of(type_name) {
        Family::Text => text_type(type_name),
        _ => "pg_catalog.text",
    };
    let prefix = literal(&format!("tok_{tag}_"));
    let tag: String = tag.bytes().map(|byte| format!("{byte:02x}")).collect();
    format!(
        "({prefix}::pg_catalog.text OPERATOR(pg_catalog.||) pg_catalog.left(pg_catalog.encode(\
         pg_catalog.sha256({outer}::pg_catalog.bytea OPERATOR(pg_catalog.||) \
         pg_catalog.sha256({inner}::pg_catalog.bytea OPERATOR(pg_catalog.||) \
         pg_catalog.decode('{tag}00', 'hex') OPERATOR(pg_catalog.||) \
         pg_catalog.convert_to({column}::pg_catalog.text, 'UTF8'))), 'hex'), 24))::{kept}"
    )
}

fn first_of_january(column: &str, type_name: &str) -> String {
    let utc = "'UTC'::pg_catalog.text";
    let year = |of: &str| format!("pg_catalog.date_trunc('year'::pg_catalog.text, {of})");
    if type_name == "date" {
        let start = year(&format!("{column}::pg_catalog.timestamp"));
        format!("{start}::pg_catalog.date")
    } else if type_name.starts_with("timestamptz") || type_name.ends_with(" with time zone") {
        let there = format!("pg_catalog.timezone({utc}, {column}::pg_catalog.timestamptz)");
        format!("pg_catalog.timezone({utc}, {})", year(&there))
    } else {
        year(&format!("{column}::pg_catalog.timestamp"))
    }
}

/// Divided with `div`, which is exact where `/` rounds what it cannot hold.
fn lower_multiple(step: u64, column: &str, type_name: &str) -> String {
    let number = |n: u64| format!("'{n}'::pg_catalog.numeric");
    let (zero, rest, step) = (number(0), number(step.saturating_sub(1)), number(step));
    let value = format!("{column}::pg_catalog.numeric");
    let multiple = format!(
        "pg_catalog.div(pg_catalog.floor({value}) OPERATOR(pg_catalog.-) \
         CASE WHEN {value} OPERATOR(pg_catalog.<) {zero} THEN {rest} ELSE {zero} END, {step}) \
         OPERATOR(pg_catalog.*) {step}"
    );
    match whole_number(type_name) {
        None => multiple,
        // A multiple below the least value would be an error, and tell that there is such a value.
        Some((kept, least)) => format!(
            "CASE WHEN {column} IS NOT NULL \
             THEN GREATEST({multiple}, '{least}'::pg_catalog.numeric)::{kept} END"
        ),
    }
}

/// The type of an integer, and the least value that it holds.
fn whole_number(type_name: &str) -> Option<(&'static str, i64)> {
    Some(match type_name {
        "int2" | "smallint" => ("pg_catalog.int2", i16::MIN.into()),
        "int4" | "integer" => ("pg_catalog.int4", i32::MIN.into()),
        "bigint" | "int8" => ("pg_catalog.int8", i64::MIN),
        _ => return None,
    })
}

/// The type that a text's mask has, without a length.
fn text_type(type_name: &str) -> &'static str {
    match type_name.split('(').next().unwrap_or_default() {
        "character varying" | "varchar" => "pg_catalog.varchar",
        "bpchar" | "character" => "pg_catalog.bpchar",
        "name" => "pg_catalog.name",
        _ => "pg_catalog.text",
    }
}

/// A literal that means the same whatever `standard_conforming_strings` is.
fn literal(text: &str) -> String {
    let escape = if text.contains('\\') { "E" } else { "" };
    format!("{escape}'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}
