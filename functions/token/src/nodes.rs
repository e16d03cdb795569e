//! `DELETE /v1/nodes/{id}`: a node ends, and all below it.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Path, Request, State},
    response::{IntoResponse, Response},
};
use delegation::{Call, Ports, Revoke};
use doors::Problem;
use host::Place;
use http::{HeaderName, HeaderValue, StatusCode};
use request::RequestId;

use crate::problem::{broken, refused};

/// End the caller's own node, or one below it.
///
/// When this returns, neither the node nor anything below it can do or get anything. Ending a node
/// again changes nothing.
#[utoipa::path(
    delete,
    path = "/v1/nodes/{id}",
    params(("id" = String, Path, description = "The node's id")),
    responses(
        (status = 204, description = "It has ended"),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Not done", body = Problem, content_type = "application/problem+json"),
    ),
    security(("dpop" = [], "proof" = []))
)]
pub(crate) async fn end(
    State(ports): State<Arc<Ports>>,
    Extension(place): Extension<Place>,
    Path(node): Path<String>,
    request: Request,
) -> Response {
    let id = RequestId::fresh();
    let over = doors::over(request.method(), request.uri());
    let presented = match doors::presented(request.headers(), over) {
        Ok(presented) => presented,
        Err(problem) => return problem.into_response(),
    };
    let scheme = presented.scheme;
    let ask = Revoke { presented, node, call: Call { id: id.clone(), source: place.source } };
    let on = Arc::clone(&ports);
    match tokio::spawn(async move { delegation::revoke(ask, &on).await }).await {
        Ok(Ok(receipt)) => {
            let mut response = StatusCode::NO_CONTENT.into_response();
            if let Ok(value) = HeaderValue::from_str(&receipt.to_string()) {
                response.headers_mut().insert(HeaderName::from_static("audit-receipt"), value);
            }
            response
        }
        Ok(Err(error)) => refused(&id, &error, scheme, &ports).await.into_response(),
        Err(_) => broken(&id).into_response(),
    }
}
