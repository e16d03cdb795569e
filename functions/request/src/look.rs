//! The routes that execute nothing.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Path, Query, State, rejection::QueryRejection},
    response::{IntoResponse, Response},
};
use doors::Problem;
use enforce::{Looked, Ports};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use request::RequestId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{answer, problem};

/// How far a request came. Rows it holds encrypted to the key of the agent only.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of audit::Status, for the document only")]
pub(crate) struct Status {
    /// The request.
    request: String,
    /// Whose it is.
    node: String,
    /// What it addressed.
    target: String,
    /// approved, done, expired, failed, parked, refused, running, unknown or withdrawn.
    state: String,
    /// When it came in, in milliseconds since 1970.
    began: u64,
    /// A stable word for the cause, where it did not end well.
    cause: Option<String>,
    /// Rows that were shown.
    rows: Option<u64>,
    /// Rows that were changed.
    affected: Option<u64>,
    /// The result of what ran while the agent was away: a JWE (RFC 7516, compact; ECDH-ES, A256GCM) for
    /// the key that it had shown in its proof. Its content is what `POST /v1/query` answers.
    result: Option<String>,
}

/// How long the caller would wait.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Patience {
    /// Seconds, at most 20.
    #[serde(default)]
    wait: u64,
}

/// How far one of the caller's own requests came.
#[utoipa::path(
    get,
    path = "/v1/requests/{id}",
    params(
        ("id" = String, Path, description = "The request's id"),
        ("wait" = Option<u64>, Query, description = "Seconds to put the answer off for while the request waits or runs; 20 at most"),
    ),
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
    patience: Result<Query<Patience>, QueryRejection>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let Some(patience) = patience.ok().filter(|Query(patience)| patience.wait <= LONGEST_S) else {
        let text = "`wait` is a number of seconds, at most 20";
        return Problem::plain(StatusCode::BAD_REQUEST, text).into_response();
    };
    let shown = match doors::presented(&headers, doors::over(&method, &uri)) {
        Ok(shown) => shown,
        Err(problem) => return problem.into_response(),
    };
    let asked = RequestId::fresh();
    // A name that is no id belongs to nobody, and is told so only to those who are known.
    let id = RequestId::new(id).unwrap_or_else(|_| asked.clone());
    let patience = Duration::from_secs(patience.wait);
    match enforce::status(&shown, &id, patience, &ports).await {
        Ok(Some(looked)) => told(&looked),
        Ok(None) => Problem::plain(StatusCode::NOT_FOUND, "there is no such request of yours")
            .into_response(),
        Err(refusal) => problem::refused(&asked, &refusal, shown.scheme, &ports).await,
    }
}

/// The status, with the result beside it where one was kept, and when to ask again.
fn told(looked: &Looked) -> Response {
    let Ok(serde_json::Value::Object(mut members)) = serde_json::to_value(&looked.status) else {
        let text = "the status could not be written";
        return Problem::plain(StatusCode::INTERNAL_SERVER_ERROR, text).into_response();
    };
    if let Some(kept) = &looked.kept {
        members.insert("result".into(), kept.as_str().into());
    }
    let mut response =
        answer::json(StatusCode::OK, serde_json::to_vec(&members).unwrap_or_default());
    if looked.goes_on() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
    }
    response
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

/// Below the time that any platform gives a request.
const LONGEST_S: u64 = 20;
