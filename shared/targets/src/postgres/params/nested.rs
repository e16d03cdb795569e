//! Arrays, composites, ranges, multiranges and hstore, as the literals PostgreSQL reads.
//!
//! Every part is quoted, so that no text can end its own part and begin another.

use serde_json::{Map, Value};
use tokio_postgres::types::{Field, Kind, Type};

use super::{Wrong, scalar, text};

/// `{{"1","2"},{"3",NULL}}`; all rows of one dimension are equally long.
pub(super) fn array(of: &Type, value: &Value, depth: usize) -> Result<String, Wrong> {
    let lengths = shape(of, value);
    match *lengths {
        [] => return Err(ARRAY),
        [0] => return Ok("{}".into()),
        _ if lengths.len() > DIMENSIONS => return Err(ARRAY),
        _ => {}
    }
    let mut out = String::new();
    rows(&lengths, of, value, depth, &mut out)?;
    Ok(out)
}

/// The lengths of the dimensions, as the first row of each says.
fn shape(of: &Type, mut value: &Value) -> Vec<usize> {
    let mut lengths = Vec::new();
    while let Value::Array(items) = value {
        lengths.push(items.len());
        match items.first() {
            Some(first) if !list(of) => value = first,
            _ => break,
        }
    }
    lengths
}

/// Whether a JSON array may be one element, so that there can be but one dimension.
fn list(of: &Type) -> bool {
    match of.kind() {
        Kind::Array(_) | Kind::Multirange(_) => true,
        Kind::Domain(base) => list(base),
        _ => matches!(*of, Type::JSON | Type::JSONB),
    }
}

fn rows(
    lengths: &[usize],
    of: &Type,
    value: &Value,
    depth: usize,
    out: &mut String,
) -> Result<(), Wrong> {
    let Some((length, inner)) = lengths.split_first() else {
        match text(of, value, depth)? {
            None => out.push_str("NULL"),
            Some(text) => quote(&text, out),
        }
        return Ok(());
    };
    let items = value.as_array().filter(|items| items.len() == *length && *length > 0);
    out.push('{');
    for (n, item) in items.ok_or(ARRAY)?.iter().enumerate() {
        comma(n, out);
        rows(inner, of, item, depth, out)?;
    }
    out.push('}');
    Ok(())
}

/// `("1",,"3")`, where nothing is NULL; the object has exactly the fields of the type.
pub(super) fn composite(fields: &[Field], value: &Value, depth: usize) -> Result<String, Wrong> {
    let members = value.as_object().filter(|members| members.len() == fields.len());
    let mut out = String::from("(");
    for (n, field) in fields.iter().enumerate() {
        comma(n, &mut out);
        let member = members.and_then(|members| members.get(field.name())).ok_or(COMPOSITE)?;
        if let Some(text) = text(field.type_(), member, depth)? {
            quote(&text, &mut out);
        }
    }
    out.push(')');
    if members.is_some() { Ok(out) } else { Err(COMPOSITE) }
}

/// `["1","2")`, where a bound that is not there is infinite.
pub(super) fn range(of: &Type, value: &Value, depth: usize) -> Result<String, Wrong> {
    let members = value.as_object().ok_or(RANGE)?;
    if members.get("empty") == Some(&Value::Bool(true)) && members.len() == 1 {
        return Ok("empty".into());
    }
    let flags = (flag(members, "lower_inc")?, flag(members, "upper_inc")?);
    if members.len() != 4 {
        return Err(RANGE);
    }
    let mut out = String::from(if flags.0 { "[" } else { "(" });
    bound(of, members.get("lower"), depth, &mut out)?;
    out.push(',');
    bound(of, members.get("upper"), depth, &mut out)?;
    out.push(if flags.1 { ']' } else { ')' });
    Ok(out)
}

fn flag(members: &Map<String, Value>, name: &str) -> Result<bool, Wrong> {
    members.get(name).and_then(Value::as_bool).ok_or(RANGE)
}

fn bound(of: &Type, value: Option<&Value>, depth: usize, out: &mut String) -> Result<(), Wrong> {
    if let Some(text) = text(of, value.ok_or(RANGE)?, depth)? {
        quote(&text, out);
    }
    Ok(())
}

/// `{["1","2"),["5","6")}`.
pub(super) fn multirange(of: &Type, value: &Value, depth: usize) -> Result<String, Wrong> {
    let ranges = value.as_array().ok_or(Wrong::Shape("an array of ranges"))?;
    let ranges = ranges.iter().map(|value| range(of, value, depth));
    Ok(format!("{{{}}}", ranges.collect::<Result<Vec<_>, _>>()?.join(",")))
}

/// `"key"=>"value","other"=>NULL`.
pub(super) fn hstore(value: &Value) -> Result<String, Wrong> {
    let members = value.as_object().ok_or(HSTORE)?;
    let mut out = String::new();
    for (n, (key, member)) in members.iter().enumerate() {
        comma(n, &mut out);
        quote(Some(key).filter(|key| !key.contains('\0')).ok_or(HSTORE)?, &mut out);
        out.push_str("=>");
        match member {
            Value::Null => out.push_str("NULL"),
            member => quote(scalar::string(member).ok_or(HSTORE)?, &mut out),
        }
    }
    Ok(out)
}

fn comma(n: usize, out: &mut String) {
    if n > 0 {
        out.push(',');
    }
}

/// In all of these literals a backslash makes the next character an ordinary one.
fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
}

const ARRAY: Wrong = Wrong::Shape("an array whose rows are equally long");
const COMPOSITE: Wrong = Wrong::Shape("an object of exactly its fields");
const HSTORE: Wrong = Wrong::Shape("an object of text and nulls");
const RANGE: Wrong =
    Wrong::Shape("{\"empty\": true} or an object of lower, upper, lower_inc and upper_inc");
/// PostgreSQL's MAXDIM.
const DIMENSIONS: usize = 6;
