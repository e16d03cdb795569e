//! Bodies: bounded, of the one kind that a route takes, and read whole before anything is done.

use axum::body::{Body, Bytes, to_bytes};
use doors::Problem;
use http::{HeaderMap, StatusCode, header};

/// A form (RFC 6749, appendix B).
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
/// JSON (RFC 8259).
pub(crate) const JSON: &str = "application/json";
/// A security event (RFC 8935, 2.2).
pub(crate) const EVENT: &str = "application/secevent+jwt";

/// Reads it.
pub(crate) async fn read(
    headers: &HeaderMap,
    body: Body,
    kind: &'static str,
) -> Result<Bytes, Box<Problem>> {
    if !is(headers, kind) {
        let text = format!("the body must be sent as `Content-Type: {kind}`");
        return Err(Box::new(Problem::plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, &text)));
    }
    to_bytes(body, LIMIT).await.map_err(|_| {
        let text = "the body could not be read, or is longer than 64 KiB";
        Box::new(Problem::plain(StatusCode::PAYLOAD_TOO_LARGE, text))
    })
}

/// Whether exactly one header says that the body is of this kind.
fn is(headers: &HeaderMap, kind: &str) -> bool {
    let said = doors::one(headers, header::CONTENT_TYPE.as_str()).ok().flatten();
    let essence = said.and_then(|said| said.split(';').next()).unwrap_or_default();
    essence.trim().eq_ignore_ascii_case(kind)
}

/// Two tokens of 16 KiB and as many rights, spelt in percent.
const LIMIT: usize = 64 * 1024;
