//! Two queues on an Azurite of their own.

use std::time::{Duration, Instant};

use on_azure::{Queue, client, credential};
use request::{Clock, Millis};
use reqwest::{Client, Method, Response};
use serde_json::Value;

use crate::{
    certificate::Certificate,
    child,
    identity::{self, CLIENT_ID, Identity},
    servers::Server,
};

/// Runs the test once more, with Azurite there and with what a function app finds in its environment.
pub(crate) fn with_azure(test: &str) {
    let (certificate, identity) = (Certificate::new(), Identity::start());
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("root.pem");
    std::fs::write(&root, certificate.root()).unwrap();
    let azurite = Server::azurite("queue", &certificate);
    let account = format!("https://127.0.0.1:{}/devstoreaccount1", azurite.port());
    let mut environment = vec![("SSL_CERT_FILE", root.display().to_string()), (ACCOUNT, account)];
    environment.extend(identity.environment());
    environment.extend(child::variable("POSTERN_TOOLS").map(|tools| ("POSTERN_TOOLS", tools)));
    child::run(test, &environment);
}

/// A message as it was taken.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    pub(crate) queue: &'static str,
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) count: u32,
    receipt: String,
}

impl Taken {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }
}

/// The account, from within a child of [`with_azure`].
pub(crate) struct Account {
    http: Client,
    pub(crate) url: String,
}

impl Account {
    /// With its four queues: those of messages, and those of what nobody could take.
    pub(crate) async fn open() -> Self {
        let account = Self { http: client(&[]).unwrap(), url: child::variable(ACCOUNT).unwrap() };
        for queue in ["approvals", "approvals-poison", "runs", "runs-poison"] {
            let made = account.send(Method::PUT, queue, "").await;
            assert_eq!(made.status(), 201, "{}", made.text().await.unwrap());
        }
        account
    }

    /// What puts messages.
    pub(crate) fn queue(&self) -> Queue {
        queue_at(&self.address())
    }

    /// The address of the queue of whoever asks people.
    pub(crate) fn address(&self) -> String {
        format!("{}/approvals", self.url)
    }

    /// The next message of a queue that can be seen, invisible to others for so many seconds; where
    /// none can be seen, nothing.
    pub(crate) async fn next(&self, queue: &'static str, hidden: u32) -> Option<Taken> {
        let place = format!("{queue}/messages?visibilitytimeout={hidden}");
        let body = self.send(Method::GET, &place, "").await.text().await.unwrap();
        let part = |name: &str| {
            let (_, rest) = body.split_once(&format!("<{name}>"))?;
            Some(plain(rest.split_once('<')?.0))
        };
        Some(Taken {
            queue,
            id: part("MessageId")?,
            text: part("MessageText")?,
            count: part("DequeueCount")?.parse().unwrap(),
            receipt: part("PopReceipt")?,
        })
    }

    /// Takes the next message off a queue, when there is one.
    pub(crate) async fn take(&self, queue: &'static str) -> Value {
        let start = Instant::now();
        loop {
            if let Some(taken) = self.next(queue, 30).await {
                self.delete(&taken).await;
                return taken.json();
            }
            assert!(start.elapsed() < Duration::from_secs(20), "nothing is in {queue}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Deletes a message.
    pub(crate) async fn delete(&self, taken: &Taken) {
        let receipt: String =
            url::form_urlencoded::byte_serialize(taken.receipt.as_bytes()).collect();
        let place = format!("{}/messages/{}?popreceipt={receipt}", taken.queue, taken.id);
        let gone = self.send(Method::DELETE, &place, "").await;
        assert_eq!(gone.status(), 204, "{}", gone.text().await.unwrap());
    }

    /// How many messages there are, those that cannot be seen among them.
    pub(crate) async fn count(&self, queue: &str) -> u32 {
        let about = self.send(Method::GET, &format!("{queue}?comp=metadata"), "").await;
        about.headers()["x-ms-approximate-messages-count"].to_str().unwrap().parse().unwrap()
    }

    /// Puts this text into a queue.
    pub(crate) async fn put(&self, queue: &str, text: &str) {
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        let body = format!("<QueueMessage><MessageText>{text}</MessageText></QueueMessage>");
        let put = self.send(Method::POST, &format!("{queue}/messages"), &body).await;
        assert_eq!(put.status(), 201, "{}", put.text().await.unwrap());
    }

    async fn send(&self, method: Method, place: &str, body: &str) -> Response {
        let request = self.http.request(method, format!("{}/{place}", self.url));
        let request = request.bearer_auth(identity::token()).header("x-ms-version", "2025-11-05");
        request.body(body.to_owned()).send().await.unwrap()
    }
}

/// The adapter for the queue at this address.
pub(crate) fn queue_at(address: &str) -> Queue {
    let credential = credential(Some(CLIENT_ID)).unwrap();
    Queue::new(client(&[]).unwrap(), address, credential, std::sync::Arc::new(Wall)).unwrap()
}

/// The time of this machine.
struct Wall;

impl Clock for Wall {
    fn now(&self) -> Millis {
        now()
    }
}

#[expect(clippy::disallowed_methods, reason = "Azurite hides messages by its own clock")]
pub(crate) fn now() -> Millis {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Millis(u64::try_from(since.as_millis()).unwrap())
}

/// Text of XML without its references.
fn plain(text: &str) -> String {
    let names = [("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&apos;", "'"), ("&amp;", "&")];
    names.iter().fold(text.to_owned(), |text, (name, character)| text.replace(name, character))
}

pub(crate) const ACCOUNT: &str = "POSTERN_WORKFLOW_ACCOUNT";
