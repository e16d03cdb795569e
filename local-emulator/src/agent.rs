//! An agent: somebody with a token, and perhaps a key, who sends HTTP requests.

mod call;
mod deployment;
pub mod envelope;
mod oauth;
mod proof;

use reqwest::{Client, Method};
use serde_json::{Value, json};

pub use self::{
    call::Call,
    deployment::{Deployment, Function},
    oauth::{ACCESS_TOKEN, EXCHANGE, SPAWN_TICKET, Spawn, Ticket, Wanted, rights},
    proof::Draft,
};
pub use crate::key::Key;

/// Why an agent has nothing to show.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No key or no proof could be made.
    #[error(transparent)]
    Key(#[from] crate::key::Error),
    /// The function did not answer.
    #[error("the function does not answer")]
    Http(#[from] reqwest::Error),
    /// It answered, and not with what was asked for.
    #[error("the function refused with status {}", .0.status)]
    Refused(Box<Answer>),
}

impl Error {
    /// The answer that was a refusal.
    #[must_use]
    pub fn answer(self) -> Option<Answer> {
        match self {
            Self::Refused(answer) => Some(*answer),
            Self::Key(_) | Self::Http(_) => None,
        }
    }
}

/// What an agent got back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// `Audit-Receipt`, where there is one.
    pub receipt: Option<String>,
    /// `WWW-Authenticate`, where there is one.
    pub challenge: Option<String>,
    /// The body; null where it is not JSON.
    pub body: Value,
    /// The body as it came.
    pub text: String,
}

impl Answer {
    /// The stage and cause of a refusal, as `vetting/function`.
    #[must_use]
    pub fn problem(&self) -> Option<&str> {
        self.body.get("type")?.as_str()?.strip_prefix("/problems/")
    }

    /// The error code of OAuth (RFC 6749, 5.2).
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        self.body.get("error")?.as_str()
    }

    /// A cell by row and column.
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> &Value {
        self.body.get("rows").and_then(|rows| rows.get(row)?.get(column)).unwrap_or(&Value::Null)
    }

    /// Itself if the function did as it was asked.
    fn ok(self) -> Result<Self, Error> {
        if matches!(self.status, 200 | 201) { Ok(self) } else { Err(Error::Refused(self.into())) }
    }

    /// A text of the body, without which the answer is none.
    fn text_at(&self, pointer: &str) -> Result<String, Error> {
        let text = self.body.pointer(pointer).and_then(Value::as_str);
        text.map(ToOwned::to_owned).ok_or_else(|| Error::Refused(self.clone().into()))
    }

    /// Whether a proof with the server's nonce is wanted (RFC 9449, 8 and 9).
    fn wants_nonce(&self) -> bool {
        let challenged = || self.challenge.as_ref().is_some_and(|text| text.contains(NONCE));
        matches!((self.status, self.error()), (400, Some(NONCE)))
            || self.status == 401 && challenged()
    }
}

/// An agent at one deployment.
#[derive(Clone)]
pub struct Agent {
    at: Deployment,
    token: String,
    key: Option<Key>,
}

impl Agent {
    /// A bearer of this token, at one function.
    #[must_use]
    pub fn new(http: &Client, url: &str, token: &str) -> Self {
        Self::holding(&Deployment::new(http, url, url), token, None)
    }

    /// The holder of this token and, unless it is a bearer's, of its key.
    #[must_use]
    pub fn holding(at: &Deployment, token: &str, key: Option<Key>) -> Self {
        Self { at: at.clone(), token: token.to_owned(), key }
    }

    /// Its token.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Its key, if it has one.
    #[must_use]
    pub fn key(&self) -> Option<&Key> {
        self.key.as_ref()
    }

    /// Where it is.
    #[must_use]
    pub fn at(&self) -> &Deployment {
        &self.at
    }

    /// A request of its own, to be sent as it is or to be bent first.
    #[must_use]
    pub fn call(&self, method: Method, to: Function, path: &str) -> Call {
        Call::new(&self.at, Some(&self.token), self.key.as_ref(), (method, to, path))
    }

    /// Asks for one statement.
    ///
    /// # Errors
    /// The function did not answer.
    pub async fn query(&self, target: &str, statement: &str) -> Result<Answer, Error> {
        self.post(&json!({"target": target, "statement": statement})).await
    }

    /// Sends this body to `POST /v1/query`.
    ///
    /// # Errors
    /// The function did not answer.
    pub async fn post(&self, body: &Value) -> Result<Answer, Error> {
        self.call(Method::POST, Function::Request, "/v1/query").json(body).send().await
    }

    /// Gets this path of the request function.
    ///
    /// # Errors
    /// The function did not answer.
    pub async fn get(&self, path: &str) -> Result<Answer, Error> {
        self.call(Method::GET, Function::Request, path).send().await
    }
}

/// A client for the functions' fronts, which speak plain HTTP on loopback as an emulator's do.
///
/// # Errors
/// No TLS.
pub fn client() -> reqwest::Result<Client> {
    Client::builder().no_proxy().build()
}

/// What both kinds of servers call it when a proof lacks their nonce.
const NONCE: &str = "use_dpop_nonce";
