//! An agent: somebody with a token who sends HTTP requests.

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

/// What an agent got back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// `Audit-Receipt`, where there is one.
    pub receipt: Option<String>,
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

    /// A cell by row and column.
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> &Value {
        self.body.get("rows").and_then(|rows| rows.get(row)?.get(column)).unwrap_or(&Value::Null)
    }
}

/// An agent at one function.
#[derive(Clone)]
pub struct Agent {
    http: Client,
    url: String,
    token: String,
}

impl Agent {
    /// An agent with this token at this function.
    #[must_use]
    pub fn new(http: &Client, url: &str, token: &str) -> Self {
        Self { http: http.clone(), url: url.to_owned(), token: token.to_owned() }
    }

    /// Asks for one statement.
    ///
    /// # Errors
    /// The function did not answer.
    pub async fn query(&self, target: &str, statement: &str) -> reqwest::Result<Answer> {
        self.post(&json!({"target": target, "statement": statement})).await
    }

    /// Sends this body to `POST /v1/query`.
    ///
    /// # Errors
    /// The function did not answer.
    pub async fn post(&self, body: &Value) -> reqwest::Result<Answer> {
        let request = self.http.post(format!("{}/v1/query", self.url));
        self.send(request.header("content-type", "application/json").body(body.to_string())).await
    }

    /// Gets this path.
    ///
    /// # Errors
    /// The function did not answer.
    pub async fn get(&self, path: &str) -> reqwest::Result<Answer> {
        self.send(self.http.get(format!("{}{path}", self.url))).await
    }

    async fn send(&self, request: RequestBuilder) -> reqwest::Result<Answer> {
        let response = request.bearer_auth(&self.token).send().await?;
        let receipt = response.headers().get("audit-receipt");
        let receipt = receipt.and_then(|value| value.to_str().ok()).map(ToOwned::to_owned);
        let status = response.status().as_u16();
        let text = response.text().await?;
        let body = serde_json::from_str(&text).unwrap_or_default();
        Ok(Answer { status, receipt, body, text })
    }
}
