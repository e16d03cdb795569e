//! Integers, floats and numeric.

use std::{borrow::Cow, fmt::Write as _};

use masking::Cell;

use super::{
    Error,
    reader::{Reader, fixed, whole},
};

pub(super) fn int2(raw: &[u8]) -> Result<Cell<'_>, Error> {
    Ok(number(i16::from_be_bytes(fixed(raw)?)))
}

pub(super) fn int4(raw: &[u8]) -> Result<Cell<'_>, Error> {
    Ok(number(i32::from_be_bytes(fixed(raw)?)))
}

/// Text: see [`super::encode`].
pub(super) fn int8(raw: &[u8]) -> Result<Cell<'_>, Error> {
    Ok(Cell::Text(Cow::Owned(i64::from_be_bytes(fixed(raw)?).to_string())))
}

pub(super) fn oid(raw: &[u8]) -> Result<Cell<'_>, Error> {
    Ok(number(u32::from_be_bytes(fixed(raw)?)))
}

pub(super) fn float4(raw: &[u8]) -> Result<Cell<'_>, Error> {
    let float = f32::from_be_bytes(fixed(raw)?);
    // The shortest text of the float itself; that of its double would have digits it never had.
    Ok(named(f64::from(float)).unwrap_or_else(|| shortest(format!("{float:?}"))))
}

pub(super) fn float8(raw: &[u8]) -> Result<Cell<'_>, Error> {
    let float = f64::from_be_bytes(fixed(raw)?);
    Ok(named(float).unwrap_or_else(|| shortest(format!("{float:?}"))))
}

/// Reads the digits in base 10,000 and prints them as `numeric_out` does, scale kept.
pub(super) fn numeric(raw: &[u8]) -> Result<Cell<'_>, Error> {
    let text = whole(raw, |reader| {
        let groups = reader.u16()?;
        let weight = reader.i16()?;
        let sign = reader.u16()?;
        let scale = usize::from(reader.u16()?);
        let digits = (0..groups).map(|_| group(reader)).collect::<Result<Vec<_>, _>>()?;
        if scale > LONGEST_SCALE {
            return Err(Error::Malformed);
        }
        Ok(match sign {
            POSITIVE => decimal("", &digits, weight.into(), scale),
            NEGATIVE => decimal("-", &digits, weight.into(), scale),
            NAN => "NaN".into(),
            INFINITY => "Infinity".into(),
            MINUS_INFINITY => "-Infinity".into(),
            _ => return Err(Error::Malformed),
        })
    })?;
    Ok(Cell::Text(Cow::Owned(text)))
}

fn number<'a>(integer: impl ToString) -> Cell<'a> {
    Cell::Number(Cow::Owned(integer.to_string()))
}

/// The floats that JSON has no number for.
fn named<'a>(float: f64) -> Option<Cell<'a>> {
    let name = match float {
        _ if float.is_nan() => "NaN",
        f64::INFINITY => "Infinity",
        f64::NEG_INFINITY => "-Infinity",
        _ => return None,
    };
    Some(Cell::Text(Cow::Borrowed(name)))
}

/// What `Debug` prints is the shortest text that reads back, with an exponent where that is shorter
/// and with a `.0` that a whole number does not need.
fn shortest<'a>(mut text: String) -> Cell<'a> {
    if text.ends_with(".0") {
        text.truncate(text.len() - 2);
    }
    Cell::Number(Cow::Owned(text))
}

fn group(reader: &mut Reader<'_>) -> Result<u16, Error> {
    let group = reader.u16()?;
    if group < 10_000 { Ok(group) } else { Err(Error::Malformed) }
}

/// `digits[n]` counts 10,000^(weight − n).
fn decimal(sign: &str, digits: &[u16], weight: i32, scale: usize) -> String {
    let digit = |place: i32| {
        let at = usize::try_from(weight - place).ok();
        at.and_then(|at| digits.get(at)).copied().unwrap_or(0)
    };
    let first = if weight < 0 { 0 } else { digit(weight) };
    let mut text = String::with_capacity(sign.len() + 4 * digits.len() + scale + 8);
    // Writing to a String cannot fail.
    let _ = write!(text, "{sign}{first}");
    for place in (0..weight).rev() {
        push_group(&mut text, digit(place));
    }
    if scale > 0 {
        text.push('.');
        let whole = text.len();
        for place in 1..=i32::try_from(scale.div_ceil(4)).unwrap_or(0) {
            push_group(&mut text, digit(-place));
        }
        text.truncate(whole + scale);
    }
    text
}

/// All four digits of a group. Databases are full of amounts, and to format them takes several times
/// as long.
fn push_group(text: &mut String, group: u16) {
    let digits = [1000, 100, 10, 1].map(|unit| u32::from(group / unit % 10));
    text.extend(digits.into_iter().filter_map(|digit| char::from_digit(digit, 10)));
}

// PostgreSQL's numeric.c.
const POSITIVE: u16 = 0x0000;
const NEGATIVE: u16 = 0x4000;
const NAN: u16 = 0xC000;
const INFINITY: u16 = 0xD000;
const MINUS_INFINITY: u16 = 0xF000;
const LONGEST_SCALE: usize = 0x3FFF;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numeric_prints_the_digits_that_its_weight_and_scale_name() {
        assert_eq!(decimal("", &[], 0, 0), "0");
        assert_eq!(decimal("", &[], 0, 2), "0.00");
        assert_eq!(decimal("-", &[1, 5000], 0, 2), "-1.50");
        assert_eq!(decimal("", &[12, 3456], 1, 0), "123456");
        assert_eq!(decimal("", &[1], 2, 0), "100000000");
        assert_eq!(decimal("", &[42], -2, 8), "0.00000042");
        assert_eq!(decimal("", &[42], -2, 7), "0.0000004");
        assert_eq!(decimal("", &[1], -9, 3), "0.000");
    }
}
