//! What everybody may read: our metadata (RFC 8414), our public keys (RFC 7517), and that we are here.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use delegation::Ports;
use doors::{PROOFS, Problem};
use http::{HeaderValue, StatusCode, header};
use identity::Own;
use serde_json::{Value, json};

use crate::{oauth, token::EXCHANGE};

/// How this issuer works (RFC 8414).
#[utoipa::path(
    get,
    path = "/.well-known/oauth-authorization-server",
    responses((status = 200, description = "The metadata", body = Object))
)]
pub(crate) async fn metadata(State(ports): State<Arc<Ports>>) -> Response {
    public(ports.verifier.own().map(described))
}

/// The public keys that our tokens are signed with (RFC 7517).
#[utoipa::path(
    get,
    path = "/.well-known/jwks.json",
    responses((status = 200, description = "The key set", body = Object))
)]
pub(crate) async fn keys(State(ports): State<Arc<Ports>>) -> Response {
    public(ports.verifier.own().map(|own| own.key_set().clone()))
}

/// Whether the function is there. It says nothing of what is behind it.
#[utoipa::path(get, path = "/healthz", responses((status = 200, description = "It is")))]
pub(crate) async fn health() -> Response {
    oauth::json(StatusCode::OK, &json!({"status": "ok"}))
}

fn described(own: &Own) -> Value {
    // Below the issuer, where whoever finds this document by its name looks (RFC 8414, 3).
    let base = own.issuer();
    json!({
        "issuer": own.issuer(),
        "token_endpoint": format!("{base}/token"),
        "introspection_endpoint": format!("{base}/introspect"),
        "jwks_uri": format!("{base}/.well-known/jwks.json"),
        "grant_types_supported": [EXCHANGE],
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": ["none"],
        "dpop_signing_alg_values_supported": PROOFS,
        "authorization_details_types_supported": ["budget", "postgres"],
    })
}

fn public(document: Option<Value>) -> Response {
    let Some(document) = document else {
        let text = "this deployment issues no tokens";
        return Problem::plain(StatusCode::NOT_FOUND, text).into_response();
    };
    let mut response = oauth::json(StatusCode::OK, &document);
    // A key is published for longer than this before it signs.
    let kept = HeaderValue::from_static("public, max-age=300");
    response.headers_mut().insert(header::CACHE_CONTROL, kept);
    response
}
