//! `POST /introspect`: whether a token of the caller's own tree is good (RFC 7662).

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use delegation::{Introspect, Ports};
use doors::Problem;
use http::StatusCode;
use request::RequestId;
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    body,
    form::Form,
    oauth,
    problem::{malformed, refused},
};

/// What is sent, as a form.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of the form, for the document only")]
pub(crate) struct Asked {
    /// The token.
    token: String,
    /// Passed over: there is one kind of token.
    token_type_hint: Option<String>,
}

/// Ask for the state of a token of the caller's node, or of one below it.
#[utoipa::path(
    post,
    path = "/introspect",
    request_body(content = Asked, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The state, as RFC 7662 has it", body = Object),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "Not done", body = Problem, content_type = "application/problem+json"),
    ),
    security(("dpop" = [], "proof" = []))
)]
pub(crate) async fn introspect(State(ports): State<Arc<Ports>>, request: Request) -> Response {
    match answered(&ports, request).await {
        Ok(state) => oauth::json(StatusCode::OK, &state),
        Err(problem) => problem.into_response(),
    }
}

async fn answered(ports: &Ports, request: Request) -> Result<Value, Box<Problem>> {
    let id = RequestId::fresh();
    let (head, body) = request.into_parts();
    let presented = doors::presented(&head.headers, doors::over(&head.method, &head.uri))?;
    let bytes = body::read(&head.headers, body, body::FORM).await?;
    let form = Form::read(&bytes).map_err(|bad| malformed(&bad.to_string()))?;
    if head.uri.query().is_some() {
        return Err(malformed("parameters belong into the body, never into the address"));
    }
    let token = form.token("token").ok_or_else(|| malformed("`token` is missing"))?;
    let scheme = presented.scheme;
    match delegation::introspect(Introspect { presented, token }, ports).await {
        Ok(state) => Ok(state),
        Err(error) => Err(refused(&id, &error, scheme, ports).await),
    }
}
