//! The OpenAPI 3.1 document, made from the code that serves the routes.

use axum::response::Response;
use http::StatusCode;
use utoipa::{Modify, OpenApi};

use crate::{answer, explain, look, metadata, query, waiting};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Postern",
        description = "Runs an agent's statements on the data path: who asks is known, what is asked is \
                       vetted and permitted, what comes back is masked, and all of it is on record."
    ),
    paths(
        query::query,
        explain::explain,
        look::request,
        waiting::run,
        waiting::withdraw,
        look::targets,
        look::health,
        metadata::resource
    ),
    modifiers(&Credentials)
)]
struct Document;

struct Credentials;

impl Modify for Credentials {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        doors::openapi::bound(document);
        doors::openapi::bearer(
            document,
            "An access token of a configured issuer (RFC 6750, RFC 9068)",
        );
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
        Ok(text) => answer::json(StatusCode::OK, text.into_bytes()),
        Err(_) => answer::json(StatusCode::INTERNAL_SERVER_ERROR, b"{}".to_vec()),
    }
}
