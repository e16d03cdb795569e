//! A plain HTTP client: what it is told to ask is what goes over the wire.

use axum::body::{Body, Bytes, to_bytes};
use http::{HeaderMap, Request};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use serde_json::Value;

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Vec<&str> {
        self.headers.get_all(name).iter().map(|value| value.to_str().unwrap()).collect()
    }
}

pub(crate) async fn ask(request: Request<Body>) -> Answer {
    try_ask(request).await.unwrap()
}

pub(crate) async fn try_ask(
    request: Request<Body>,
) -> Result<Answer, hyper_util::client::legacy::Error> {
    let answer = Client::builder(TokioExecutor::new()).build_http().request(request).await?;
    let (parts, body) = answer.into_parts();
    let body = to_bytes(Body::new(body), usize::MAX).await.unwrap();
    Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body })
}

pub(crate) async fn get(url: String) -> Answer {
    ask(Request::get(url).body(Body::empty()).unwrap()).await
}

/// The values of one header in what a fixture says that it saw.
pub(crate) fn saw<'a>(seen: &'a Value, name: &str) -> Vec<&'a str> {
    let headers = seen["headers"].as_array().unwrap().iter();
    headers.filter(|header| header[0] == name).map(|header| header[1].as_str().unwrap()).collect()
}
