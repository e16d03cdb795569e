//! The OpenAPI 3.1 document, made from the code that serves the routes.

use axum::response::Response;
use http::StatusCode;
use utoipa::{
    Modify, OpenApi,
    openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
};

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
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", bearer());
        components.add_security_scheme("dpop", header("Authorization", TOKEN));
        components.add_security_scheme("proof", header("DPoP", PROOF));
    }
}

fn bearer() -> SecurityScheme {
    let scheme = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("An access token of a configured issuer (RFC 6750, RFC 9068)"))
        .build();
    SecurityScheme::Http(scheme)
}

/// OpenAPI knows of no scheme with a proof, so that its two headers are named.
fn header(name: &str, description: &str) -> SecurityScheme {
    SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(name, description)))
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

const TOKEN: &str = "`DPoP` and an access token that is bound to a key (RFC 9449, 7.1)";

const PROOF: &str = "A proof of the token's key for this very request (RFC 9449, 4), with `ath`, and for \
                     `POST /v1/query` also `bdh`: the SHA-256 of the body in base64url";
