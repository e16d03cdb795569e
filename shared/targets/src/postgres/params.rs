//! From the JSON values of a request to the parameters of a prepared statement.
//!
//! Everything is sent in PostgreSQL's text format, in one spelling that no setting of the session
//! (DateStyle, TimeZone, IntervalStyle) can read in another way. What PostgreSQL would round, cut or
//! guess is refused here.

mod moment;
mod nested;
mod scalar;

use std::fmt;

use serde_json::Value;
use tokio_postgres::types::{Format, IsNull, Kind, ToSql, Type, private::BytesMut};
use zeroize::Zeroizing;

use super::encode::{DEPTH, LIMIT};

/// Why the values are not those that the statement takes. None of them appears in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not as many values as there are parameters.
    #[error("the statement takes {wanted} parameters and was given {given}")]
    Count {
        /// How many the statement has.
        wanted: usize,
        /// How many there are.
        given: usize,
    },
    /// Parameter `$n` would exceed [`LIMIT`].
    #[error("parameter ${0} is longer than {LIMIT} bytes as text")]
    Long(usize),
    /// The value is not of the parameter's type.
    #[error("parameter ${number} is not of type `{wanted}`: send {shape}")]
    Mismatch {
        /// The `n` of `$n`.
        number: usize,
        /// The parameter's type.
        wanted: String,
        /// What would do, where the parameter has parts for the part that did not.
        shape: &'static str,
    },
    /// The parameter is of a type that no JSON value stands for, or has a part that is.
    #[error(
        "parameter ${number} needs a `{wanted}`, which is not taken: write `${number}::text::{wanted}`"
    )]
    Type {
        /// The `n` of `$n`.
        number: usize,
        /// The type that is not taken.
        wanted: String,
    },
}

/// One value on its way to the server. Its `Debug` says nothing of what it holds.
pub struct Param(Held);

enum Held {
    Null,
    /// In PostgreSQL's text format.
    Text(String),
    /// The bytes of a bytea.
    Key(Zeroizing<[u8; 64]>),
}

/// Makes one parameter of each value, as the types of the prepared statement want them.
///
/// The shapes are those that [`super::encode::encode`] gives, so that what an answer said can be
/// asked about: 64-bit integers and numeric as text (or as a whole number), bytea in base64 (RFC
/// 4648, section 4), moments in ISO 8601 with a zone if and only if their type has one, arrays as
/// arrays, composites and ranges as objects. Null is NULL, also where the type is json.
///
/// # Errors
/// Not as many values as types, a value that is not of its type, or a type that is not taken.
pub fn bind(values: &[Value], types: &[Type]) -> Result<Vec<Param>, Error> {
    if types.len() != values.len() {
        return Err(Error::Count { wanted: types.len(), given: values.len() });
    }
    let pairs = types.iter().zip(values).zip(1..);
    pairs.map(|((ty, value), number)| one(ty, value, number)).collect()
}

/// As [`bind`], with two padded keys (RFC 2104) behind the values, for the masks that the target
/// itself makes.
///
/// # Errors
/// As [`bind`]; also where the last two parameters are not bytea.
pub fn bind_keyed(
    values: &[Value],
    types: &[Type],
    keys: [Zeroizing<[u8; 64]>; 2],
) -> Result<Vec<Param>, Error> {
    let Some((types, [Type::BYTEA, Type::BYTEA])) = types.split_last_chunk() else {
        return Err(Error::Count { wanted: types.len(), given: values.len() + keys.len() });
    };
    let mut params = bind(values, types)?;
    params.extend(keys.map(|key| Param(Held::Key(key))));
    Ok(params)
}

fn one(ty: &Type, value: &Value, number: usize) -> Result<Param, Error> {
    text(ty, value, DEPTH).map(|text| Param(text.map_or(Held::Null, Held::Text))).map_err(|wrong| {
        match wrong {
            Wrong::Long => Error::Long(number),
            Wrong::Shape(shape) => Error::Mismatch { number, wanted: named(ty), shape },
            Wrong::Type(wanted) => Error::Type { number, wanted },
        }
    })
}

impl fmt::Debug for Param {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Param(_)")
    }
}

impl ToSql for Param {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Sent {
        match &self.0 {
            Held::Null => return Ok(IsNull::Yes),
            Held::Text(text) => out.extend_from_slice(text.as_bytes()),
            Held::Key(key) => out.extend_from_slice(key.as_slice()),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        match &self.0 {
            Held::Null | Held::Text(_) => Format::Text,
            Held::Key(_) => Format::Binary,
        }
    }

    fn to_sql_checked(&self, ty: &Type, out: &mut BytesMut) -> Sent {
        self.to_sql(ty, out)
    }
}

type Sent = Result<IsNull, Box<dyn std::error::Error + Sync + Send>>;

/// As [`Error`], before it is known which parameter it is.
#[derive(Debug, PartialEq, Eq)]
enum Wrong {
    Long,
    /// What would have done.
    Shape(&'static str),
    /// The type that is not taken.
    Type(String),
}

/// The text of a value as PostgreSQL's input function of that type reads it; nothing for NULL.
fn text(ty: &Type, value: &Value, depth: usize) -> Result<Option<String>, Wrong> {
    if value.is_null() {
        return Ok(None);
    }
    let inner = depth.checked_sub(1).ok_or_else(|| Wrong::Type(named(ty)))?;
    let text = match ty.kind() {
        // Arrays that PostgreSQL reads and writes in a way of their own.
        _ if matches!(*ty, Type::INT2_VECTOR | Type::OID_VECTOR) => Err(Wrong::Type(named(ty))),
        Kind::Array(of) => nested::array(of, value, inner),
        Kind::Composite(fields) => nested::composite(fields, value, inner),
        Kind::Domain(base) => return self::text(base, value, inner),
        Kind::Enum(names) => scalar::label(names, value),
        Kind::Multirange(of) => nested::multirange(of, value, inner),
        Kind::Range(of) => nested::range(of, value, inner),
        _ => scalar::text(ty, value),
    }?;
    if text.len() > LIMIT { Err(Wrong::Long) } else { Ok(Some(text)) }
}

/// The type as it is written in SQL.
fn named(ty: &Type) -> String {
    match ty.kind() {
        Kind::Array(of) if !matches!(*ty, Type::INT2_VECTOR | Type::OID_VECTOR) => {
            format!("{of}[]")
        }
        _ => ty.to_string(),
    }
}
