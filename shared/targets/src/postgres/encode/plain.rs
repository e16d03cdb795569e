//! Text, bytes, bits, JSON and the marks that PostgreSQL keeps of rows and transactions.

use std::{borrow::Cow, fmt::Write as _};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use masking::Cell;
use serde::de::IgnoredAny;

use super::{
    Error,
    reader::{fixed, whole},
};

pub(super) fn boolean(raw: &[u8]) -> Result<Cell<'_>, Error> {
    match raw {
        [0] => Ok(Cell::Bool(false)),
        [1] => Ok(Cell::Bool(true)),
        _ => Err(Error::Malformed),
    }
}

pub(super) fn text(raw: &[u8]) -> Result<Cell<'_>, Error> {
    utf8(raw).map(|text| Cell::Text(Cow::Borrowed(text)))
}

/// Text after a byte that says which version of the format it has.
pub(super) fn versioned(raw: &[u8]) -> Result<Cell<'_>, Error> {
    text(first_version(raw)?)
}

pub(super) fn json(raw: &[u8]) -> Result<Cell<'_>, Error> {
    let text = utf8(raw)?;
    // INVARIANT: what is copied into an answer as JSON is one whole document. A server that is not
    // PostgreSQL could otherwise close our object and open one of its own.
    serde_json::from_str::<IgnoredAny>(text).map_err(|_| Error::Malformed)?;
    Ok(Cell::Json(Cow::Borrowed(text)))
}

pub(super) fn jsonb(raw: &[u8]) -> Result<Cell<'_>, Error> {
    json(first_version(raw)?)
}

pub(super) fn bytes(raw: &[u8]) -> Result<Cell<'_>, Error> {
    Ok(owned(STANDARD.encode(raw)))
}

/// The one-byte type "char": nothing for 0, ASCII as it is, and beyond that `\ooo` in octal digits,
/// since one byte of a longer character is no text.
pub(super) fn byte(raw: &[u8]) -> Result<Cell<'_>, Error> {
    let [byte] = fixed(raw)?;
    Ok(owned(match byte {
        0 => String::new(),
        byte if byte.is_ascii() => char::from(byte).to_string(),
        byte => format!("\\{byte:03o}"),
    }))
}

pub(super) fn bits(raw: &[u8]) -> Result<Cell<'_>, Error> {
    let text = whole(raw, |reader| {
        let count = reader.count()?;
        let mut text = String::with_capacity(reader.left() * 8);
        for byte in reader.take(count.div_ceil(8))? {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:08b}");
        }
        text.truncate(count);
        Ok(text)
    })?;
    Ok(owned(text))
}

pub(super) fn uuid(raw: &[u8]) -> Result<Cell<'_>, Error> {
    Ok(owned(uuid::Uuid::from_bytes(fixed(raw)?).to_string()))
}

/// Transaction and command ids, as text because nobody counts with them.
pub(super) fn unsigned(raw: &[u8]) -> Result<Cell<'_>, Error> {
    Ok(owned(u32::from_be_bytes(fixed(raw)?).to_string()))
}

pub(super) fn unsigned_long(raw: &[u8]) -> Result<Cell<'_>, Error> {
    Ok(owned(u64::from_be_bytes(fixed(raw)?).to_string()))
}

/// A place in the write-ahead log, as `pg_lsn_out` prints it.
pub(super) fn log_position(raw: &[u8]) -> Result<Cell<'_>, Error> {
    let place = u64::from_be_bytes(fixed(raw)?);
    Ok(owned(format!("{:X}/{:X}", place >> 32, place & 0xFFFF_FFFF)))
}

/// A row's block and its place in there.
pub(super) fn row_position(raw: &[u8]) -> Result<Cell<'_>, Error> {
    let (block, place) = whole(raw, |reader| Ok((reader.u32()?, reader.u16()?)))?;
    Ok(owned(format!("({block},{place})")))
}

pub(super) fn void(raw: &[u8]) -> Result<Cell<'_>, Error> {
    if raw.is_empty() { Ok(Cell::Null) } else { Err(Error::Malformed) }
}

fn owned<'a>(text: String) -> Cell<'a> {
    Cell::Text(Cow::Owned(text))
}

fn utf8(raw: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(raw).map_err(|_| Error::Malformed)
}

fn first_version(raw: &[u8]) -> Result<&[u8], Error> {
    match raw {
        [1, text @ ..] => Ok(text),
        _ => Err(Error::Malformed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_that_would_break_out_of_the_answer_is_malformed() {
        assert!(json(br#"{"a":[1,null]}"#).is_ok());
        for text in [&br#"1},"b":{"c":1"#[..], b"", b"[1", b"1 2", b"\"\xFF\"", b"nul"] {
            assert_eq!(json(text).err(), Some(Error::Malformed));
        }
    }

    #[test]
    fn deep_documents_do_not_end_the_process() {
        let deep = [vec![b'['; 1_000_000], vec![b']'; 1_000_000]].concat();
        // Either verdict will do; a stack that overflows will not.
        let _ = json(&deep);
    }
}
