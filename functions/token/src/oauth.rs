//! Answers of the token endpoint: tokens (RFC 6749, 5.1; RFC 8693, 2.2) and refusals (RFC 6749, 5.2).

use axum::response::{IntoResponse, Response};
use delegation::{Code, Error, Issued, Ports};
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

/// A token, and what it grants.
#[derive(Serialize, ToSchema)]
pub(crate) struct Token {
    /// The access token.
    access_token: String,
    /// `urn:ietf:params:oauth:token-type:access_token`.
    issued_token_type: &'static str,
    /// `DPoP`, or `Bearer` for a child without a key.
    token_type: &'static str,
    /// Seconds that it lives.
    expires_in: u64,
    /// The rights that were granted (RFC 9396, 7.1).
    #[schema(value_type = Vec<Object>)]
    authorization_details: serde_json::Value,
}

/// Why there is no token.
#[derive(Serialize, ToSchema)]
pub(crate) struct Refused {
    /// A stable word.
    #[schema(example = "invalid_grant")]
    error: &'static str,
    /// What to change in the request.
    error_description: String,
}

/// The token, for its holder alone.
pub(crate) fn issued(issued: &Issued) -> Response {
    let token = Token {
        access_token: issued.token.expose().to_owned(),
        issued_token_type: ACCESS_TOKEN,
        token_type: match issued.class {
            identity::Class::Bound => "DPoP",
            identity::Class::Leaf => "Bearer",
        },
        expires_in: issued.expires_in,
        authorization_details: issued.rights.clone(),
    };
    let mut response = json(StatusCode::OK, &token);
    if let Ok(value) = HeaderValue::from_str(&issued.receipt.to_string()) {
        response.headers_mut().insert(HeaderName::from_static("audit-receipt"), value);
    }
    response
}

/// The refusal. What nobody's fault is who asks is the only one that may be tried again as it is.
pub(crate) fn refused(error: &Error) -> Response {
    let code = error.code();
    let status = match code {
        Code::TemporarilyUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::BAD_REQUEST,
    };
    let mut response = said(status, code.name(), &error.told());
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    }
    response
}

/// A request that has not the shape of one.
pub(crate) fn invalid(told: &str) -> Response {
    said(StatusCode::BAD_REQUEST, Code::InvalidRequest.name(), told)
}

/// A grant type that is not served here.
pub(crate) fn unsupported() -> Response {
    let told = "the one `grant_type` is urn:ietf:params:oauth:grant-type:token-exchange";
    said(StatusCode::BAD_REQUEST, "unsupported_grant_type", told)
}

/// A fault of ours.
pub(crate) fn broken() -> Response {
    said(StatusCode::INTERNAL_SERVER_ERROR, "server_error", "a fault of ours ended the request")
}

fn said(status: StatusCode, error: &'static str, told: &str) -> Response {
    json(status, &Refused { error, error_description: told.chars().map(plain).collect() })
}

/// A description has ASCII without quotes and backslashes (RFC 6749, 5.2).
fn plain(c: char) -> char {
    match c {
        '"' => '\'',
        '\\' => '/',
        ' '..='~' => c,
        _ => '?',
    }
}

/// Gives the client a nonce for its next proof, where nonces are in use (RFC 9449, 8.2).
pub(crate) async fn with_nonce(mut response: Response, on: &Ports) -> Response {
    let nonce = on.verifier.nonce().await.ok().flatten();
    if let Some(value) = nonce.and_then(|nonce| HeaderValue::from_str(&nonce).ok()) {
        response.headers_mut().insert(HeaderName::from_static("dpop-nonce"), value);
    }
    response
}

/// An answer of JSON.
pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Response {
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    match serde_json::to_vec(value) {
        Ok(body) => (status, kind, body).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The kind of token that is issued (RFC 8693, 3).
pub(crate) const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
