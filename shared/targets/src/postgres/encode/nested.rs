//! Arrays, ranges, multiranges, composites and hstore, written out as JSON.

use std::{borrow::Cow, collections::BTreeSet};

use masking::Cell;
use serde_json::Value;
use tokio_postgres::types::{Field, Kind, Type};

use super::{
    Error, LIMIT,
    reader::{Reader, whole},
};

/// Writes one value that holds others, with as many levels left beneath it.
pub(super) fn write(ty: &Type, raw: &[u8], depth: usize, out: &mut String) -> Result<(), Error> {
    match ty.kind() {
        Kind::Array(inner) => whole(raw, |reader| array(inner, reader, depth, out)),
        Kind::Composite(fields) => whole(raw, |reader| composite(fields, reader, depth, out)),
        Kind::Multirange(inner) => whole(raw, |reader| multirange(inner, reader, depth, out)),
        Kind::Range(inner) => whole(raw, |reader| range(inner, reader, depth, out)),
        _ => Err(Error::Type(ty.to_string())),
    }
}

/// The number of dimensions, whether there are NULLs, the type of the elements; of each dimension its
/// length and lower bound; then the elements.
fn array(
    inner: &Type,
    reader: &mut Reader<'_>,
    depth: usize,
    out: &mut String,
) -> Result<(), Error> {
    let dimensions = reader.count()?;
    let _may_hold_nulls = reader.i32()?;
    if dimensions > DIMENSIONS || reader.u32()? != inner.oid() {
        return Err(Error::Malformed);
    }
    let lengths = (0..dimensions).map(|_| dimension(reader)).collect::<Result<Vec<_>, _>>()?;
    if lengths.is_empty() {
        out.push_str("[]");
        return Ok(());
    }
    // Whatever the lengths say, the first element that is not there is the end.
    rows(&lengths, out, &mut |out| element(inner, reader.value()?, depth, out))
}

fn dimension(reader: &mut Reader<'_>) -> Result<usize, Error> {
    let length = reader.count()?;
    let _lower_bound = reader.i32()?;
    // PostgreSQL has no empty dimensions: an empty array has none at all.
    if length == 0 { Err(Error::Malformed) } else { Ok(length) }
}

fn rows(
    lengths: &[usize],
    out: &mut String,
    element: &mut impl FnMut(&mut String) -> Result<(), Error>,
) -> Result<(), Error> {
    let Some((length, inner)) = lengths.split_first() else {
        return element(out);
    };
    list(*length, out, |out| rows(inner, out, element))
}

fn multirange(
    inner: &Type,
    reader: &mut Reader<'_>,
    depth: usize,
    out: &mut String,
) -> Result<(), Error> {
    let count = reader.count()?;
    list(count, out, |out| {
        let raw = reader.value()?.ok_or(Error::Malformed)?;
        whole(raw, |reader| range(inner, reader, depth, out))
    })
}

/// Its flags and then the bounds that they say are there.
fn range(
    inner: &Type,
    reader: &mut Reader<'_>,
    depth: usize,
    out: &mut String,
) -> Result<(), Error> {
    let flags = reader.u8()?;
    if flags == EMPTY {
        out.push_str(r#"{"empty":true}"#);
        return Ok(());
    }
    if flags & !(LOWER_INCLUSIVE | UPPER_INCLUSIVE | LOWER_INFINITE | UPPER_INFINITE) != 0 {
        return Err(Error::Malformed);
    }
    out.push_str(r#"{"lower":"#);
    bound(inner, reader, flags & LOWER_INFINITE != 0, depth, out)?;
    out.push_str(r#","upper":"#);
    bound(inner, reader, flags & UPPER_INFINITE != 0, depth, out)?;
    let (lower, upper) = (flags & LOWER_INCLUSIVE != 0, flags & UPPER_INCLUSIVE != 0);
    out.push_str(&format!(r#","lower_inc":{lower},"upper_inc":{upper}}}"#));
    Ok(())
}

fn bound(
    inner: &Type,
    reader: &mut Reader<'_>,
    infinite: bool,
    depth: usize,
    out: &mut String,
) -> Result<(), Error> {
    if infinite {
        out.push_str("null");
        return Ok(());
    }
    // A bound that is there is never NULL.
    element(inner, Some(reader.value()?.ok_or(Error::Malformed)?), depth, out)
}

/// The number of fields; of each its type and its value.
fn composite(
    fields: &[Field],
    reader: &mut Reader<'_>,
    depth: usize,
    out: &mut String,
) -> Result<(), Error> {
    let names: BTreeSet<&str> = fields.iter().map(Field::name).collect();
    if reader.count()? != fields.len() || names.len() != fields.len() {
        return Err(Error::Malformed);
    }
    out.push('{');
    for (n, field) in fields.iter().enumerate() {
        if n > 0 {
            out.push(',');
        }
        quote(field.name(), out);
        out.push(':');
        if reader.u32()? != field.type_().oid() {
            return Err(Error::Malformed);
        }
        element(field.type_(), reader.value()?, depth, out)?;
    }
    out.push('}');
    Ok(())
}

/// The number of pairs; of each its key and its value, which may be NULL.
pub(super) fn hstore(raw: &[u8]) -> Result<Cell<'_>, Error> {
    let mut out = String::from("{");
    let mut keys = BTreeSet::new();
    whole(raw, |reader| {
        for n in 0..reader.count()? {
            if n > 0 {
                out.push(',');
            }
            let key = reader.value()?.ok_or(Error::Malformed)?;
            if !keys.insert(key) {
                return Err(Error::Malformed);
            }
            element(&Type::TEXT, Some(key), 1, &mut out)?;
            out.push(':');
            element(&Type::TEXT, reader.value()?, 1, &mut out)?;
        }
        Ok(())
    })?;
    out.push('}');
    Ok(Cell::Json(Cow::Owned(out)))
}

fn list(
    length: usize,
    out: &mut String,
    mut element: impl FnMut(&mut String) -> Result<(), Error>,
) -> Result<(), Error> {
    out.push('[');
    for n in 0..length {
        if n > 0 {
            out.push(',');
        }
        element(out)?;
    }
    out.push(']');
    Ok(())
}

fn element(ty: &Type, raw: Option<&[u8]>, depth: usize, out: &mut String) -> Result<(), Error> {
    match raw.map(|raw| super::value(ty, raw, depth)).transpose()? {
        None | Some(Cell::Null) => out.push_str("null"),
        Some(Cell::Bool(value)) => out.push_str(if value { "true" } else { "false" }),
        Some(Cell::Number(text) | Cell::Json(text)) => out.push_str(&text),
        Some(Cell::Text(text)) => quote(&text, out),
    }
    if out.len() > LIMIT { Err(Error::Long) } else { Ok(()) }
}

fn quote(text: &str, out: &mut String) {
    out.push_str(&Value::from(text).to_string());
}

/// PostgreSQL's MAXDIM.
const DIMENSIONS: usize = 6;

// PostgreSQL's rangetypes.h.
const EMPTY: u8 = 0x01;
const LOWER_INCLUSIVE: u8 = 0x02;
const UPPER_INCLUSIVE: u8 = 0x04;
const LOWER_INFINITE: u8 = 0x08;
const UPPER_INFINITE: u8 = 0x10;
