//! An HTTP request as an event: payload format 2.0.

use std::{collections::BTreeMap, net::SocketAddr};

use axum::body::Bytes;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{HeaderMap, header, request::Parts};
use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde_json::{Value, json};
use time::{OffsetDateTime, macros::format_description};
use url::form_urlencoded;

use super::{door::Door, environment::ACCOUNT};
use crate::front;

/// Whose request it is.
pub(super) struct From<'a> {
    pub(super) door: Door,
    pub(super) peer: SocketAddr,
    pub(super) request_id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Event<'a> {
    version: &'static str,
    route_key: &'static str,
    raw_path: String,
    raw_query_string: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cookies: Vec<&'a str>,
    headers: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    query_string_parameters: BTreeMap<String, String>,
    request_context: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    is_base64_encoded: bool,
}

/// The event; `None` when a header is not text.
pub(super) fn of(from: From<'_>, mut parts: Parts, body: &[u8]) -> Option<Bytes> {
    front::drop_hop_by_hop(&mut parts.headers);
    let text = text(&parts.headers, body);
    let query = parts.uri.query().unwrap_or_default();
    let event = Event {
        version: "2.0",
        route_key: "$default",
        raw_path: path(from.door, parts.uri.path()),
        raw_query_string: query,
        cookies: cookies(&parts.headers)?,
        headers: headers(&from, &parts.headers)?,
        query_string_parameters: parameters(query),
        request_context: context(&from, &parts),
        is_base64_encoded: !body.is_empty() && text.is_none(),
        body: (!body.is_empty())
            .then(|| text.map_or_else(|| BASE64_STANDARD.encode(body), Into::into)),
    };
    serde_json::to_vec(&event).ok().map(Bytes::from)
}

/// Function URLs leave the path as it came; HTTP APIs decode it, and lose what follows a `?` in it.
fn path(door: Door, path: &str) -> String {
    match door {
        Door::FunctionUrl => path.into(),
        Door::HttpApi => {
            let decoded = percent_decode_str(path).decode_utf8_lossy();
            decoded.split('?').next().unwrap_or_default().into()
        }
    }
}

fn context(from: &From<'_>, parts: &Parts) -> Value {
    let now = OffsetDateTime::now_utc();
    let when =
        format_description!("[day]/[month repr:short]/[year]:[hour]:[minute]:[second] +0000");
    let (account, domain) = match from.door {
        Door::FunctionUrl => ("anonymous", "lambda-url.us-east-1.on.aws"),
        Door::HttpApi => (ACCOUNT, "execute-api.us-east-1.amazonaws.com"),
    };
    json!({
        "accountId": account,
        "apiId": API,
        "domainName": format!("{API}.{domain}"),
        "domainPrefix": API,
        "http": {
            "method": parts.method.as_str(),
            "path": path(from.door, parts.uri.path()),
            "protocol": "HTTP/1.1",
            "sourceIp": from.peer.ip().to_string(),
            "userAgent": value(&parts.headers, header::USER_AGENT.as_str()),
        },
        "requestId": from.request_id,
        "routeKey": "$default",
        "stage": "$default",
        "time": now.format(when).unwrap_or_default(),
        "timeEpoch": i64::try_from(now.unix_timestamp_nanos() / 1_000_000).unwrap_or_default(),
    })
}

/// Lower-case names; the values of one name joined by commas. Cookies go elsewhere.
fn headers(from: &From<'_>, given: &HeaderMap) -> Option<BTreeMap<String, String>> {
    let mut headers = BTreeMap::new();
    for name in given.keys().filter(|name| **name != header::COOKIE) {
        let values: Result<Vec<_>, _> =
            given.get_all(name).iter().map(|one| one.to_str()).collect();
        headers.insert(name.as_str().to_owned(), values.ok()?.join(","));
    }
    // What the caller claims stays in front of what is known.
    let before = headers.get(FORWARDED_FOR).map(|before| format!("{before}, ")).unwrap_or_default();
    headers.insert(FORWARDED_FOR.into(), format!("{before}{}", from.peer.ip()));
    headers.insert("x-forwarded-proto".into(), "http".into());
    let port = headers.get("host").and_then(|host| host.rsplit_once(':'));
    let port = port.map_or("80", |(_, port)| port).to_owned();
    headers.insert("x-forwarded-port".into(), port);
    Some(headers)
}

fn cookies(headers: &HeaderMap) -> Option<Vec<&str>> {
    let lines = headers.get_all(header::COOKIE).iter().map(|line| line.to_str());
    let lines: Vec<&str> = lines.collect::<Result<_, _>>().ok()?;
    let cookies = lines.into_iter().flat_map(|line| line.split(';')).map(str::trim);
    Some(cookies.filter(|cookie| !cookie.is_empty()).collect())
}

/// Decoded; the values of one name joined by commas.
fn parameters(query: &str) -> BTreeMap<String, String> {
    let mut parameters: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        parameters
            .entry(name.into())
            .and_modify(|before| before.extend([",", value.as_ref()]))
            .or_insert_with(|| value.to_string());
    }
    parameters
}

/// Text reaches the function as text, all else as base64. Forms are not text to either service.
fn text<'a>(headers: &HeaderMap, body: &'a [u8]) -> Option<&'a str> {
    let kind = value(headers, header::CONTENT_TYPE.as_str()).to_ascii_lowercase();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let plain = !headers.contains_key(header::CONTENT_ENCODING);
    let named = plain && (kind.starts_with("text/") || TEXT.contains(&kind));
    named.then(|| std::str::from_utf8(body).ok()).flatten()
}

fn value<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

const TEXT: &[&str] = &["application/json", "application/javascript", "application/xml"];
const FORWARDED_FOR: &str = "x-forwarded-for";
const API: &str = "emulated";
