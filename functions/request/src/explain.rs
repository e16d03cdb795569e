//! `POST /v1/explain`: what would become of a request, in its caller's terms.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use doors::Problem;
use enforce::{Explained, Ports};
use host::Place;
use http::StatusCode;
use request::RequestId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{answer, body, problem, query};

/// What `POST /v1/explain` answers where the request would not be refused.
#[derive(Serialize, ToSchema)]
pub(crate) struct Explanation {
    /// `run`, or `park` where people would have to agree first.
    would: &'static str,
    /// `read`, `describe`, `explain`, `write` or `define`.
    class: &'static str,
    /// Relations that it reads.
    reads: Vec<String>,
    /// Relations that it changes.
    writes: Vec<String>,
    /// The columns of its result.
    columns: Vec<Column>,
    /// Rows at most; what is cut says so.
    max_rows: u64,
    /// Bytes at most.
    max_bytes: u64,
    /// Cells at most.
    max_cells: u64,
}

/// A column of the result to expect.
#[derive(Serialize, ToSchema)]
pub(crate) struct Column {
    /// Its name.
    name: String,
    /// Whether masked values are in it.
    masked: bool,
}

impl Explanation {
    fn of(explained: &Explained) -> Self {
        let (reads, writes) = explained.relations();
        let limits = explained.limits();
        let column =
            |expected: enforce::Expected| Column { name: expected.name, masked: expected.masked };
        Self {
            would: if explained.asks_people() { "park" } else { "run" },
            class: explained.class(),
            reads,
            writes,
            columns: explained.columns().into_iter().map(column).collect(),
            max_rows: limits.max_rows,
            max_bytes: limits.max_bytes,
            max_cells: limits.max_cells,
        }
    }
}

/// What would become of a statement on one target; nothing of it is run.
#[utoipa::path(
    post,
    path = "/v1/explain",
    request_body = body::Query,
    responses(
        (status = 200, description = "It would run, or wait for people", body = Explanation),
        (status = "4XX", description = "It would be refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "It cannot be told", body = Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = []), ("dpop" = [], "proof" = []))
)]
pub(crate) async fn explain(
    State(ports): State<Arc<Ports>>,
    Extension(place): Extension<Place>,
    request: Request,
) -> Response {
    let id = RequestId::fresh();
    let ask = match query::read(id.clone(), request, place).await {
        Ok(ask) => ask,
        Err(problem) => return problem.into_response(),
    };
    let scheme = ask.presented.scheme;
    match enforce::explain(ask, &ports).await {
        Ok(explained) => {
            let body = serde_json::to_vec(&Explanation::of(&explained)).unwrap_or_default();
            answer::json(StatusCode::OK, body)
        }
        Err(refusal) => problem::refused(&id, &refusal, scheme, &ports).await,
    }
}
