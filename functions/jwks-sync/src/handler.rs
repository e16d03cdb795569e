//! On Azure Functions: a custom handler behind a timer, called by the Functions host and no one else.

use std::sync::Arc;

use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    response::{IntoResponse, Response},
    routing::post,
};
use doors::{Problem, Sweeper};
use http::StatusCode;
use serde::Serialize;

use crate::{Force, Sync};

/// What is done each time.
struct Rounds {
    sync: Sync,
    sweeper: Option<Arc<dyn Sweeper>>,
}

/// The one route, which has the function's name. No other function has a timer, so that this one also
/// sweeps, where somebody has to.
pub fn router(sync: Sync, sweeper: Option<Arc<dyn Sweeper>>) -> Router {
    let routes = Router::new().route("/jwks-sync", post(invoke));
    let routes = doors::bounded(routes.layer(DefaultBodyLimit::max(LIMIT)), None);
    routes.with_state(Arc::new(Rounds { sync, sweeper }))
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

async fn invoke(State(rounds): State<Arc<Rounds>>, body: Bytes) -> Response {
    let Ok(invocation) = request::json::strict(&body, DEPTH) else {
        let text = "this is not an invocation by the Functions host";
        return Problem::plain(StatusCode::BAD_REQUEST, text).into_response();
    };
    let summary = rounds.sync.run(&Force::of_invocation(&invocation)).await;
    let mut logs = summary.lines();
    logs.extend(swept(rounds.sweeper.as_deref()).await);
    let answer = Answer { outputs: <_>::default(), logs, return_value: None };
    let status = match summary.is_failure() {
        true => StatusCode::INTERNAL_SERVER_ERROR,
        false => StatusCode::OK,
    };
    (status, Json(answer)).into_response()
}

/// After the keys, which everybody waits for. What could not be swept waits for the next time.
async fn swept(sweeper: Option<&dyn Sweeper>) -> Option<String> {
    match sweeper?.sweep().await {
        Ok(items) => {
            tracing::info!(items, "what was over is forgotten");
            Some(format!("{items} items were over and are forgotten"))
        }
        Err(error) => {
            tracing::warn!(%error, "what is over stays");
            Some(format!("what is over stays: {error}"))
        }
    }
}

/// An invocation of a timer has a few hundred bytes.
const LIMIT: usize = 64 * 1024;
const DEPTH: usize = 32;
