//! The body of a query: bounded, strict, and turned into checked values before anything sees it.

use axum::body::{Body, to_bytes};
use doors::Problem;
use host::Place;
use http::{HeaderMap, StatusCode, header};
use request::{
    Ask, Digest, IdempotencyKey, Params, Presented, Reason, RequestId, Statement, TargetName, json,
};
use serde::Deserialize;
use utoipa::ToSchema;

/// What an agent sends to `POST /v1/query`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Query {
    /// The name of the target; `GET /v1/targets` lists those within reach.
    #[schema(example = "shop")]
    target: String,
    /// One SQL statement, at most 64 KiB. Values belong into `params`.
    #[schema(example = "SELECT id, name FROM customers WHERE id = $1")]
    statement: String,
    /// The values for `$1`, `$2`, … in order.
    #[serde(default)]
    #[schema(value_type = Vec<Object>, example = json!([7]))]
    params: Vec<serde_json::Value>,
    /// Why; for the people who read the record or decide.
    reason: Option<String>,
    /// The caller's own name for this request: it then runs at most once.
    idempotency_key: Option<String>,
}

/// Reads the body, and holds the caller's proof to every byte of it.
pub(crate) async fn read(
    id: RequestId,
    mut presented: Presented,
    headers: &HeaderMap,
    body: Body,
    place: Place,
) -> Result<Ask, Box<Problem>> {
    if !is_json(headers) {
        let text = "the body must be sent as `Content-Type: application/json`";
        return Err(Box::new(Problem::plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, text)));
    }
    let bytes = to_bytes(body, LIMIT).await.map_err(|_| {
        let text = "the body could not be read, or is longer than 256 KiB";
        Box::new(Problem::plain(StatusCode::PAYLOAD_TOO_LARGE, text))
    })?;
    presented.over.body = Some(Digest::of(&bytes));
    let query: Query = json::strict_as(&bytes, DEPTH).map_err(malformed)?;
    Ok(Ask {
        id,
        presented,
        target: TargetName::new(query.target).map_err(malformed)?,
        statement: Statement::new(query.statement).map_err(malformed)?,
        params: Params::new(query.params).map_err(malformed)?,
        reason: query.reason.map(Reason::new).transpose().map_err(malformed)?,
        idempotency_key: query
            .idempotency_key
            .map(IdempotencyKey::new)
            .transpose()
            .map_err(malformed)?,
        source: place.source,
        deadline: place.deadline,
    })
}

fn malformed(error: request::Error) -> Box<Problem> {
    Box::new(Problem::plain(StatusCode::BAD_REQUEST, &error.to_string()))
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

/// A statement has at most 64 KiB; parameters are values, not files.
const LIMIT: usize = 256 * 1024;

/// Deeper JSON than this is an attack on a parser, not a parameter.
const DEPTH: usize = 32;
