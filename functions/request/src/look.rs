//! The routes that execute nothing.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use doors::Problem;
use enforce::Ports;
use http::{HeaderMap, Method, StatusCode, Uri};
use request::RequestId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{answer, problem};

/// How far a request came. It never holds rows.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of audit::Status, for the document only")]
pub(crate) struct Status {
    /// The request.
    request: String,
    /// Whose it is.
    node: String,
    /// What it addressed.
    target: String,
    /// done, failed, parked, refused, running or unknown.
    state: String,
    /// When it came in, in milliseconds since 1970.
    began: u64,
    /// A stable word for the cause, where it did not end well.
    cause: Option<String>,
    /// Rows that were shown.
    rows: Option<u64>,
    /// Rows that were changed.
    affected: Option<u64>,
}

/// How far one of the caller's own requests came.
#[utoipa::path(
    get,
    path = "/v1/requests/{id}",
    params(("id" = String, Path, description = "The request's id")),
    responses(
        (status = 200, body = Status),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", body = Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = []), ("dpop" = [], "proof" = []))
)]
pub(crate) async fn request(
    State(ports): State<Arc<Ports>>,
    Path(id): Path<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let shown = match doors::presented(&headers, doors::over(&method, &uri)) {
        Ok(shown) => shown,
        Err(problem) => return problem.into_response(),
    };
    let asked = RequestId::fresh();
    // A name that is no id belongs to nobody, and is told so only to those who are known.
    let id = RequestId::new(id).unwrap_or_else(|_| asked.clone());
    match enforce::status(&shown, &id, &ports).await {
        Ok(Some(status)) => {
            answer::json(StatusCode::OK, serde_json::to_vec(&status).unwrap_or_default())
        }
        Ok(None) => Problem::plain(StatusCode::NOT_FOUND, "there is no such request of yours")
            .into_response(),
        Err(refusal) => problem::refused(&asked, &refusal, shown.scheme, &ports).await,
    }
}

/// Targets within the caller's reach.
#[derive(Serialize, ToSchema)]
pub(crate) struct Targets {
    targets: Vec<Target>,
}

/// One target.
#[derive(Serialize, ToSchema)]
pub(crate) struct Target {
    /// Its name, for `POST /v1/query`.
    name: String,
    /// What it is.
    kind: &'static str,
    /// Words that policies go by.
    labels: Vec<String>,
}

/// What this caller may reach.
#[utoipa::path(
    get,
    path = "/v1/targets",
    responses(
        (status = 200, body = Targets),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", body = Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = []), ("dpop" = [], "proof" = []))
)]
pub(crate) async fn targets(
    State(ports): State<Arc<Ports>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let shown = match doors::presented(&headers, doors::over(&method, &uri)) {
        Ok(shown) => shown,
        Err(problem) => return problem.into_response(),
    };
    match enforce::reachable(&shown, &ports).await {
        Ok(found) => {
            let target = |target: &enforce::Target| Target {
                name: target.name.to_string(),
                kind: target.kind.name(),
                labels: target.labels.clone(),
            };
            let targets = Targets { targets: found.into_iter().map(target).collect() };
            answer::json(StatusCode::OK, serde_json::to_vec(&targets).unwrap_or_default())
        }
        Err(refusal) => problem::refused(&RequestId::fresh(), &refusal, shown.scheme, &ports).await,
    }
}

/// Whether the function is there. It says nothing of what is behind it.
#[utoipa::path(get, path = "/healthz", responses((status = 200, description = "It is")))]
pub(crate) async fn health() -> Response {
    answer::json(StatusCode::OK, b"{\"status\":\"ok\"}".to_vec())
}
