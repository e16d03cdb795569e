//! Values without parts: booleans, numbers, text, bytes, addresses.

use std::{fmt::Write as _, net::IpAddr};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;
use tokio_postgres::types::{Kind, Type};

use super::{Wrong, moment, nested};

/// The text of a value that is not null.
pub(super) fn text(ty: &Type, value: &Value) -> Result<String, Wrong> {
    let read = built_in(ty).or_else(|| extension(ty));
    read.ok_or_else(|| Wrong::Type(super::named(ty)))?(value)
}

/// One of the names of an enum.
pub(super) fn label(names: &[String], value: &Value) -> Result<String, Wrong> {
    let name = string(value).filter(|name| names.iter().any(|known| known == name));
    name.map(str::to_owned).ok_or(Wrong::Shape("one of its labels"))
}

/// A string that PostgreSQL can hold: it has no NUL.
pub(super) fn string(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.contains('\0'))
}

/// As PostgreSQL takes it: with no NUL in any string of it.
pub(super) fn document(value: &Value) -> Result<String, Wrong> {
    if clean(value) { Ok(value.to_string()) } else { Err(Wrong::Shape("JSON without \\u0000")) }
}

type Read = fn(&Value) -> Result<String, Wrong>;

fn built_in(ty: &Type) -> Option<Read> {
    let read: Read = match *ty {
        Type::BIT | Type::VARBIT => bits,
        Type::BOOL => boolean,
        Type::BPCHAR | Type::TEXT | Type::UNKNOWN | Type::VARCHAR | Type::XML => plain,
        Type::BYTEA => bytes,
        Type::CHAR => byte,
        Type::CID | Type::XID => unsigned,
        Type::CIDR => cidr,
        Type::DATE => moment::date,
        Type::FLOAT4 => float4,
        Type::FLOAT8 => float8,
        Type::INET => inet,
        Type::INT2 => int2,
        Type::INT4 => int4,
        Type::INT8 => int8,
        Type::INTERVAL => moment::interval,
        Type::JSON | Type::JSONB => document,
        Type::JSONPATH => plain,
        Type::MACADDR => macaddr,
        Type::MACADDR8 => macaddr8,
        Type::NAME => name,
        Type::NUMERIC => numeric,
        Type::OID => oid,
        Type::TIME => moment::time,
        Type::TIMESTAMP => moment::timestamp,
        Type::TIMESTAMPTZ => moment::timestamptz,
        Type::TIMETZ => moment::timetz,
        Type::UUID => uuid,
        Type::XID8 => unsigned_long,
        _ => return None,
    };
    Some(read)
}

/// Types of PostgreSQL's own extensions; their OIDs differ from one database to the next.
fn extension(ty: &Type) -> Option<Read> {
    let read: Read = match (ty.kind(), ty.name()) {
        (Kind::Simple, "citext" | "lquery" | "ltree" | "ltxtquery") => plain,
        (Kind::Simple, "hstore") => nested::hstore,
        _ => return None,
    };
    Some(read)
}

fn boolean(value: &Value) -> Result<String, Wrong> {
    value.as_bool().map(|bool| bool.to_string()).ok_or(Wrong::Shape("true or false"))
}

fn int2(value: &Value) -> Result<String, Wrong> {
    whole::<i16>(value, "a whole number of 16 bits")
}

fn int4(value: &Value) -> Result<String, Wrong> {
    whole::<i32>(value, "a whole number of 32 bits")
}

fn oid(value: &Value) -> Result<String, Wrong> {
    whole::<u32>(value, "a whole number of 32 bits that is not negative")
}

fn whole<N: TryFrom<i64> + ToString>(value: &Value, shape: &'static str) -> Result<String, Wrong> {
    let number = value.as_i64().and_then(|number| N::try_from(number).ok());
    number.map(|number| number.to_string()).ok_or(Wrong::Shape(shape))
}

fn int8(value: &Value) -> Result<String, Wrong> {
    let number = value.as_i64().or_else(|| parsed(value));
    number.map(|n: i64| n.to_string()).ok_or(Wrong::Shape("a whole number of 64 bits, or its text"))
}

/// Transaction and command ids, which answers have as text.
fn unsigned(value: &Value) -> Result<String, Wrong> {
    let number: Option<u32> = parsed(value);
    number.map(|n| n.to_string()).ok_or(Wrong::Shape("the text of a whole number of 32 bits"))
}

fn unsigned_long(value: &Value) -> Result<String, Wrong> {
    let number: Option<u64> = parsed(value);
    number.map(|n| n.to_string()).ok_or(Wrong::Shape("the text of a whole number of 64 bits"))
}

fn parsed<N: std::str::FromStr>(value: &Value) -> Option<N> {
    value.as_str()?.parse().ok()
}

fn float4(value: &Value) -> Result<String, Wrong> {
    // A double that single precision makes infinite or zero is another number.
    let fits = |double: f64| {
        #[expect(clippy::cast_possible_truncation, reason = "whether it is one is the question")]
        let single = double as f32;
        single.is_finite() && (single == 0.0) == (double == 0.0)
    };
    match value.as_f64() {
        Some(double) if !fits(double) => Err(FLOAT),
        _ => float8(value),
    }
}

fn float8(value: &Value) -> Result<String, Wrong> {
    match value {
        Value::Number(number) => Ok(number.to_string()),
        Value::String(name) if NOT_A_NUMBER.contains(&name.as_str()) => Ok(name.clone()),
        _ => Err(FLOAT),
    }
}

/// A JSON number with a point has been through a double, and so is not the digits that were sent.
fn numeric(value: &Value) -> Result<String, Wrong> {
    match value {
        Value::Number(number) if !number.is_f64() => Ok(number.to_string()),
        Value::String(text) if decimal(text) || NOT_A_NUMBER.contains(&text.as_str()) => {
            Ok(text.clone())
        }
        _ => Err(Wrong::Shape("the text of a decimal number, or a whole number")),
    }
}

/// A sign, digits, and a point between or after them.
fn decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, part].iter().all(|digits| !digits.is_empty() && moment::all_digits(digits))
}

fn plain(value: &Value) -> Result<String, Wrong> {
    string(value).map(str::to_owned).ok_or(TEXT)
}

/// PostgreSQL would cut a longer one without a word.
fn name(value: &Value) -> Result<String, Wrong> {
    let name = string(value).filter(|name| name.len() <= NAME);
    name.map(str::to_owned).ok_or(Wrong::Shape("text of at most 63 bytes without \\u0000"))
}

/// The one-byte type "char".
fn byte(value: &Value) -> Result<String, Wrong> {
    let byte = string(value).filter(|text| text.len() <= 1);
    byte.map(str::to_owned).ok_or(Wrong::Shape("one ASCII character, or none"))
}

fn bits(value: &Value) -> Result<String, Wrong> {
    let bits = value.as_str().filter(|text| text.bytes().all(|b| matches!(b, b'0' | b'1')));
    bits.map(str::to_owned).ok_or(Wrong::Shape("text of the digits 0 and 1"))
}

fn bytes(value: &Value) -> Result<String, Wrong> {
    let bytes = value.as_str().and_then(|text| STANDARD.decode(text).ok());
    let bytes = bytes.ok_or(Wrong::Shape("base64 with its padding"))?;
    let mut text = String::with_capacity(2 + 2 * bytes.len());
    text.push_str("\\x");
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}

fn uuid(value: &Value) -> Result<String, Wrong> {
    let uuid = value.as_str().and_then(|text| uuid::Uuid::try_parse(text).ok());
    uuid.map(|uuid| uuid.to_string()).ok_or(Wrong::Shape("a UUID"))
}

fn inet(value: &Value) -> Result<String, Wrong> {
    let (address, prefix) = network(value).ok_or(Wrong::Shape("an IP address"))?;
    Ok(format!("{address}/{prefix}"))
}

/// One that has bits to the right of its prefix is no network.
fn cidr(value: &Value) -> Result<String, Wrong> {
    let known = network(value).filter(|(address, prefix)| match address {
        IpAddr::V4(v4) => v4.to_bits().checked_shl((*prefix).into()).unwrap_or(0) == 0,
        IpAddr::V6(v6) => v6.to_bits().checked_shl((*prefix).into()).unwrap_or(0) == 0,
    });
    let (address, prefix) = known.ok_or(Wrong::Shape("an IP network, as in 10.0.0.0/8"))?;
    Ok(format!("{address}/{prefix}"))
}

/// An address and the length of its prefix, which is all of it where there is none.
fn network(value: &Value) -> Option<(IpAddr, u8)> {
    let text = value.as_str()?;
    let (address, prefix) = match text.split_once('/') {
        None => (text, None),
        Some((address, prefix)) => (address, Some(prefix)),
    };
    let address: IpAddr = address.parse().ok()?;
    let full = if address.is_ipv4() { 32 } else { 128 };
    let prefix = match prefix {
        None => full,
        Some(digits) if moment::all_digits(digits) => digits.parse().ok()?,
        Some(_) => return None,
    };
    (prefix <= full).then_some((address, prefix))
}

fn macaddr(value: &Value) -> Result<String, Wrong> {
    card(value, 6).ok_or(Wrong::Shape("six pairs of hex digits with colons between them"))
}

fn macaddr8(value: &Value) -> Result<String, Wrong> {
    card(value, 8).ok_or(Wrong::Shape("eight pairs of hex digits with colons between them"))
}

fn card(value: &Value, count: usize) -> Option<String> {
    let text = value.as_str()?;
    let pair = |pair: &str| pair.len() == 2 && pair.bytes().all(|b| b.is_ascii_hexdigit());
    (text.split(':').count() == count && text.split(':').all(pair)).then(|| text.to_owned())
}

/// The document's depth is that of the request, which had to be read first.
fn clean(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().all(clean),
        Value::Object(members) => {
            members.iter().all(|(key, member)| !key.contains('\0') && clean(member))
        }
        Value::String(text) => !text.contains('\0'),
        _ => true,
    }
}

const FLOAT: Wrong = Wrong::Shape("a number of its range, or \"NaN\", \"Infinity\", \"-Infinity\"");
const TEXT: Wrong = Wrong::Shape("text without \\u0000");
const NOT_A_NUMBER: [&str; 3] = ["-Infinity", "Infinity", "NaN"];
/// Bytes: PostgreSQL's NAMEDATALEN less its final NUL.
const NAME: usize = 63;
