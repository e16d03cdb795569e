//! One value of a result on its way to the veil, in the shape it would have in JSON.

use std::borrow::Cow;

use serde::de::IgnoredAny;

use crate::{Error, detect};

/// A value that a driver read and has not shown to anybody.
///
/// It has no `Debug` and no `Serialize`: the veil is the only one that looks inside.
pub enum Cell<'a> {
    /// SQL NULL.
    Null,
    /// A boolean.
    Bool(bool),
    /// The characters of a JSON number (RFC 8259, section 6).
    Number(Cow<'a, str>),
    /// Text, not yet quoted.
    Text(Cow<'a, str>),
    /// One JSON document as text: json, jsonb, and what arrays, ranges and composites become.
    Json(Cow<'a, str>),
}

impl Cell<'_> {
    /// Writes it as JSON.
    ///
    /// # Errors
    /// [`Error::Value`] for a number or document that is none.
    pub(crate) fn write(&self, out: &mut Vec<u8>) -> Result<(), Error> {
        match self {
            Cell::Null => out.extend_from_slice(b"null"),
            Cell::Bool(true) => out.extend_from_slice(b"true"),
            Cell::Bool(false) => out.extend_from_slice(b"false"),
            Cell::Number(text) if detect::is_number(text) => out.extend_from_slice(text.as_bytes()),
            Cell::Number(_) => return Err(Error::Value),
            Cell::Text(text) => serde_json::to_writer(&mut *out, text).map_err(|_| Error::Value)?,
            Cell::Json(text) => {
                // A target could otherwise end the cell early and go on with rows of its own making.
                serde_json::from_str::<IgnoredAny>(text).map_err(|_| Error::Value)?;
                out.extend_from_slice(text.as_bytes());
            }
        }
        Ok(())
    }
}
