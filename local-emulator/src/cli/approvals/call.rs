//! The API of the function where people decide.

use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder, Response, redirect::Policy};
use serde_json::Value;
use url::Url;
use zeroize::Zeroizing;

use super::{Error, inert};

/// The function, as one person calls it.
pub(super) struct Desk {
    client: Client,
    base: Url,
    token: Zeroizing<String>,
}

impl Desk {
    /// At this address. In the clear to this very machine only: a token goes along.
    pub(super) fn new(url: &str, token: Zeroizing<String>) -> Result<Self, Error> {
        let base = Url::parse(url).ok().filter(is_safe);
        let base = base.ok_or_else(|| Error::Url(inert::line(url)))?;
        // Nobody sends a token elsewhere.
        let client = Client::builder().redirect(Policy::none()).timeout(WITHIN).build();
        let client = client.map_err(|error| Error::Unreachable(host(&base), Box::new(error)))?;
        Ok(Self { client, base, token })
    }

    /// What waits, or what lies below it.
    pub(super) async fn get(&self, below: &[&str]) -> Result<Value, Error> {
        self.send(self.call(Method::GET, below, None)?).await
    }

    /// What was decided lately.
    pub(super) async fn past(&self) -> Result<Value, Error> {
        self.send(self.call(Method::GET, &[], Some("past"))?).await
    }

    pub(super) async fn post(&self, below: &[&str], body: &Value) -> Result<Value, Error> {
        self.send(self.call(Method::POST, below, None)?.json(body)).await
    }

    pub(super) async fn delete(&self, below: &[&str]) -> Result<Value, Error> {
        self.send(self.call(Method::DELETE, below, None)?).await
    }

    fn call(
        &self,
        method: Method,
        below: &[&str],
        query: Option<&str>,
    ) -> Result<RequestBuilder, Error> {
        let mut url = self.base.clone();
        let mut path = url.path_segments_mut().map_err(|()| Error::Url(host(&self.base)))?;
        path.pop_if_empty().extend(["v1", "approvals"]).extend(below);
        drop(path);
        url.set_query(query);
        Ok(self.client.request(method, url).bearer_auth(self.token.as_str()))
    }

    async fn send(&self, call: RequestBuilder) -> Result<Value, Error> {
        let unreachable =
            |error: reqwest::Error| Error::Unreachable(host(&self.base), error.into());
        let answer = call.send().await.map_err(unreachable)?;
        let status = answer.status();
        let bytes = read(answer).await.map_err(unreachable)?.ok_or(Error::Answer)?;
        let body = serde_json::from_slice::<Value>(&bytes);
        if status.is_success() {
            return body.map_err(|_| Error::Answer);
        }
        let detail = body.ok().and_then(|body| Some(body.get("detail")?.as_str()?.to_owned()));
        let detail = detail.unwrap_or_else(|| "the function said no".into());
        Err(Error::Refused(status.as_u16(), inert::line(&detail)))
    }
}

fn is_safe(url: &Url) -> bool {
    let local = matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"));
    let safe = url.scheme() == "https" || (url.scheme() == "http" && local);
    let plain = url.username().is_empty() && url.password().is_none();
    safe && plain && url.query().is_none() && url.fragment().is_none()
}

fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

/// The body, unless it is longer than any of ours.
async fn read(mut answer: Response) -> Result<Option<Vec<u8>>, reqwest::Error> {
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > LIMIT {
            return Ok(None);
        }
    }
    Ok(Some(bytes))
}

/// A function answers within half a minute or not at all.
const WITHIN: Duration = Duration::from_secs(35);
/// Bytes: a list of requests, each with its statement.
const LIMIT: usize = 64 * 1024 * 1024;
