//! The OpenAPI 3.1 document, made from the code that serves the routes.

use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, header};
use utoipa::{Modify, OpenApi};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Postern, for people who decide",
        description = "Requests of agents that wait for people: what waits, one request whole, and what \
                       somebody says to exactly that. A decision names the digest of what was read; what \
                       has another digest is another request."
    ),
    paths(super::approvals, super::approval, super::decide, super::retract, super::health),
    modifiers(&Credentials)
)]
struct Document;

struct Credentials;

impl Modify for Credentials {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        doors::openapi::bound(document);
        let whose = "A person's access token, of an issuer that vouches for people, for its `people_audience`";
        doors::openapi::bearer(document, whose);
    }
}

/// The document as text.
///
/// # Errors
/// Never for the document of this crate; serde's signature has one.
pub fn text() -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(&Document::openapi())
}

/// `GET /openapi.json`.
pub(crate) async fn document() -> Response {
    match text() {
        Ok(text) => ([(header::CONTENT_TYPE, "application/json")], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
