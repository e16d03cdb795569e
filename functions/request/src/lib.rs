//! The function that agents call: HTTP in, one way through `enforce`, HTTP out.
//!
//! The same router serves Lambda, Azure Functions and the emulator. What differs between platforms
//! is put beside a request as a [`host::Place`] by `aws` and `azure`.

mod answer;
#[cfg(feature = "aws")]
pub mod aws;
#[cfg(feature = "azure")]
pub mod azure;
mod body;
mod look;
pub mod openapi;
mod problem;
mod query;
#[cfg(any(feature = "aws", feature = "azure"))]
mod start;
mod token;

use std::sync::Arc;

use axum::{
    Router,
    extract::Request,
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use enforce::Ports;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use problem::Problem;

/// All routes over these ports.
pub fn router(ports: Arc<Ports>) -> Router {
    Router::new()
        .route("/v1/query", post(query::query))
        .route("/v1/requests/{id}", get(look::request))
        .route("/v1/targets", get(look::targets))
        .route("/healthz", get(look::health))
        .route("/openapi.json", get(openapi::document))
        .fallback(async || Problem::plain(StatusCode::NOT_FOUND, "there is nothing at this path"))
        .method_not_allowed_fallback(async || {
            Problem::plain(StatusCode::METHOD_NOT_ALLOWED, "this path does not take this method")
        })
        .layer(middleware::from_fn(bounded))
        .with_state(ports)
}

/// Looks at a request's headers before anything else does, and marks every answer as nobody's to keep.
async fn bounded(request: Request, next: Next) -> Response {
    let mut response = match heavy(request.headers()) {
        true => Problem::plain(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "the request has too many or too long headers",
        )
        .into_response(),
        false => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

fn heavy(headers: &HeaderMap) -> bool {
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    headers.len() > HEADERS || bytes > HEADER_BYTES
}

/// An agent sends a handful; platforms add a dozen or two.
const HEADERS: usize = 96;

/// A token has at most 8 KiB; as much again is for the rest.
const HEADER_BYTES: usize = 16 * 1024;
