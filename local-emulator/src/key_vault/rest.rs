//! What all of Key Vault's REST surface has in common: who is admitted, and how a refusal reads.

use std::collections::BTreeMap;

use axum::{
    Json, Router,
    extract::Query,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{
    RESOURCE, Site, keys,
    safe::{Version, is_name},
    secrets,
};

pub(super) fn routes(site: Site) -> Router {
    secrets::routes().merge(keys::routes()).with_state(site)
}

/// Why Key Vault refuses, as its clients know it.
pub(super) enum Refusal {
    Challenge,
    BadParameter(&'static str),
    /// The code says what there is none of.
    Missing(&'static str),
    /// It is the vault that failed.
    Broken,
}

pub(super) type Queried = Query<BTreeMap<String, String>>;

/// The token first: a caller without one learns nothing but where to get it.
pub(super) fn admit(
    site: &Site,
    headers: &HeaderMap,
    query: &BTreeMap<String, String>,
    name: &str,
) -> Result<(), Refusal> {
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = authorization.and_then(|value| value.strip_prefix("Bearer "));
    if !token.is_some_and(|token| site.tokens.admits(token, RESOURCE)) {
        site.control.count("challenge");
        return Err(Refusal::Challenge);
    }
    if !query.contains_key("api-version") {
        return Err(Refusal::BadParameter("`api-version` is missing"));
    }
    if !is_name(name) {
        return Err(Refusal::BadParameter("the name is not one that a vault has"));
    }
    Ok(())
}

/// The host under which the vault was asked; it is part of every identifier.
pub(super) fn host(headers: &HeaderMap) -> &str {
    headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

pub(super) fn attributes<T>(version: &Version<T>) -> Value {
    json!({
        "enabled": true,
        "created": version.created,
        "updated": version.created,
        "recoveryLevel": "Recoverable+Purgeable",
        "recoverableDays": 90,
    })
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, code, message) = match self {
            Self::Challenge => (StatusCode::UNAUTHORIZED, "Unauthorized", "a token is needed"),
            Self::BadParameter(what) => (StatusCode::BAD_REQUEST, "BadParameter", what),
            Self::Missing(code) => (StatusCode::NOT_FOUND, code, "the vault holds no such thing"),
            Self::Broken => {
                (StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", "the vault failed")
            }
        };
        let body = Json(json!({"error": {"code": code, "message": message}}));
        let mut response = (status, body).into_response();
        if status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static(CHALLENGE);
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

const CHALLENGE: &str = r#"Bearer authorization="https://login.microsoftonline.com/00000000-0000-0000-0000-000000000001", resource="https://vault.azure.net""#;
