//! One value of a result on its way to the veil, in the shape it would have in JSON.

use std::borrow::Cow;

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
