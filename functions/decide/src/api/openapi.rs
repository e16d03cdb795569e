//! The OpenAPI 3.1 document, made from the code that serves the routes.

use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, header};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
};

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
        .description(Some(
            "A person's access token, of an issuer that vouches for people, for its `people_audience`",
        ))
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
        Ok(text) => ([(header::CONTENT_TYPE, "application/json")], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

const TOKEN: &str = "`DPoP` and an access token that is bound to a key (RFC 9449, 7.1)";

const PROOF: &str = "A proof of the token's key for this very request (RFC 9449, 4), with `ath`, and for \
                     `POST` also `bdh`: the SHA-256 of the body in base64url";
