//! Functions, operators, types and collations within reach.

use std::collections::BTreeMap;

use catalogue::{Collation, Form, Function, Oid, Operator, TypeInfo};
use tokio_postgres::Row;

use super::{get, unreadable};
use crate::Error;

/// How PostgreSQL writes each type.
pub(super) type Written = BTreeMap<Oid, String>;

/// The spelling of all types.
pub(super) fn written(types: &[Row]) -> Result<Written, Error> {
    types.iter().map(|row| Ok((get(row, "oid")?, get(row, "written")?))).collect()
}

/// The types within reach.
pub(super) fn types(rows: &[Row]) -> Result<Vec<TypeInfo>, Error> {
    let mut types = Vec::new();
    for row in rows {
        if get(row, "near")? {
            let kind: &str = get(row, "kind")?;
            types.push(TypeInfo {
                oid: get(row, "oid")?,
                schema: get(row, "schema")?,
                name: get(row, "name")?,
                kind: kind.chars().next().ok_or_else(unreadable)?,
                fields: get(row, "fields")?,
            });
        }
    }
    Ok(types)
}

pub(super) fn function(row: &Row, written: &Written) -> Result<Function, Error> {
    let arguments: Vec<Oid> = get(row, "arguments")?;
    let defaults: i16 = get(row, "defaults")?;
    Ok(Function {
        oid: get(row, "oid")?,
        schema: get(row, "schema")?,
        name: get(row, "name")?,
        arguments: arguments
            .into_iter()
            .map(|oid| spelt(oid, written))
            .collect::<Result<_, _>>()?,
        defaults: u16::try_from(defaults).map_err(|_| unreadable())?,
        variadic: get(row, "variadic")?,
        form: form(get(row, "kind")?, get(row, "set")?)?,
        columns: columns(get(row, "modes")?, get(row, "names")?),
        returns: spelt(get(row, "returns")?, written)?,
    })
}

pub(super) fn operator(row: &Row, written: &Written) -> Result<Operator, Error> {
    let side = |name: &str| match get::<Oid>(row, name)? {
        0 => Ok(String::new()),
        oid => spelt(oid, written),
    };
    Ok(Operator {
        oid: get(row, "oid")?,
        schema: get(row, "schema")?,
        name: get(row, "name")?,
        left: side("left")?,
        right: side("right")?,
    })
}

pub(super) fn collation(row: &Row) -> Result<Collation, Error> {
    Ok(Collation { oid: get(row, "oid")?, schema: get(row, "schema")?, name: get(row, "name")? })
}

fn spelt(oid: Oid, written: &Written) -> Result<String, Error> {
    written.get(&oid).cloned().ok_or_else(unreadable)
}

fn form(kind: &str, set: bool) -> Result<Form, Error> {
    match (kind, set) {
        ("f", false) => Ok(Form::Value),
        ("f", true) => Ok(Form::Set),
        ("a", _) => Ok(Form::Aggregate),
        ("w", _) => Ok(Form::Window),
        ("p", _) => Ok(Form::Procedure),
        _ => Err(unreadable()),
    }
}

/// The names of what a function gives out (`OUT`, `INOUT`, `TABLE`), in their order. One of several
/// that has no name is called after its place; a single one without a name takes the function's
/// (build_function_result_tupdesc_d, get_func_result_name).
fn columns(modes: Option<Vec<String>>, names: Option<Vec<String>>) -> Vec<String> {
    let (modes, names) = (modes.unwrap_or_default(), names.unwrap_or_default());
    let out = modes.iter().enumerate().filter(|(_, mode)| matches!(mode.as_str(), "o" | "b" | "t"));
    let out: Vec<&str> =
        out.map(|(at, _)| names.get(at).map(String::as_str).unwrap_or_default()).collect();
    if let [""] = out[..] {
        return Vec::new();
    }
    let named = out.iter().zip(1..).map(|(name, place)| match *name {
        "" => format!("column{place}"),
        name => name.to_owned(),
    });
    named.collect()
}
