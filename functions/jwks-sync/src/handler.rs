//! On Azure Functions: a custom handler behind a timer, called by the Functions host and no one else.

use std::sync::Arc;

use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    response::{IntoResponse, Response},
    routing::post,
};
use doors::Problem;
use http::StatusCode;
use serde::Serialize;

use crate::{Force, Sync};

/// The one route, which has the function's name.
pub fn router(sync: Arc<Sync>) -> Router {
    let routes = Router::new().route("/jwks-sync", post(invoke));
    doors::bounded(routes.layer(DefaultBodyLimit::max(LIMIT)), None).with_state(sync)
}

/// What the host wants to hear. It takes every string that happens to be base64 for bytes; sentences
/// are none.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    outputs: serde_json::Map<String, serde_json::Value>,
    logs: Vec<String>,
    return_value: Option<()>,
}

async fn invoke(State(sync): State<Arc<Sync>>, body: Bytes) -> Response {
    let Ok(invocation) = request::json::strict(&body, DEPTH) else {
        let text = "this is not an invocation by the Functions host";
        return Problem::plain(StatusCode::BAD_REQUEST, text).into_response();
    };
    let summary = sync.run(&Force::of_invocation(&invocation)).await;
    let answer = Answer { outputs: <_>::default(), logs: summary.lines(), return_value: None };
    let status = match summary.is_failure() {
        true => StatusCode::INTERNAL_SERVER_ERROR,
        false => StatusCode::OK,
    };
    (status, Json(answer)).into_response()
}

/// An invocation of a timer has a few hundred bytes.
const LIMIT: usize = 64 * 1024;
const DEPTH: usize = 32;
