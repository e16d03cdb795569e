//! The function that makes hops: tokens for tokens and tickets, children, ends, keys.
//!
//! HTTP in, one verb of [`delegation`], HTTP out. It alone may use the key that signs. At the token
//! endpoint it says no in OAuth's words (RFC 6749, 5.2), elsewhere by problem documents (RFC 9457).

mod body;
mod events;
mod form;
mod introspect;
mod look;
mod nodes;
mod oauth;
pub mod openapi;
mod problem;
mod spawn;
#[cfg(any(feature = "aws", feature = "azure"))]
mod start;
mod token;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::{
    Router,
    routing::{delete, get, post},
};
use delegation::Ports;

#[cfg(any(feature = "aws", feature = "azure"))]
pub use start::configured;

/// All routes over these ports.
pub fn router(ports: Arc<Ports>) -> Router {
    let routes = Router::new()
        .route("/token", post(token::token))
        .route("/v1/spawn", post(spawn::spawn))
        .route("/v1/nodes/{id}", delete(nodes::end))
        .route("/introspect", post(introspect::introspect))
        .route("/v1/events", post(events::event))
        .route("/.well-known/oauth-authorization-server", get(look::metadata))
        .route("/.well-known/jwks.json", get(look::keys))
        .route("/healthz", get(look::health))
        .route("/openapi.json", get(openapi::document));
    doors::bounded(routes, ports.verifier.own()).with_state(ports)
}
