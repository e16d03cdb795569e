//! A function's answer as an HTTP response: payload format 2.0.

use axum::{body::Body, response::Response};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::front;

/// The response; `None` when the answer is not one, which is the function's fault.
pub(super) fn of(payload: &[u8]) -> Option<Response> {
    let value: Value = serde_json::from_slice(payload).ok()?;
    if value.get("statusCode").is_some() {
        return Answer::deserialize(value).ok()?.response();
    }
    // Without a status the whole payload is the body of a success.
    let mut response = Response::new(Body::from(payload.to_vec()));
    response.headers_mut().insert(header::CONTENT_TYPE, JSON);
    Some(response)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    status_code: u16,
    headers: Option<Map<String, Value>>,
    multi_value_headers: Option<Map<String, Value>>,
    cookies: Option<Vec<String>>,
    body: Option<String>,
    is_base64_encoded: Option<bool>,
}

impl Answer {
    fn response(self) -> Option<Response> {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status(self.status_code)?;
        *response.headers_mut() = self.headers()?;
        let body = self.body.unwrap_or_default();
        let body = match self.is_base64_encoded {
            Some(true) => BASE64_STANDARD.decode(body).ok()?,
            _ => body.into_bytes(),
        };
        if !body.is_empty() {
            response.headers_mut().entry(header::CONTENT_TYPE).or_insert(JSON);
        }
        *response.body_mut() = Body::from(body);
        Some(response)
    }

    fn headers(&self) -> Option<HeaderMap> {
        let mut headers = HeaderMap::new();
        for (name, value) in self.headers.iter().flatten() {
            headers.insert(HeaderName::try_from(name).ok()?, scalar(value)?);
        }
        for (name, values) in self.multi_value_headers.iter().flatten() {
            for value in values.as_array()? {
                headers.append(HeaderName::try_from(name).ok()?, scalar(value)?);
            }
        }
        for cookie in self.cookies.iter().flatten() {
            headers.append(header::SET_COOKIE, cookie.parse().ok()?);
        }
        // How the body is framed is for the server to say.
        front::drop_hop_by_hop(&mut headers);
        headers.remove(header::CONTENT_LENGTH);
        Some(headers)
    }
}

/// A final status. One of 1xx would leave the caller waiting.
fn status(code: u16) -> Option<StatusCode> {
    (200..600).contains(&code).then(|| StatusCode::from_u16(code).ok()).flatten()
}

fn scalar(value: &Value) -> Option<HeaderValue> {
    match value {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.to_string().parse().ok(),
        Value::Bool(truth) => truth.to_string().parse().ok(),
        _ => None,
    }
}

const JSON: HeaderValue = HeaderValue::from_static("application/json");

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    #[tokio::test]
    async fn a_payload_without_a_status_is_the_body_of_a_success() {
        for payload in [r#"{"a": 1}"#, r#""text""#, "[]", "null"] {
            let response = of(payload.as_bytes()).unwrap();
            assert_eq!(response.status(), 200);
            assert_eq!(response.headers()["content-type"], "application/json");
            assert_eq!(to_bytes(response.into_body(), 99).await.unwrap(), payload);
        }
    }

    #[tokio::test]
    async fn headers_cookies_and_base64_are_unfolded() {
        let response = of(br#"{"statusCode": 201, "body": "/wA=", "isBase64Encoded": true,
            "headers": {"X-Text": "a", "x-number": 2, "x-truth": true, "content-length": "9"},
            "multiValueHeaders": {"x-many": ["1", "2"]}, "cookies": ["a=1", "b=2"]}"#)
        .unwrap();
        assert_eq!(response.status(), 201);
        let headers = response.headers();
        let all = |name: &str| headers.get_all(name).iter().cloned().collect::<Vec<_>>();
        assert_eq!(all("x-text"), ["a"]);
        assert_eq!(all("x-number"), ["2"]);
        assert_eq!(all("x-truth"), ["true"]);
        assert_eq!(all("x-many"), ["1", "2"]);
        assert_eq!(all("set-cookie"), ["a=1", "b=2"]);
        assert_eq!(all("content-length"), [""; 0]);
        assert_eq!(to_bytes(response.into_body(), 99).await.unwrap(), [0xff, 0x00][..]);
    }

    #[test]
    fn what_is_not_an_answer_is_none() {
        for payload in [
            "",
            "{",
            r#"{"statusCode": "200"}"#,
            r#"{"statusCode": 101}"#,
            r#"{"statusCode": 600}"#,
            r#"{"statusCode": 200, "body": {}}"#,
            r#"{"statusCode": 200, "body": "!", "isBase64Encoded": true}"#,
            r#"{"statusCode": 200, "headers": {"a b": "c"}}"#,
            r#"{"statusCode": 200, "headers": {"a": "b\r\nc: d"}}"#,
            r#"{"statusCode": 200, "headers": {"a": {}}}"#,
            r#"{"statusCode": 200, "cookies": ["a\n"]}"#,
        ] {
            assert!(of(payload.as_bytes()).is_none(), "{payload}");
        }
    }
}
