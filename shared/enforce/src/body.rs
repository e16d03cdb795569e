//! A result as its owner gets it: the masked rows, and what is said about them.

use masking::{Head, MaskedCounts, Rows};
use request::RequestId;
use serde::Serialize;

/// Everything of a result but its rows, which are written as the bytes they are.
#[derive(Serialize)]
struct Frame<'a> {
    request: &'a str,
    columns: &'a [Head],
    row_count: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    affected: Option<u64>,
    truncated: bool,
    masked: &'a MaskedCounts,
}

/// The JSON of a result; nothing where it cannot be written.
pub(crate) fn body(id: &RequestId, rows: &Rows) -> Option<Vec<u8>> {
    let frame = Frame {
        request: id.as_str(),
        columns: rows.heads(),
        row_count: rows.count(),
        affected: rows.affected(),
        truncated: rows.truncated(),
        masked: rows.masked(),
    };
    let mut body = serde_json::to_vec(&frame).ok()?;
    // The frame is an object with members, so that its last byte is the brace.
    body.pop();
    body.extend_from_slice(b",\"rows\":");
    body.extend_from_slice(rows.json());
    body.push(b'}');
    Some(body)
}
