//! `POST /v1/query`: one statement on one target.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use enforce::Ports;
use host::Place;
use http::StatusCode;
use request::RequestId;

use crate::{answer, body, problem, problem::Problem, token};

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
    security(("bearer" = []))
)]
pub(crate) async fn query(
    State(ports): State<Arc<Ports>>,
    Extension(place): Extension<Place>,
    request: Request,
) -> Response {
    let id = RequestId::fresh();
    let (head, body) = request.into_parts();
    let ask = match token::bearer(&head.headers) {
        Ok(token) => body::read(id.clone(), token, &head.headers, body, place).await,
        Err(problem) => Err(problem),
    };
    let ask = match ask {
        Ok(ask) => ask,
        Err(problem) => return problem.into_response(),
    };
    // On its own, so that a caller who hangs up cannot stop it between the two records.
    let run = tokio::spawn(async move { enforce::enforce(ask, &ports).await });
    match run.await {
        Ok(Ok(released)) => answer::released(&id, &released),
        Ok(Err(refusal)) => problem::refused(&id, &refusal),
        Err(_) => {
            tracing::error!(request = %id, "a fault of ours ended the request");
            Problem::plain(StatusCode::INTERNAL_SERVER_ERROR, "a fault of ours ended the request")
                .into_response()
        }
    }
}
