//! From PostgreSQL's binary result format to values in the shape they have in JSON.
//!
//! The bytes come from a server that may be hostile: every length is checked against what is there,
//! nesting has an end, and a value that cannot be shown faithfully is refused by its type's name.

mod nested;
mod network;
mod number;
mod plain;
mod reader;
mod time;

use std::{borrow::Cow, collections::BTreeSet};

use masking::Cell;
use tokio_postgres::types::{FromSql, Kind, Type};

/// How deep arrays, composites, ranges and domains may lie in one another.
pub const DEPTH: usize = 32;

/// Bytes of text that one value may become, at most. Eight bytes of numeric can name 131,072 digits,
/// so the length of a message says little about the length of its text.
pub const LIMIT: usize = 8 * 1024 * 1024;

/// Why a value of a result is not shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Its text would exceed [`LIMIT`].
    #[error("a value is longer than {LIMIT} bytes as text")]
    Long,
    /// Its bytes are not what the server said they are.
    #[error("a value does not read as the type that the server named")]
    Malformed,
    /// Its type has no faithful JSON shape here; the caller can have it as text.
    #[error("values of type `{0}` are not shown as they are: cast them to text")]
    Type(String),
}

/// The bytes of one value as the server sent them, of any type; `None` is NULL.
///
/// It has no `Debug`: what a value holds is for the veil only.
pub struct Raw<'a>(pub Option<&'a [u8]>);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(Some(raw)))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(None))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// Reads one value of a result.
///
/// 64-bit integers and numeric are text, as proto3's JSON mapping has it for the former, because a
/// JSON number ends being exact at 2^53. NaN and infinities are text, bytea is base64 (RFC 4648,
/// section 4), moments are ISO 8601 (timestamptz in UTC), ranges are objects of their bounds and
/// composites are objects of their fields, and so is hstore of its pairs. An array's lower bounds are not shown.
///
/// # Errors
/// The type has no faithful shape, the bytes are not of that type, or the text would be too long.
pub fn encode<'a>(ty: &Type, raw: Option<&'a [u8]>) -> Result<Cell<'a>, Error> {
    Encoder::of(ty).cell(raw)
}

/// How the values of one column are read; found once for all of them.
pub(super) enum Encoder<'t> {
    /// Values that hold no others.
    Flat(Show),
    /// All else: down through the type, which is refused there if it cannot be shown.
    Typed(&'t Type),
}

impl<'t> Encoder<'t> {
    /// For a column of this type.
    pub(super) fn of(ty: &'t Type) -> Self {
        match ty.kind() {
            Kind::Simple | Kind::Pseudo => show(ty).map_or(Self::Typed(ty), Self::Flat),
            _ => Self::Typed(ty),
        }
    }

    /// As [`encode`].
    ///
    /// # Errors
    /// As for [`encode`].
    pub(super) fn cell<'a>(&self, raw: Option<&'a [u8]>) -> Result<Cell<'a>, Error> {
        match (raw, self) {
            (None, _) => Ok(Cell::Null),
            // Before anything is made of it: bits become eight times as long.
            (Some(raw), _) if raw.len() > LIMIT => Err(Error::Long),
            (Some(raw), Self::Flat(show)) => bounded(show(raw)?),
            (Some(raw), Self::Typed(ty)) => bounded(value(ty, raw, DEPTH)?),
        }
    }
}

/// Says before anything ran whether every value of this type can be shown.
///
/// # Errors
/// [`Error::Type`], with the innermost type that has no faithful shape.
pub fn showable(ty: &Type) -> Result<(), Error> {
    // Each type is looked at once: composites of composites make a tree of 2^n from n types.
    let (mut seen, mut open) = (BTreeSet::new(), vec![ty]);
    while let Some(ty) = open.pop() {
        if !seen.insert(ty.oid()) {
            continue;
        }
        match ty.kind() {
            Kind::Enum(_) => {}
            Kind::Composite(fields) => open.extend(fields.iter().map(|field| field.type_())),
            Kind::Array(inner)
            | Kind::Domain(inner)
            | Kind::Multirange(inner)
            | Kind::Range(inner) => open.push(inner),
            _ => drop(show(ty)?),
        }
    }
    Ok(())
}

fn bounded(cell: Cell<'_>) -> Result<Cell<'_>, Error> {
    match &cell {
        Cell::Json(text) | Cell::Number(text) | Cell::Text(text) if text.len() > LIMIT => {
            Err(Error::Long)
        }
        _ => Ok(cell),
    }
}

/// A value that is not NULL, with as many levels left to go down.
fn value<'a>(ty: &Type, raw: &'a [u8], depth: usize) -> Result<Cell<'a>, Error> {
    let inner = depth.checked_sub(1).ok_or_else(|| Error::Type(ty.to_string()))?;
    match ty.kind() {
        Kind::Enum(_) => plain::text(raw),
        Kind::Domain(base) => value(base, raw, inner),
        Kind::Array(_) | Kind::Composite(_) | Kind::Multirange(_) | Kind::Range(_) => {
            let mut out = String::new();
            nested::write(ty, raw, inner, &mut out)?;
            Ok(Cell::Json(Cow::Owned(out)))
        }
        _ => show(ty)?(raw),
    }
}

type Show = for<'a> fn(&'a [u8]) -> Result<Cell<'a>, Error>;

fn show(ty: &Type) -> Result<Show, Error> {
    built_in(ty).or_else(|| extension(ty)).ok_or_else(|| Error::Type(ty.to_string()))
}

/// The list of what PostgreSQL brings along and we can show.
fn built_in(ty: &Type) -> Option<Show> {
    let show: Show = match *ty {
        Type::BIT | Type::VARBIT => plain::bits,
        Type::BOOL => plain::boolean,
        Type::BYTEA => plain::bytes,
        Type::CHAR => plain::byte,
        Type::CID | Type::XID => plain::unsigned,
        Type::CIDR => network::cidr,
        Type::DATE => time::date,
        Type::FLOAT4 => number::float4,
        Type::FLOAT8 => number::float8,
        Type::INET => network::inet,
        Type::INT2 => number::int2,
        Type::INT4 => number::int4,
        Type::INT8 => number::int8,
        Type::INTERVAL => time::interval,
        Type::JSON => plain::json,
        Type::JSONB => plain::jsonb,
        Type::JSONPATH => plain::versioned,
        Type::MACADDR => network::macaddr,
        Type::MACADDR8 => network::macaddr8,
        Type::NUMERIC => number::numeric,
        Type::OID => number::oid,
        Type::PG_LSN => plain::log_position,
        Type::TID => plain::row_position,
        Type::TIME => time::time,
        Type::TIMESTAMP => time::timestamp,
        Type::TIMESTAMPTZ => time::timestamptz,
        Type::TIMETZ => time::timetz,
        Type::UUID => plain::uuid,
        Type::VOID => plain::void,
        Type::XID8 => plain::unsigned_long,
        Type::BPCHAR | Type::NAME | Type::TEXT | Type::UNKNOWN | Type::VARCHAR | Type::XML => {
            plain::text
        }
        _ => return None,
    };
    Some(show)
}

/// Types of PostgreSQL's own extensions; their OIDs differ from one database to the next.
fn extension(ty: &Type) -> Option<Show> {
    let show: Show = match (ty.kind(), ty.name()) {
        (Kind::Simple, "citext") => plain::text,
        (Kind::Simple, "hstore") => nested::hstore,
        (Kind::Simple, "lquery" | "ltree" | "ltxtquery") => plain::versioned,
        _ => return None,
    };
    Some(show)
}
