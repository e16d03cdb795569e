//! Refusals as problem documents (RFC 9457). The one place where causes become HTTP.

use axum::response::{IntoResponse, Response};
use enforce::{Kind, Refusal};
use http::{HeaderValue, StatusCode, header};
use request::RequestId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{Parked, receipt};

/// Why there is no result.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// `about:blank`, or `/problems/STAGE/CAUSE` for a refusal of one stage of the way.
    #[serde(rename = "type")]
    #[schema(example = "/problems/vetting/function")]
    kind: String,
    /// The status in words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What to change in the request.
    detail: String,
    /// The request's id, by which its record is found.
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<String>,
    /// The target's five-character code, where it refused the statement.
    #[serde(skip_serializing_if = "Option::is_none")]
    sqlstate: Option<String>,
    #[serde(skip)]
    audit: Option<String>,
}

impl Problem {
    /// A problem with the request as HTTP.
    pub(crate) fn plain(status: StatusCode, detail: &str) -> Self {
        Self {
            kind: "about:blank".into(),
            title: status.canonical_reason().unwrap_or_default(),
            status: status.as_u16(),
            detail: detail.to_owned(),
            request: None,
            sqlstate: None,
            audit: None,
        }
    }

    /// The caller is not known.
    pub(crate) fn unauthenticated(detail: &str) -> Self {
        Self {
            kind: "/problems/identity/token".into(),
            ..Self::plain(StatusCode::UNAUTHORIZED, detail)
        }
    }

    fn of(id: &RequestId, refusal: &Refusal) -> Self {
        let cause = &refusal.cause;
        let sqlstate = match cause {
            enforce::Cause::Targets(error) => error.sqlstate().map(ToOwned::to_owned),
            _ => None,
        };
        Self {
            kind: format!("/problems/{}/{}", cause.stage(), cause.word()),
            request: Some(id.to_string()),
            sqlstate,
            audit: refusal.receipt.as_ref().map(ToString::to_string),
            ..Self::plain(status(cause.kind()), &cause.told())
        }
    }
}

/// A refusal as an answer; a request that waits for people is no problem, and answers 202.
pub(crate) fn refused(id: &RequestId, refusal: &Refusal) -> Response {
    tracing::info!(
        request = %id,
        stage = refusal.cause.stage(),
        cause = refusal.cause.word(),
        why = why(&refusal.cause),
        "refused"
    );
    match refusal.cause.parked() {
        Some(parked) => Parked::of(id, parked, refusal.receipt.as_ref()).into_response(),
        None => Problem::of(id, refusal).into_response(),
    }
}

/// The causes behind an error, for operators. None of them holds a value or a secret.
fn why(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Broken | Kind::Unknown => StatusCode::INTERNAL_SERVER_ERROR,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::Parked => StatusCode::ACCEPTED,
        Kind::Statement => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Timeout => StatusCode::GATEWAY_TIMEOUT,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        let kind = HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, kind);
        if status == StatusCode::UNAUTHORIZED {
            let wanted =
                HeaderValue::from_static("Bearer realm=\"postern\", error=\"invalid_token\"");
            headers.insert(header::WWW_AUTHENTICATE, wanted);
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        }
        receipt(headers, self.audit.as_deref());
        response
    }
}
