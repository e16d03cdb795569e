//! What stands in front of the function: takes HTTP, hands over events, and gives back answers.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{ConnectInfo, Request, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, StatusCode, header};
use tokio::time::timeout;
use uuid::Uuid;

use super::{
    answer, event,
    pool::{Error, Pool},
};
use crate::front;

/// The two services that hand payload format 2.0 to a function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Door {
    /// A Function URL of the invoke mode `BUFFERED` without authorizer.
    #[default]
    FunctionUrl,
    /// An HTTP API of API Gateway v2 with the stage and route `$default`. It decodes the path, gives
    /// up after 30 s, and has its own words for failures.
    HttpApi,
}

pub(super) fn routes(door: Door, pool: Arc<Pool>) -> Router {
    Router::new().fallback(serve).with_state((door, pool))
}

async fn serve(
    State((door, pool)): State<(Door, Arc<Pool>)>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    ask: Request,
) -> Response {
    let request_id = Uuid::new_v4().to_string();
    let mut answer = match event(door, peer, &request_id, ask).await {
        Ok(event) => invoke(door, pool, request_id.clone(), event).await,
        Err(refused) => refused,
    };
    if let Ok(id) = HeaderValue::from_str(&request_id) {
        answer.headers_mut().insert("x-amzn-requestid", id);
    }
    answer
}

async fn event(
    door: Door,
    peer: SocketAddr,
    request_id: &str,
    ask: Request,
) -> Result<Bytes, Response> {
    let (parts, body) = ask.into_parts();
    let body = match front::read(body, EVENT_LIMIT).await {
        Ok(Some(body)) => body,
        Ok(None) => return Err(door.says(StatusCode::PAYLOAD_TOO_LARGE)),
        Err(_) => return Err(door.says(StatusCode::BAD_REQUEST)),
    };
    let from = event::From { door, peer, request_id };
    match event::of(from, parts, &body) {
        Some(event) if event.len() <= EVENT_LIMIT => Ok(event),
        Some(_) => Err(door.says(StatusCode::PAYLOAD_TOO_LARGE)),
        None => Err(door.says(StatusCode::BAD_REQUEST)),
    }
}

async fn invoke(door: Door, pool: Arc<Pool>, request_id: String, event: Bytes) -> Response {
    // On a task of its own: a caller that hangs up does not end the invocation.
    let invoked = tokio::spawn(async move { pool.invoke(&request_id, event).await });
    match timeout(door.patience(), invoked).await {
        Ok(Ok(Ok(payload))) => answer::of(&payload).unwrap_or_else(|| door.says(door.failure())),
        Ok(Ok(Err(Error::Closed))) | Err(_) => door.says(StatusCode::SERVICE_UNAVAILABLE),
        Ok(Ok(Err(Error::Throttled))) => door.says(StatusCode::TOO_MANY_REQUESTS),
        Ok(Ok(Err(Error::Failed(_))) | Err(_)) => door.says(door.failure()),
    }
}

impl Door {
    /// How long an integration may take at most. A Function URL waits as long as the function may run.
    fn patience(self) -> Duration {
        match self {
            Self::FunctionUrl => Duration::from_mins(15),
            Self::HttpApi => Duration::from_secs(30),
        }
    }

    /// What a function that did not answer, or not as it should, looks like from outside.
    fn failure(self) -> StatusCode {
        match self {
            Self::FunctionUrl => StatusCode::BAD_GATEWAY,
            Self::HttpApi => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn says(self, status: StatusCode) -> Response {
        let text = match (self, status) {
            (Self::FunctionUrl, StatusCode::BAD_GATEWAY) => "Internal Server Error",
            (Self::FunctionUrl, StatusCode::TOO_MANY_REQUESTS) => {
                r#"{"Reason":"ConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."}"#
            }
            (Self::HttpApi, StatusCode::INTERNAL_SERVER_ERROR) => {
                r#"{"message":"Internal Server Error"}"#
            }
            (_, StatusCode::BAD_REQUEST) => r#"{"message":"Bad Request"}"#,
            (_, StatusCode::PAYLOAD_TOO_LARGE) => r#"{"message":"Request Entity Too Large"}"#,
            (_, StatusCode::TOO_MANY_REQUESTS) => r#"{"message":"Too Many Requests"}"#,
            _ => r#"{"message":"Service Unavailable"}"#,
        };
        let json = [(header::CONTENT_TYPE, "application/json")];
        (status, json, Body::from(text)).into_response()
    }
}

/// Lambda's quota for the event of a synchronous invocation: 6 MB, base64 and all.
const EVENT_LIMIT: usize = 6_291_456;
