//! Refusals as problem documents (RFC 9457).

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use request::RequestId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Wanted;

/// Why there is no result.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
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
    headers: HeaderMap,
    #[serde(skip)]
    wanted: Option<Wanted>,
}

impl Problem {
    /// A problem with the request as HTTP.
    #[must_use]
    pub fn plain(status: StatusCode, detail: &str) -> Self {
        Self::of("about:blank", status, detail)
    }

    /// A problem with a name of its own.
    pub fn of(kind: impl Into<String>, status: StatusCode, detail: &str) -> Self {
        Self {
            kind: kind.into(),
            title: status.canonical_reason().unwrap_or_default(),
            status: status.as_u16(),
            detail: detail.to_owned(),
            request: None,
            sqlstate: None,
            headers: HeaderMap::new(),
            wanted: None,
        }
    }

    /// The caller is not known, because nothing was shown that could be believed.
    #[must_use]
    pub fn unauthenticated(detail: &str) -> Self {
        let problem = Self::of("/problems/identity/token", StatusCode::UNAUTHORIZED, detail);
        problem.wanting(Wanted::Credentials)
    }

    /// With what the caller has to show.
    #[must_use]
    pub fn wanting(mut self, wanted: Wanted) -> Self {
        self.wanted = Some(wanted);
        self
    }

    /// About this request.
    #[must_use]
    pub fn about(mut self, id: &RequestId) -> Self {
        self.request = Some(id.to_string());
        self
    }

    /// With the code by which the target refused.
    #[must_use]
    pub fn sqlstate(mut self, code: Option<&str>) -> Self {
        self.sqlstate = code.map(ToOwned::to_owned);
        self
    }

    /// With a header, if this can be the value of one.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: Option<&str>) -> Self {
        if let Some(value) = value.and_then(|text| HeaderValue::from_str(text).ok()) {
            self.headers.insert(name, value);
        }
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(mut self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut headers = std::mem::take(&mut self.headers);
        let kind = HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, kind);
        if let Some(seconds) = again(status) {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static(seconds));
        }
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, headers, body).into_response();
        if let Some(wanted) = self.wanted {
            response.extensions_mut().insert(wanted);
        }
        response
    }
}

/// When it is worth trying again, in seconds.
fn again(status: StatusCode) -> Option<&'static str> {
    match status {
        StatusCode::SERVICE_UNAVAILABLE => Some("2"),
        // Held by requests that still run, of which most are done in a second.
        StatusCode::TOO_MANY_REQUESTS => Some("1"),
        _ => None,
    }
}
