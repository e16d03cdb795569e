//! The API: the same steps as on the page, for the command line and for pages of others. Whoever calls
//! is known by an access token of their own, and by nothing that a browser sends by itself.

mod body;
mod caller;
pub mod openapi;
mod problem;
mod shapes;

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::{Path, RawQuery, Request, State},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use decisions::Listed;
use doors::Problem;
use host::Place;
use http::{HeaderValue, StatusCode, header};
use request::RequestId;
use serde::Serialize;

use crate::Desk;
use caller::{Caller, caller};
use problem::of;
use shapes::{Approval, Approvals, Outcome, Past};

/// The API's routes.
pub(crate) fn routes() -> Router<Arc<Desk>> {
    Router::new()
        .route("/v1/approvals", get(approvals))
        .route("/v1/approvals/{id}", get(approval))
        .route("/v1/approvals/{id}/decision", post(decide).delete(retract))
        .route("/healthz", get(health))
        .route("/openapi.json", get(openapi::document))
}

type On = State<Arc<Desk>>;
type Answer = Result<Response, Box<Problem>>;

/// What waits for the caller, what ends first before the rest. With `?past`, what was decided lately.
#[utoipa::path(
    get,
    path = "/v1/approvals",
    params(("past" = Option<String>, Query, description = "What was decided, newest first, instead of what waits")),
    responses(
        (status = 200, body = Approvals),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", body = Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = []), ("dpop" = [], "proof" = []))
)]
pub(crate) async fn approvals(
    State(on): On,
    RawQuery(query): RawQuery,
    request: Request,
) -> Response {
    let done = async {
        let past = match query.as_deref() {
            None | Some("") => false,
            Some("past" | "past=" | "past=true" | "past=1") => true,
            Some(_) => return Err(Box::new(bad("the only parameter is `past`"))),
        };
        let Caller { person, .. } = caller(request, &on).await?;
        match past {
            true => {
                let all = decisions::past(&person, &on.decisions).await;
                let Listed { all: approvals, more } = all.map_err(|error| of(&error))?;
                Ok(json(StatusCode::OK, &Past { approvals, more }))
            }
            false => {
                let all = decisions::queue(&person, &on.decisions).await;
                let Listed { all: approvals, more } = all.map_err(|error| of(&error))?;
                Ok(json(StatusCode::OK, &Approvals { approvals, more }))
            }
        }
    };
    answered(done.await)
}

/// One request whole, with the digest by which it is decided. That it was shown is on record.
#[utoipa::path(
    get,
    path = "/v1/approvals/{id}",
    params(("id" = String, Path, description = "The request's id")),
    responses(
        (status = 200, body = Approval),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", body = Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = []), ("dpop" = [], "proof" = []))
)]
pub(crate) async fn approval(
    State(on): On,
    Extension(place): Extension<Place>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let done = async {
        let Caller { person, .. } = caller(request, &on).await?;
        let id = named(id)?;
        let sheet = decisions::sheet(&id, &person, &place.source, &on.decisions).await;
        Ok(json(StatusCode::OK, &Approval::of(&sheet.map_err(|error| of(&error))?)))
    };
    answered(done.await)
}

/// Approve or refuse exactly what has this digest.
#[utoipa::path(
    post,
    path = "/v1/approvals/{id}/decision",
    params(("id" = String, Path, description = "The request's id")),
    request_body = body::Decision,
    responses(
        (status = 200, body = Outcome),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", body = Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = []), ("dpop" = [], "proof" = []))
)]
pub(crate) async fn decide(
    State(on): On,
    Extension(place): Extension<Place>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let done = async {
        let Caller { person, body } = caller(request, &on).await?;
        let said = body::read(&body)?;
        let id = named(id)?;
        let said_word = said.verdict;
        let decided = decisions::decide(&id, said, &person, &place.source, &on.decisions).await;
        let decided = decided.map_err(|error| of(&error))?;
        tracing::info!(request = %id, verdict = said_word.name(), "decided");
        Ok(json(StatusCode::OK, &Outcome::of(&decided)))
    };
    answered(done.await)
}

/// Take one's own approval back, as long as it has not been used.
#[utoipa::path(
    delete,
    path = "/v1/approvals/{id}/decision",
    params(("id" = String, Path, description = "The request's id")),
    responses(
        (status = 200, body = Outcome),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", body = Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = []), ("dpop" = [], "proof" = []))
)]
pub(crate) async fn retract(
    State(on): On,
    Extension(place): Extension<Place>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let done = async {
        let Caller { person, .. } = caller(request, &on).await?;
        let id = named(id)?;
        let retracted = decisions::retract(&id, &person, &place.source, &on.decisions).await;
        Ok(json(StatusCode::OK, &Outcome::of(&retracted.map_err(|error| of(&error))?)))
    };
    answered(done.await)
}

/// Whether the function is there. It says nothing of what is behind it.
#[utoipa::path(get, path = "/healthz", responses((status = 200, description = "It is")))]
pub(crate) async fn health() -> Response {
    #[derive(Serialize)]
    struct Health {
        status: &'static str,
    }
    json(StatusCode::OK, &Health { status: "ok" })
}

/// A name that is no id is the name of no request.
fn named(id: String) -> Result<RequestId, Box<Problem>> {
    RequestId::new(id).map_err(|_| of(&decisions::Error::Missing))
}

fn bad(text: &str) -> Problem {
    Problem::plain(StatusCode::BAD_REQUEST, text)
}

fn answered(answer: Answer) -> Response {
    answer.unwrap_or_else(|problem| problem.into_response())
}

fn json(status: StatusCode, body: &impl Serialize) -> Response {
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    (status, kind, serde_json::to_vec(body).unwrap_or_default()).into_response()
}
