//! Key Vault's REST surface for one secret: read it, a version of it, list those, or set it.

use std::collections::BTreeMap;

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    RESOURCE, Site,
    safe::{Version, is_name},
};

pub(super) fn routes(site: Site) -> Router {
    Router::new()
        .route("/secrets/{name}", get(newest).put(set))
        .route("/secrets/{name}/", get(newest))
        .route("/secrets/{name}/versions", get(versions))
        .route("/secrets/{name}/{version}", get(version))
        .with_state(site)
}

/// Why Key Vault refuses, as its clients know it.
enum Refusal {
    Challenge,
    BadParameter(&'static str),
    Missing,
}

type Queried = Query<BTreeMap<String, String>>;

async fn newest(
    State(site): State<Site>,
    Path(name): Path<String>,
    Query(query): Queried,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    read(&site, &headers, &query, &name, None)
}

async fn version(
    State(site): State<Site>,
    Path((name, version)): Path<(String, String)>,
    Query(query): Queried,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    read(&site, &headers, &query, &name, Some(&version))
}

fn read(
    site: &Site,
    headers: &HeaderMap,
    query: &BTreeMap<String, String>,
    name: &str,
    version: Option<&str>,
) -> Result<Json<Value>, Refusal> {
    admit(site, headers, query, name)?;
    site.control.count("GetSecret");
    let safe = site.safe();
    let found = safe.find(name, version).ok_or(Refusal::Missing)?;
    Ok(Json(bundle(headers, name, found)))
}

/// All on one page, without their values.
async fn versions(
    State(site): State<Site>,
    Path(name): Path<String>,
    Query(query): Queried,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    admit(&site, &headers, &query, &name)?;
    site.control.count("GetSecretVersions");
    let safe = site.safe();
    let found = safe.versions(&name).ok_or(Refusal::Missing)?;
    let items: Vec<Value> = found.iter().map(|version| item(&headers, &name, version)).collect();
    Ok(Json(json!({"value": items, "nextLink": null})))
}

#[derive(Deserialize)]
struct New {
    value: String,
}

async fn set(
    State(site): State<Site>,
    Path(name): Path<String>,
    Query(query): Queried,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    admit(&site, &headers, &query, &name)?;
    site.control.count("SetSecret");
    let new: New =
        serde_json::from_slice(&body).map_err(|_| Refusal::BadParameter("`value` is missing"))?;
    let version = site.safe().put(&name, &new.value);
    Ok(Json(bundle(&headers, &name, &version)))
}

/// The token first: a caller without one learns nothing but where to get it.
fn admit(
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
        return Err(Refusal::BadParameter("the name is not one of a secret"));
    }
    Ok(())
}

fn bundle(headers: &HeaderMap, name: &str, version: &Version) -> Value {
    let mut bundle = item(headers, name, version);
    if let Value::Object(members) = &mut bundle {
        members.insert("value".to_owned(), version.value.as_str().into());
    }
    bundle
}

fn item(headers: &HeaderMap, name: &str, version: &Version) -> Value {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    json!({
        "id": format!("https://{host}/secrets/{name}/{}", version.id),
        "attributes": {
            "enabled": true,
            "created": version.created,
            "updated": version.created,
            "recoveryLevel": "Recoverable+Purgeable",
            "recoverableDays": 90,
        },
        "tags": {},
    })
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, code, message) = match self {
            Self::Challenge => (StatusCode::UNAUTHORIZED, "Unauthorized", "a token is needed"),
            Self::BadParameter(what) => (StatusCode::BAD_REQUEST, "BadParameter", what),
            Self::Missing => (StatusCode::NOT_FOUND, "SecretNotFound", "there is no such secret"),
        };
        let body = Json(json!({"error": {"code": code, "message": message}}));
        let mut response = (status, body).into_response();
        if status == StatusCode::UNAUTHORIZED {
            let challenge = header::HeaderValue::from_static(CHALLENGE);
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

const CHALLENGE: &str = r#"Bearer authorization="https://login.microsoftonline.com/00000000-0000-0000-0000-000000000001", resource="https://vault.azure.net""#;
