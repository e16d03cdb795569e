//! Key Vault's REST surface for one secret: read it, a version of it, list those, or set it.

use std::collections::BTreeMap;

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, Query, State},
    http::HeaderMap,
    routing::get,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Site,
    rest::{Queried, Refusal, admit, attributes, host},
    safe::Version,
};

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/secrets/{name}", get(newest).put(set))
        .route("/secrets/{name}/", get(newest))
        .route("/secrets/{name}/versions", get(versions))
        .route("/secrets/{name}/{version}", get(version))
}

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
    let secrets = site.secrets();
    let found = secrets.find(name, version).ok_or(MISSING)?;
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
    let secrets = site.secrets();
    let found = secrets.versions(&name).ok_or(MISSING)?;
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
    let version = site.secrets().put(&name, new.value);
    Ok(Json(bundle(&headers, &name, &version)))
}

fn bundle(headers: &HeaderMap, name: &str, version: &Version<String>) -> Value {
    let mut bundle = item(headers, name, version);
    if let Value::Object(members) = &mut bundle {
        members.insert("value".to_owned(), version.value.as_str().into());
    }
    bundle
}

fn item(headers: &HeaderMap, name: &str, version: &Version<String>) -> Value {
    json!({
        "id": format!("https://{}/secrets/{name}/{}", host(headers), version.id),
        "attributes": attributes(version),
        "tags": {},
    })
}

const MISSING: Refusal = Refusal::Missing("SecretNotFound");
