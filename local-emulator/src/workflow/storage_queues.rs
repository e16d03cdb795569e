//! Two queues of an Azure storage account, `approvals` and `runs`, of which one can put messages only;
//! and the Functions host that takes them off.
//!
//! Over HTTPS, for bearers of tokens of the managed identity: the SDK sends them nowhere else.

use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::post,
};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::deliveries::{Background, Dead, Handle};
use crate::{
    ca::{self, Authority},
    managed_identity::Tokens,
    serve::{self, Bound, Control},
};

/// Why there are no queues.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Their server certificate could not be made.
    #[error("the queues have no certificate")]
    Certificate(#[from] ca::Error),
    /// No free port.
    #[error("the queues cannot listen")]
    Listen(#[from] io::Error),
    /// What calls functions could not be made.
    #[error("functions cannot be called")]
    Client(#[from] reqwest::Error),
}

/// Running queues. [`Control::calls`] counts `PutMessage`.
pub struct StorageQueues {
    site: Site,
    server: serve::Server,
    _background: Background,
}

#[derive(Clone)]
struct Site {
    control: Control,
    tokens: Tokens,
    background: Handle,
    http: reqwest::Client,
    /// Where the function is that each queue starts.
    functions: Arc<Mutex<BTreeMap<&'static str, String>>>,
}

impl StorageQueues {
    /// Starts on a free port; takes the tokens that this identity endpoint gives out. Messages wait
    /// until there are functions to take them.
    ///
    /// # Errors
    /// No certificate or no free port.
    pub async fn start(authority: &Authority, tokens: &Tokens) -> Result<Self, Error> {
        let refused = |code: &str| json!({"error": {"code": code, "message": "told to fail"}});
        let control = Control::new(refused("InternalError"), refused("ServerBusy"));
        let background = Background::start();
        let site = Site {
            control: control.clone(),
            tokens: tokens.clone(),
            background: background.handle(),
            http: reqwest::Client::builder().no_proxy().build()?,
            functions: Arc::default(),
        };
        let routes = Router::new().route("/{queue}/messages", post(put)).with_state(site.clone());
        let tls = authority.server(&["localhost"])?;
        let server = Bound::free().await?.serve(routes, Some(tls), control);
        Ok(Self { site, server, _background: background })
    }

    /// Has messages of `approvals` start the function app at this address, and those of `runs` that
    /// one.
    pub fn attach(&self, decide: &str, run: &str) {
        let mut functions = self.site.functions();
        functions.insert("approvals", format!("{decide}/decide-queue"));
        functions.insert("runs", format!("{run}/run"));
    }

    /// The address of the queue `approvals`, for `POSTERN_WORKFLOW=queue:…`.
    #[must_use]
    pub fn approvals(&self) -> String {
        format!("https://localhost:{}/approvals", self.server.port())
    }

    /// Messages that could not be taken: those of the queues `approvals-poison` and `runs-poison`.
    #[must_use]
    pub fn dead(&self) -> Vec<Dead> {
        self.site.background.dead()
    }

    /// Its faults and counters.
    #[must_use]
    pub fn control(&self) -> &Control {
        &self.site.control
    }
}

impl Site {
    fn functions(&self) -> MutexGuard<'_, BTreeMap<&'static str, String>> {
        self.functions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    visibilitytimeout: u64,
}

async fn put(
    State(site): State<Site>,
    Path(queue): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = bearer.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    if !site.tokens.admits(token, RESOURCE) {
        return refused(StatusCode::UNAUTHORIZED, "InvalidAuthenticationInfo");
    }
    site.control.count("PutMessage");
    let Some(function) = site.functions().get(queue.as_str()).cloned() else {
        return refused(StatusCode::NOT_FOUND, "QueueNotFound");
    };
    let text = std::str::from_utf8(&body).ok().and_then(text);
    let Some(text) = text.filter(|text| text.len() <= MESSAGE_LIMIT) else {
        return refused(StatusCode::BAD_REQUEST, "InvalidXmlDocument");
    };
    let delay = Duration::from_secs(asked.visibilitytimeout);
    let (http, id) = (site.http.clone(), Uuid::new_v4().to_string());
    let named = id.clone();
    site.background.deliver(&queue, text, delay, move |text, time| {
        let (http, function, id) = (http.clone(), function.clone(), named.clone());
        async move { trigger(&http, &function, &text, &id, time).await }
    });
    placed(&id)
}

/// Starts the function, as the Functions host starts a custom handler: the message is a string in JSON,
/// and that once more.
async fn trigger(http: &reqwest::Client, function: &str, text: &str, id: &str, time: u32) -> bool {
    let invocation = json!({
        "Data": {"message": Value::from(text).to_string()},
        "Metadata": {
            "DequeueCount": time.to_string(),
            "Id": Value::from(id).to_string(),
            "sys": {"MethodName": "queue"},
        },
    });
    let answer = http.post(function).json(&invocation).send().await;
    answer.is_ok_and(|answer| answer.status().is_success())
}

/// The text of a message: `<QueueMessage><MessageText>…</MessageText></QueueMessage>`.
fn text(xml: &str) -> Option<String> {
    let (_, rest) = xml.split_once("<MessageText>")?;
    let (text, _) = rest.split_once("</MessageText>")?;
    let mut plain = String::new();
    let mut pieces = text.split('&');
    plain.push_str(pieces.next()?);
    for piece in pieces {
        let (name, rest) = piece.split_once(';')?;
        plain.push(character(name)?);
        plain.push_str(rest);
    }
    Some(plain)
}

/// What a reference of XML stands for.
fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "apos" => Some('\''),
        "gt" => Some('>'),
        "lt" => Some('<'),
        "quot" => Some('"'),
        other => {
            let number = other.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}

fn placed(id: &str) -> Response {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><QueueMessagesList><QueueMessage>\
         <MessageId>{id}</MessageId></QueueMessage></QueueMessagesList>"
    );
    (StatusCode::CREATED, [(header::CONTENT_TYPE, "application/xml")], body).into_response()
}

fn refused(status: StatusCode, code: &'static str) -> Response {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code>\
         <Message>refused</Message></Error>"
    );
    let headers = [(header::CONTENT_TYPE.as_str(), "application/xml"), ("x-ms-error-code", code)];
    (status, headers, body).into_response()
}

/// The resource for which tokens are taken.
const RESOURCE: &str = "https://storage.azure.com";
const MESSAGE_LIMIT: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_message_is_found_as_it_was() {
        let xml = "<QueueMessage><MessageText>{&quot;a&quot;:&quot;&lt;&amp;&#x20;&#65;&gt;&apos;\
                   &quot;}</MessageText></QueueMessage>";
        assert_eq!(text(xml).as_deref(), Some("{\"a\":\"<& A>'\"}"));
        for wrong in [
            "",
            "<MessageText>",
            "<MessageText>&nbsp;</MessageText>",
            "<MessageText>&</MessageText>",
        ] {
            assert_eq!(text(wrong), None, "{wrong}");
        }
    }
}
