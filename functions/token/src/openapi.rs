//! The OpenAPI 3.1 document, made from the code that serves the routes.

use axum::response::Response;
use http::StatusCode;
use utoipa::{Modify, OpenApi};

use crate::{events, introspect, look, nodes, oauth, spawn, token};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Postern: tokens",
        description = "Turns an issuer's token into one of ours, bound to a key; makes children, each \
                       with less than its parent; ends them with everything below."
    ),
    paths(
        token::token,
        spawn::spawn,
        nodes::end,
        introspect::introspect,
        events::event,
        look::metadata,
        look::keys,
        look::health
    ),
    modifiers(&Credentials)
)]
struct Document;

struct Credentials;

impl Modify for Credentials {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        doors::openapi::bound(document);
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
    match text().and_then(|text| serde_json::from_str::<serde_json::Value>(&text)) {
        Ok(document) => oauth::json(StatusCode::OK, &document),
        Err(_) => oauth::broken(),
    }
}
