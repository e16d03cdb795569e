//! The Runtime API that one instance polls, version 2018-06-01, on a port of its own.

use std::{io, time::Instant};

use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::{Path, State},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::{mpsc, oneshot};

use super::instance::Failure;
use crate::front::{self, Front};

/// What a runtime says.
pub(super) enum Call {
    /// It answered, or reported that it cannot.
    Answer { request_id: String, answer: Result<Bytes, Failure>, verdict: oneshot::Sender<Verdict> },
    /// It will not get ready.
    InitError { kind: String, message: String },
    /// It waits for an event.
    Next { poll: oneshot::Sender<Given>, at: Instant },
}

/// What a runtime is told of its answer.
pub(super) enum Verdict {
    Accepted,
    Long,
    Unknown,
}

/// An event on its way to the function.
pub(super) struct Given {
    pub(super) request_id: String,
    pub(super) deadline_ms: i64,
    pub(super) arn: String,
    pub(super) trace_id: String,
    pub(super) event: Bytes,
}

/// Opens one on a free port. Whoever calls it is the instance: there is no other client.
pub(super) async fn open() -> io::Result<(Front, mpsc::Receiver<Call>)> {
    let (said, calls) = mpsc::channel(4);
    let routes = Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
        .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
        .route("/2018-06-01/runtime/init/error", post(init_error))
        .with_state(said);
    Ok((Front::open(front::listen(0).await?, routes)?, calls))
}

type Said = State<mpsc::Sender<Call>>;

async fn next(State(said): Said) -> Response {
    let (poll, given) = oneshot::channel();
    let call = Call::Next { poll, at: Instant::now() };
    match (said.send(call).await, given.await) {
        (Ok(()), Ok(given)) => event(given),
        _ => refused(StatusCode::GONE, "the instance is being ended", "Ended"),
    }
}

fn event(given: Given) -> Response {
    let headers = [
        ("lambda-runtime-aws-request-id", given.request_id),
        ("lambda-runtime-deadline-ms", given.deadline_ms.to_string()),
        ("lambda-runtime-invoked-function-arn", given.arn),
        ("lambda-runtime-trace-id", given.trace_id),
        (header::CONTENT_TYPE.as_str(), "application/json".into()),
    ];
    (headers, given.event).into_response()
}

async fn response(
    State(said): Said,
    Path(request_id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    if headers.contains_key(RESPONSE_MODE) {
        // A Function URL of the invoke mode BUFFERED, which is the only one that works in a VPC.
        return refused(StatusCode::BAD_REQUEST, "answers are not streamed here", "InvalidRequest");
    }
    match front::read(body, ANSWER_LIMIT).await {
        Ok(Some(body)) => answer(&said, request_id, Ok(body)).await,
        Ok(None) => answer(&said, request_id, Err(Failure::Long(ANSWER_LIMIT))).await,
        Err(_) => refused(StatusCode::BAD_REQUEST, "the answer broke off", "InvalidRequest"),
    }
}

async fn error(
    State(said): Said,
    Path(request_id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let Report { kind, message } = report(&headers, body).await;
    answer(&said, request_id, Err(Failure::Function { kind, message })).await
}

async fn init_error(State(said): Said, headers: HeaderMap, body: Body) -> Response {
    let Report { kind, message } = report(&headers, body).await;
    match said.send(Call::InitError { kind, message }).await {
        Ok(()) => accepted(),
        Err(_) => refused(StatusCode::GONE, "the instance is being ended", "Ended"),
    }
}

async fn answer(
    said: &mpsc::Sender<Call>,
    request_id: String,
    answer: Result<Bytes, Failure>,
) -> Response {
    let (verdict, judged) = oneshot::channel();
    // When nobody listens any more, the sender of the verdict is dropped with the call.
    let _ = said.send(Call::Answer { request_id, answer, verdict }).await;
    match judged.await {
        Ok(Verdict::Accepted) => accepted(),
        Ok(Verdict::Long) => {
            let message = format!("an answer has at most {ANSWER_LIMIT} bytes");
            refused(StatusCode::PAYLOAD_TOO_LARGE, &message, "RequestEntityTooLarge")
        }
        Ok(Verdict::Unknown) | Err(_) => {
            refused(StatusCode::BAD_REQUEST, "no such request runs", "InvalidRequestID")
        }
    }
}

struct Report {
    kind: String,
    message: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Diagnostic {
    error_message: String,
    error_type: String,
}

/// The kind stands in a header, in the body, or nowhere.
async fn report(headers: &HeaderMap, body: Body) -> Report {
    let body = front::read(body, REPORT_LIMIT).await.ok().flatten().unwrap_or_default();
    let said: Diagnostic = serde_json::from_slice(&body).unwrap_or_default();
    let kind = headers.get(ERROR_TYPE).and_then(|kind| kind.to_str().ok()).map(Into::into);
    let kind = Some(said.error_type).filter(|kind| !kind.is_empty()).or(kind);
    Report { kind: kind.unwrap_or_else(|| "an error".into()), message: said.error_message }
}

fn accepted() -> Response {
    (StatusCode::ACCEPTED, Json(json!({"status": "OK"}))).into_response()
}

fn refused(status: StatusCode, message: &str, kind: &str) -> Response {
    (status, Json(json!({"errorMessage": message, "errorType": kind}))).into_response()
}

const RESPONSE_MODE: &str = "lambda-runtime-function-response-mode";
const ERROR_TYPE: &str = "lambda-runtime-function-error-type";

/// Lambda's quota for synchronous answers: 6 MB and a little.
pub(super) const ANSWER_LIMIT: usize = 6_291_556;

const REPORT_LIMIT: usize = 256 << 10;
