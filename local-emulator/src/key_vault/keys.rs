//! Key Vault's REST surface for one key: read its public half, and sign a digest with the other.

use std::{collections::BTreeMap, sync::Arc};

use aws_lc_rs::{
    digest::{Digest, SHA256},
    error::Unspecified,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, Query, State},
    http::HeaderMap,
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Site,
    rest::{Queried, Refusal, admit, attributes, host},
    safe::Version,
};

/// Of the type `EC` on the curve `P-256`.
pub(super) type Pair = Arc<EcdsaKeyPair>;

pub(super) fn pair() -> Result<Pair, Unspecified> {
    EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map(Arc::new)
}

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/keys/{name}", get(newest))
        .route("/keys/{name}/", get(newest))
        .route("/keys/{name}/{version}", get(version))
        // The clients put a version there or nothing, and leave the slashes as they are.
        .route("/keys/{name}//sign", post(sign_with_newest))
        .route("/keys/{name}/{version}/sign", post(sign_with_version))
}

/// The public half of this version (RFC 7517), under its identifier at that host.
pub(super) fn public(host: &str, name: &str, version: &Version<Pair>) -> Value {
    // One byte that says "not compressed", then both coordinates (SEC 1, 2.3.3).
    let point = version.value.public_key().as_ref();
    let [x, y] = [1..33, 33..65].map(|range| point.get(range).unwrap_or_default());
    json!({
        "kid": id(host, name, version),
        "kty": "EC",
        "crv": "P-256",
        "x": URL_SAFE_NO_PAD.encode(x),
        "y": URL_SAFE_NO_PAD.encode(y),
        "key_ops": ["sign", "verify"],
    })
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
    site.control.count("GetKey");
    let keys = site.keys();
    let found = keys.find(name, version).ok_or(MISSING)?;
    let key = public(host(headers), name, found);
    Ok(Json(json!({"key": key, "attributes": attributes(found), "tags": {}})))
}

async fn sign_with_newest(
    State(site): State<Site>,
    Path(name): Path<String>,
    Query(query): Queried,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    sign(&site, &headers, &query, (&name, None), &body)
}

async fn sign_with_version(
    State(site): State<Site>,
    Path((name, version)): Path<(String, String)>,
    Query(query): Queried,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    sign(&site, &headers, &query, (&name, Some(&version)), &body)
}

/// `value` is in base64url on the way in and on the way out.
#[derive(Deserialize)]
struct Asked {
    alg: String,
    value: String,
}

fn sign(
    site: &Site,
    headers: &HeaderMap,
    query: &BTreeMap<String, String>,
    (name, version): (&str, Option<&str>),
    body: &[u8],
) -> Result<Json<Value>, Refusal> {
    admit(site, headers, query, name)?;
    site.control.count("Sign");
    let keys = site.keys();
    let found = keys.find(name, version).ok_or(MISSING)?;
    let signature = found.value.sign_digest(&digest(body)?).map_err(|_| Refusal::Broken)?;
    let value = URL_SAFE_NO_PAD.encode(signature);
    Ok(Json(json!({"kid": id(host(headers), name, found), "value": value})))
}

/// The digest that is to be signed, if it is one for this kind of key.
fn digest(body: &[u8]) -> Result<Digest, Refusal> {
    let asked: Asked = serde_json::from_slice(body)
        .map_err(|_| Refusal::BadParameter("`alg` or `value` is missing"))?;
    if asked.alg != "ES256" {
        return Err(Refusal::BadParameter("the key does not sign by this algorithm"));
    }
    let value = URL_SAFE_NO_PAD.decode(asked.value);
    let value = value.map_err(|_| Refusal::BadParameter("`value` is not base64url"))?;
    Digest::import_less_safe(&value, &SHA256)
        .map_err(|_| Refusal::BadParameter("`value` is not as long as a SHA-256 digest"))
}

fn id(host: &str, name: &str, version: &Version<Pair>) -> String {
    format!("https://{host}/keys/{name}/{}", version.id)
}

const MISSING: Refusal = Refusal::Missing("KeyNotFound");
