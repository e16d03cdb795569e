//! `POST /v1/query`: one statement on one target.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use doors::Problem;
use enforce::{Ports, Refusal, Released};
use host::Place;
use http::StatusCode;
use request::{Ask, RequestId, Scheme};

use crate::{answer, body, problem};

/// Run one statement on one target.
///
/// The statement is vetted as PostgreSQL reads it, permitted or refused by policy, put on record,
/// run, masked, and put on record again before the answer leaves.
#[utoipa::path(
    post,
    path = "/v1/query",
    request_body = body::Query,
    responses(
        (status = 200, description = "The rows, masked", body = answer::Rows),
        (status = 202, description = "It waits for people", body = answer::Parked),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Not done", body = Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = []), ("dpop" = [], "proof" = []))
)]
pub(crate) async fn query(
    State(ports): State<Arc<Ports>>,
    Extension(place): Extension<Place>,
    request: Request,
) -> Response {
    let id = RequestId::fresh();
    let ask = match read(id.clone(), request, place).await {
        Ok(ask) => ask,
        Err(problem) => return problem.into_response(),
    };
    let (scheme, on) = (ask.presented.scheme, Arc::clone(&ports));
    answered(&id, scheme, &ports, async move { enforce::enforce(ask, &on).await }).await
}

/// The answer of a request that runs on its own, so that a caller who hangs up cannot stop it between
/// the two records.
pub(crate) async fn answered(
    id: &RequestId,
    scheme: Scheme,
    ports: &Ports,
    way: impl Future<Output = Result<Released, Refusal>> + Send + 'static,
) -> Response {
    match tokio::spawn(way).await {
        Ok(Ok(released)) => answer::released(id, &released),
        Ok(Err(refusal)) => problem::refused(id, &refusal, scheme, ports).await,
        Err(_) => {
            tracing::error!(request = %id, "a fault of ours ended the request");
            Problem::plain(StatusCode::INTERNAL_SERVER_ERROR, "a fault of ours ended the request")
                .into_response()
        }
    }
}

/// Reads the request whole; without credentials, not a byte of its body.
pub(crate) async fn read(
    id: RequestId,
    request: Request,
    place: Place,
) -> Result<Ask, Box<Problem>> {
    let (head, body) = request.into_parts();
    let over = doors::over(&head.method, &head.uri);
    let presented = doors::presented(&head.headers, over)?;
    body::read(id, presented, &head.headers, body, place).await
}
