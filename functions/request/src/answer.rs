//! Results as answers: the masked rows, and the ticket of what waits for people.

use axum::response::{IntoResponse, Response};
use doors::Problem;
use enforce::Released;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use request::RequestId;
use serde::Serialize;
use utoipa::ToSchema;

/// What `POST /v1/query` answers.
#[derive(Serialize, ToSchema)]
pub(crate) struct Rows {
    /// The request's id.
    request: String,
    /// Name and type of each column, and whether it was masked whole.
    #[schema(value_type = Vec<Object>, example = json!([{"name": "ssn", "type": "text", "masked": true}]))]
    columns: Vec<()>,
    /// How many rows are shown.
    row_count: u64,
    /// How many rows a change touched.
    affected: Option<u64>,
    /// Whether there was more than is shown.
    truncated: bool,
    /// How many cells were masked, and what was found in them.
    #[schema(value_type = Object)]
    masked: (),
    /// Rows as arrays, in the order of the columns. 64-bit integers and decimals are strings.
    #[schema(value_type = Vec<Vec<Object>>)]
    rows: Vec<()>,
}

/// The rows with what is said about them.
pub(crate) fn released(id: &RequestId, released: &Released) -> Response {
    let Some(body) = released.body(id) else {
        let text = "the result could not be written";
        return Problem::plain(StatusCode::INTERNAL_SERVER_ERROR, text).into_response();
    };
    let mut response = json(StatusCode::OK, body);
    receipt(response.headers_mut(), Some(&released.receipt().to_string()));
    response
}

/// What `POST /v1/query` answers when people have to agree first.
#[derive(Serialize, ToSchema)]
pub(crate) struct Parked {
    /// The request's id, which is also its ticket.
    request: String,
    /// `parked`.
    state: &'static str,
    /// Who is asked: how many of which group.
    #[schema(value_type = Object, example = json!({"dba": 2}))]
    approvers: std::collections::BTreeMap<String, u32>,
    /// What they are asked to approve: the SHA-256 of the request as it is kept.
    digest: String,
    /// When it stops waiting, in milliseconds since 1970.
    expires: u64,
    /// Where to ask how far it came; `?wait=20` puts the answer off for so many seconds.
    status: String,
    /// Where to take it up once it is approved: `POST` without a body.
    run: String,
    #[serde(skip)]
    audit: Option<String>,
}

impl Parked {
    pub(crate) fn of(
        id: &RequestId,
        parked: &enforce::Parked,
        on_record: Option<&enforce::Receipt>,
    ) -> Self {
        Self {
            request: id.to_string(),
            state: "parked",
            approvers: parked.approvers().clone(),
            digest: parked.digest().to_string(),
            expires: parked.expires().0,
            status: format!("/v1/requests/{id}"),
            run: format!("/v1/requests/{id}/run"),
            audit: on_record.map(ToString::to_string),
        }
    }
}

impl IntoResponse for Parked {
    fn into_response(self) -> Response {
        let mut response =
            json(StatusCode::ACCEPTED, serde_json::to_vec(&self).unwrap_or_default());
        let headers = response.headers_mut();
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
        if let Ok(place) = HeaderValue::from_str(&self.status) {
            headers.insert(header::LOCATION, place);
        }
        receipt(headers, self.audit.as_deref());
        response
    }
}

/// An answer of JSON.
pub(crate) fn json(status: StatusCode, body: Vec<u8>) -> Response {
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    (status, kind, body).into_response()
}

/// Says where the request is on record: `chain/seq/sha256`.
pub(crate) fn receipt(headers: &mut HeaderMap, on_record: Option<&str>) {
    if let Some(value) = on_record.and_then(|text| HeaderValue::from_str(text).ok()) {
        headers.insert(RECEIPT, value);
    }
}

/// The header with the receipt.
pub(crate) const RECEIPT: HeaderName = HeaderName::from_static("audit-receipt");
