//! On Azure Functions: a custom handler behind the queue `approvals`, called by the Functions host and
//! no one else, in a function app of its own.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    response::{IntoResponse as _, Response},
    routing::post,
};
use doors::{Problem, invocation};
use http::StatusCode;

use super::{Error, Queue};

/// The one route, which has the function's name.
pub fn router(queue: Queue) -> Router {
    let routes = Router::new().route("/decide-queue", post(invoke));
    let routes = routes.layer(DefaultBodyLimit::max(invocation::LIMIT));
    doors::bounded(routes, None).with_state(Arc::new(queue))
}

/// A message that fails comes again a few times, and ends in the queue `approvals-poison`.
async fn invoke(State(queue): State<Arc<Queue>>, body: Bytes) -> Response {
    let Some(message) = invocation::message(&body) else {
        return Problem::plain(StatusCode::BAD_REQUEST, invocation::NONE).into_response();
    };
    match queue.take(&message).await {
        Ok(()) => invocation::answered(StatusCode::OK, "done"),
        Err(error @ Error::Poison) => {
            invocation::answered(StatusCode::BAD_REQUEST, &error.to_string())
        }
        Err(error @ Error::Unavailable(_)) => {
            invocation::answered(StatusCode::SERVICE_UNAVAILABLE, &error.to_string())
        }
    }
}
