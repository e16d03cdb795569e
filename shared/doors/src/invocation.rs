//! A message of a queue, as the Functions host hands it to a custom handler, and what the host wants to
//! hear.

use axum::{
    Json,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use request::json;
use serde_json::{Value, json};

/// The message in an invocation: the one string among its data. `None` where it is no such invocation.
#[must_use]
pub fn message(invocation: &[u8]) -> Option<Vec<u8>> {
    let invocation = json::strict(invocation, DEPTH).ok()?;
    let mut data = invocation.get("Data")?.as_object()?.values();
    match (data.next(), data.next()) {
        (Some(input), None) => plain(input),
        _ => None,
    }
}

/// The host hands strings over as JSON, and JSON of that once more.
fn plain(input: &Value) -> Option<Vec<u8>> {
    let mut text = input.as_str()?.to_owned();
    while let Ok(Value::String(inner)) = serde_json::from_str(&text) {
        text = inner;
    }
    Some(text.into_bytes())
}

/// An answer to the host, with a sentence for its log. There are no outputs: the host takes every
/// string there that happens to be base64 for bytes.
#[must_use]
pub fn answered(status: StatusCode, log: &str) -> Response {
    let answer = json!({"Outputs": {}, "Logs": [log], "ReturnValue": null});
    (status, Json(answer)).into_response()
}

/// A message has 64 KiB at most; its escapes and the host's metadata come on top.
pub const LIMIT: usize = 512 * 1024;

/// What is said of something else.
pub const NONE: &str = "this is not a message from the Functions host";

const DEPTH: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    fn read(input: &Value) -> Option<String> {
        let invocation = json!({"Data": {"message": input}, "Metadata": {"DequeueCount": "1"}});
        message(invocation.to_string().as_bytes()).map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn a_message_is_found_however_often_it_was_wrapped() {
        let text = r#"{"task":"run"}"#;
        let once = Value::from(text);
        let twice = Value::from(once.to_string());
        let thrice = Value::from(twice.to_string());
        for input in [once, twice, thrice] {
            assert_eq!(read(&input).as_deref(), Some(text));
        }
        assert_eq!(read(&Value::from("plain")).as_deref(), Some("plain"));
    }

    #[test]
    fn what_is_no_message_is_none() {
        assert_eq!(read(&json!({"task": "run"})), None);
        for other in ["", "{}", r#"{"Data":{}}"#, r#"{"Data":{"a":"x","b":"y"}}"#, "null"] {
            assert_eq!(message(other.as_bytes()), None, "{other}");
        }
    }
}
