//! One HTTP request of an agent, honest unless it is told otherwise.

use reqwest::{Method, RequestBuilder, Response, header::WWW_AUTHENTICATE};
use serde_json::Value;

use super::{Answer, Deployment, Error, Function};
use crate::key::Key;

/// A request before it is sent. What is not changed about it is as it should be: the agent's token,
/// and a fresh proof of its key if it has one.
#[derive(Clone)]
pub struct Call {
    at: Deployment,
    method: Method,
    function: Function,
    path: String,
    token: Option<String>,
    key: Option<Key>,
    body: Option<Body>,
    authorizations: Option<Vec<String>>,
    proofs: Option<Vec<String>>,
    headers: Vec<(String, String)>,
}

#[derive(Clone)]
struct Body {
    kind: &'static str,
    bytes: Vec<u8>,
    /// Whether proofs name its digest: on routes for which no library of OAuth makes them.
    proven: bool,
}

impl Call {
    pub(super) fn new(
        at: &Deployment,
        token: Option<&str>,
        key: Option<&Key>,
        (method, function, path): (Method, Function, &str),
    ) -> Self {
        Self {
            at: at.clone(),
            method,
            function,
            path: path.to_owned(),
            token: token.map(ToOwned::to_owned),
            key: key.cloned(),
            body: None,
            authorizations: None,
            proofs: None,
            headers: Vec::new(),
        }
    }

    /// With this body; the proof is for no other (`bdh`).
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.bytes(body.to_string().into_bytes())
    }

    /// The same from bytes, which need not be JSON.
    #[must_use]
    pub fn bytes(mut self, bytes: Vec<u8>) -> Self {
        self.body = Some(Body { kind: "application/json", bytes, proven: true });
        self
    }

    /// With these fields as a form.
    #[must_use]
    pub fn form<'f>(mut self, fields: impl IntoIterator<Item = (&'f str, &'f str)>) -> Self {
        let text =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let kind = "application/x-www-form-urlencoded";
        self.body = Some(Body { kind, bytes: text.into_bytes(), proven: false });
        self
    }

    /// With these `Authorization` headers in place of the agent's own: none, another, or several.
    #[must_use]
    pub fn authorizations(mut self, values: &[&str]) -> Self {
        self.authorizations = Some(values.iter().map(|&value| value.to_owned()).collect());
        self
    }

    /// With these `DPoP` headers in place of a fresh proof: none, hand-made, or several.
    #[must_use]
    pub fn proofs(mut self, values: &[&str]) -> Self {
        self.proofs = Some(values.iter().map(|&value| value.to_owned()).collect());
        self
    }

    /// With proofs of another key, though with the same token.
    #[must_use]
    pub fn key(mut self, key: &Key) -> Self {
        self.key = Some(key.clone());
        self
    }

    /// With one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The address that its proof is for.
    #[must_use]
    pub fn url(&self) -> String {
        let path = self.path.split('?').next().unwrap_or_default();
        format!("{}{path}", self.at.base(self.function))
    }

    /// Sends it; once more with the server's nonce where it asks for one and the proof is ours.
    ///
    /// # Errors
    /// The function did not answer, or the proof could not be made.
    pub async fn send(self) -> Result<Answer, Error> {
        let answer = self.once().await?;
        let again = self.proofs.is_none() && self.key.is_some() && answer.wants_nonce();
        if again { self.once().await } else { Ok(answer) }
    }

    async fn once(&self) -> Result<Answer, Error> {
        let response = self.request()?.send().await?;
        if let Some(nonce) = text(&response, "dpop-nonce") {
            self.at.remember(self.function, nonce);
        }
        answer(response).await
    }

    fn request(&self) -> Result<RequestBuilder, Error> {
        let url = format!("{}{}", self.at.url(self.function), self.path);
        let mut request = self.at.http.request(self.method.clone(), url);
        for value in self.authorization() {
            request = request.header("authorization", value);
        }
        for value in self.proof()? {
            request = request.header("dpop", value);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        Ok(match &self.body {
            None => request,
            Some(body) => request.header("content-type", body.kind).body(body.bytes.clone()),
        })
    }

    fn authorization(&self) -> Vec<String> {
        let scheme = if self.key.is_some() { "DPoP" } else { "Bearer" };
        let own = || self.token.iter().map(|token| format!("{scheme} {token}")).collect();
        self.authorizations.clone().unwrap_or_else(own)
    }

    fn proof(&self) -> Result<Vec<String>, Error> {
        if let Some(given) = &self.proofs {
            return Ok(given.clone());
        }
        let Some(key) = &self.key else { return Ok(Vec::new()) };
        let body = self.body.as_ref().filter(|body| body.proven).map(|body| body.bytes.as_slice());
        let nonce = self.at.nonce(self.function);
        let (method, url) = (self.method.as_str(), self.url());
        Ok(vec![key.proof(method, &url, self.token.as_deref(), body, nonce.as_deref())?])
    }
}

async fn answer(response: Response) -> Result<Answer, Error> {
    let status = response.status().as_u16();
    let receipt = text(&response, "audit-receipt");
    let challenge = text(&response, WWW_AUTHENTICATE.as_str());
    let text = response.text().await?;
    let body = serde_json::from_str(&text).unwrap_or_default();
    Ok(Answer { status, receipt, challenge, body, text })
}

fn text(response: &Response, header: &str) -> Option<String> {
    Some(response.headers().get(header)?.to_str().ok()?.to_owned())
}
