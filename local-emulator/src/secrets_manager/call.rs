//! AWS JSON 1.1: the operation stands in `X-Amz-Target`, everything else in the body.

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse as _, Response},
    routing::post,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

use super::{
    Error, Site,
    shelf::{Entry, Put, Version},
};

pub(super) fn routes(site: Site) -> Router {
    Router::new().route("/", post(call)).with_state(site)
}

async fn call(State(site): State<Site>, headers: HeaderMap, body: Bytes) -> Response {
    let (status, body) = match answer(&site, &headers, &body) {
        Ok(body) => (StatusCode::OK, body),
        Err(error) => (StatusCode::BAD_REQUEST, problem(error)),
    };
    (status, [(CONTENT_TYPE, "application/x-amz-json-1.1")], body.to_string()).into_response()
}

fn problem(error: Error) -> Value {
    json!({"__type": format!("{error:?}Exception"), "message": error.to_string()})
}

fn answer(site: &Site, headers: &HeaderMap, body: &[u8]) -> Result<Value, Error> {
    let header = |name: &str| headers.get(name)?.to_str().ok();
    let operation = header("x-amz-target").and_then(|t| t.strip_prefix("secretsmanager."));
    // What is not signed is refused before it is looked at, as AWS does.
    if !header("authorization").is_some_and(signed) {
        return Err(Error::MissingAuthenticationToken);
    }
    match operation {
        Some("CreateSecret") => create(site, &read(body)?),
        Some("DescribeSecret") => describe(site, &read(body)?),
        Some("GetSecretValue") => value(site, &read(body)?),
        Some("PutSecretValue") => put(site, &read(body)?),
        _ => Err(Error::UnknownOperation),
    }
}

/// Signature Version 4: who, which headers, and a signature over them.
fn signed(authorization: &str) -> bool {
    authorization.starts_with("AWS4-HMAC-SHA256 ")
        && ["Credential=", "SignedHeaders=", "Signature="]
            .iter()
            .all(|part| authorization.contains(part))
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|_| Error::InvalidParameter)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Which {
    secret_id: String,
    version_id: Option<String>,
    version_stage: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct New {
    #[serde(alias = "SecretId")]
    name: String,
    secret_string: Option<String>,
    client_request_token: Option<String>,
    version_stages: Option<Vec<String>>,
}

impl New {
    fn put(&self) -> Option<Put> {
        let mut put = Put::fresh(self.secret_string.as_deref()?);
        if let Some(id) = &self.client_request_token {
            put.id.clone_from(id);
        }
        if let Some(stages) = &self.version_stages {
            put.stages = stages.iter().cloned().collect();
        }
        Some(put)
    }
}

fn create(site: &Site, new: &New) -> Result<Value, Error> {
    site.control.count("CreateSecret");
    let put = new.put();
    let id = put.as_ref().map(|put| put.id.clone());
    let mut shelf = site.shelf();
    let entry = shelf.create(&new.name, put)?;
    Ok(json!({"ARN": entry.arn, "Name": entry.name, "VersionId": id}))
}

fn describe(site: &Site, which: &Which) -> Result<Value, Error> {
    site.control.count("DescribeSecret");
    let shelf = site.shelf();
    let entry = shelf.find(&which.secret_id)?;
    let stages: Map<String, Value> = entry
        .versions
        .iter()
        .filter(|version| !version.stages.is_empty())
        .map(|version| (version.id.clone(), json!(version.stages)))
        .collect();
    Ok(json!({"ARN": entry.arn, "Name": entry.name, "VersionIdsToStages": stages}))
}

fn value(site: &Site, which: &Which) -> Result<Value, Error> {
    site.control.count("GetSecretValue");
    let shelf = site.shelf();
    let entry = shelf.find(&which.secret_id)?;
    let version = entry.version(which.version_id.as_deref(), which.version_stage.as_deref())?;
    let mut answer = named(entry, version);
    answer.insert("CreatedDate".to_owned(), version.created.into());
    answer.insert("SecretString".to_owned(), version.value.as_str().into());
    Ok(answer.into())
}

fn put(site: &Site, new: &New) -> Result<Value, Error> {
    site.control.count("PutSecretValue");
    let put = new.put().ok_or(Error::InvalidParameter)?;
    let id = put.id.clone();
    let mut shelf = site.shelf();
    let entry = shelf.put(&new.name, put)?;
    Ok(named(entry, entry.version(Some(&id), None)?).into())
}

/// Which version of which secret an answer is about.
fn named(entry: &Entry, version: &Version) -> Map<String, Value> {
    let mut named = Map::new();
    named.insert("ARN".to_owned(), entry.arn.as_str().into());
    named.insert("Name".to_owned(), entry.name.as_str().into());
    named.insert("VersionId".to_owned(), version.id.as_str().into());
    named.insert("VersionStages".to_owned(), json!(version.stages));
    named
}
