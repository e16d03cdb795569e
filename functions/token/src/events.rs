//! `POST /v1/events`: security events that an issuer pushes (RFC 8935).

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use delegation::{Call, Code, Error, Ports};
use host::Place;
use http::StatusCode;
use request::{Bearer, RequestId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{body, oauth, token::why};

/// Why an event was not taken (RFC 8935, 2.3).
#[derive(Serialize, ToSchema)]
pub(crate) struct NotTaken {
    /// A stable word.
    #[schema(example = "invalid_issuer")]
    err: &'static str,
    /// The same in a sentence.
    description: String,
}

/// Tell that a principal is not any more who it was.
///
/// The event is signed by its issuer, and needs no other credentials. It is taken when everything
/// that was issued until then has ended.
#[utoipa::path(
    post,
    path = "/v1/events",
    request_body(content = String, content_type = "application/secevent+jwt"),
    responses(
        (status = 202, description = "Taken"),
        (status = 400, description = "Refused", body = NotTaken),
        (status = 503, description = "To be sent again", body = NotTaken),
    )
)]
pub(crate) async fn event(
    State(ports): State<Arc<Ports>>,
    Extension(place): Extension<Place>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let bytes = match body::read(&head.headers, body, body::EVENT).await {
        Ok(bytes) => bytes,
        Err(problem) => return problem.into_response(),
    };
    let Ok(set) = String::from_utf8(bytes.to_vec()).map(Bearer::new) else {
        return said(StatusCode::BAD_REQUEST, "invalid_request", "it is not a token");
    };
    let call = Call { id: RequestId::fresh(), source: place.source };
    let done = tokio::spawn(async move { delegation::event(&set, &call, &ports).await });
    match done.await {
        Ok(Ok(())) => StatusCode::ACCEPTED.into_response(),
        Ok(Err(error)) => refused(&error),
        Err(_) => {
            let told = "a fault of ours ended the request";
            said(StatusCode::INTERNAL_SERVER_ERROR, "server_error", told)
        }
    }
}

fn refused(error: &Error) -> Response {
    tracing::info!(why = why(error), "an event is not taken");
    match error {
        _ if error.code() == Code::TemporarilyUnavailable => {
            said(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", &error.told())
        }
        Error::Identity(cause) => said(StatusCode::BAD_REQUEST, word(cause), &error.told()),
        _ => said(StatusCode::BAD_REQUEST, "invalid_request", &error.told()),
    }
}

/// The words of RFC 8935, 2.4.
fn word(error: &identity::Error) -> &'static str {
    match error {
        identity::Error::Audience(_) => "invalid_audience",
        identity::Error::Issuer => "invalid_issuer",
        identity::Error::Key(_) | identity::Error::Signature => "invalid_key",
        _ => "invalid_request",
    }
}

fn said(status: StatusCode, err: &'static str, told: &str) -> Response {
    oauth::json(status, &NotTaken { err, description: told.to_owned() })
}
