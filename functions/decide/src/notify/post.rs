//! Delivery: the address and the key from where they are kept, then a message until it is taken.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use credentials::SecretStore;
use http::{HeaderName, StatusCode, header};
use request::{Deadline, SecretName};
use reqwest::{Client, Response, Url, redirect::Policy};
use zeroize::Zeroizing;

use super::{
    Event, Notifiers, Plan, chat,
    plan::{Means, Place},
    sign::SigningKey,
};

/// What came of telling one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// Who.
    pub(crate) notifier: String,
    /// With which status it was taken, or why it was not.
    pub(crate) told: Result<StatusCode, Failure>,
}

/// Why somebody was not told. Nothing of an address or a key is in here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    /// It is not where messages may be sent.
    #[error("its address is not one that messages are sent to")]
    Address,
    /// It wants no more messages (410), now or since an earlier one.
    #[error("it wants no more messages")]
    Gone,
    /// There was no time left to try.
    #[error("there was no time left")]
    Late,
    /// It answered, and did not take the message.
    #[error("it answered {0}")]
    Refused(StatusCode),
    /// The secret with its address or its key cannot be had.
    #[error("its secret cannot be had, or has not the shape that it must have")]
    Secret,
    /// It did not answer.
    #[error("it cannot be reached")]
    Unreachable,
}

/// One who is told.
pub(super) struct Notifier {
    plan: Plan,
    gone: AtomicBool,
}

/// Those who connect: to public addresses, and to any.
pub(super) struct Clients {
    public: Client,
    private: Client,
}

impl Clients {
    pub(super) fn new() -> Result<Self, reqwest::Error> {
        let client = || {
            let client =
                Client::builder().redirect(Policy::none()).no_proxy().user_agent("postern");
            // A function is frozen between messages; whatever it had open is gone by then.
            client.pool_max_idle_per_host(0)
        };
        let public = client().https_only(true).dns_resolver(Arc::new(host::PublicNames));
        Ok(Self { public: public.build()?, private: client().build()? })
    }
}

/// A message on its way: what it says, and how it is signed where it is.
struct Letter<'a> {
    to: Url,
    key: Option<SigningKey>,
    id: String,
    body: Vec<u8>,
    client: &'a Client,
}

impl Notifier {
    pub(super) fn new(plan: Plan) -> Self {
        Self { plan, gone: AtomicBool::new(false) }
    }

    pub(super) fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Tells them; what came of it, whoever called writes down.
    pub(super) async fn tell(&self, event: &Event, within: Deadline, on: &Notifiers) -> Outcome {
        let told = self.told(event, within, on).await;
        Outcome { notifier: self.plan.name().to_owned(), told }
    }

    async fn told(
        &self,
        event: &Event,
        within: Deadline,
        on: &Notifiers,
    ) -> Result<StatusCode, Failure> {
        if self.gone.load(Ordering::Relaxed) {
            return Err(Failure::Gone);
        }
        let letter = tokio::time::timeout(within.left(), self.letter(event, on));
        let letter = letter.await.map_err(|_| Failure::Late)??;
        let mut failure = Failure::Late;
        let mut pause = Duration::ZERO;
        for _ in 0..TRIES {
            if within.left() <= pause {
                break;
            }
            tokio::time::sleep(pause).await;
            match letter.sent(within, on).await {
                Ok(answer) if answer.status().is_success() => return Ok(answer.status()),
                Ok(answer) if answer.status() == StatusCode::GONE => {
                    self.gone.store(true, Ordering::Relaxed);
                    return Err(Failure::Gone);
                }
                Ok(answer) => {
                    failure = Failure::Refused(answer.status());
                    pause = asked(&answer).unwrap_or_default().max(next(pause));
                }
                Err(why) => (failure, pause) = (why, next(pause)),
            }
        }
        Err(failure)
    }

    async fn letter<'a>(&self, event: &Event, on: &'a Notifiers) -> Result<Letter<'a>, Failure> {
        let secrets = on.secrets.as_ref();
        let url = match self.plan.place() {
            Place::Url(url) => Zeroizing::new(url.clone()),
            Place::Secret(name) => secret(name, "url", secrets).await?,
        };
        let private = self.plan.is_private();
        let to = address(&url, private).ok_or(Failure::Address)?;
        let key = match self.plan.means() {
            Means::Slack | Means::Teams => None,
            Means::Webhook(name) => {
                let key = secret(name, "key", secrets).await?;
                Some(SigningKey::parse(&key).ok_or(Failure::Secret)?)
            }
        };
        let body = match self.plan.means() {
            Means::Slack => chat::slack(event).to_string().into_bytes(),
            Means::Teams => chat::teams(event).to_string().into_bytes(),
            Means::Webhook(_) => event.payload(),
        };
        let client = if private { &on.clients.private } else { &on.clients.public };
        Ok(Letter { to, key, id: event.id(), body, client })
    }
}

impl Letter<'_> {
    /// Sends it once. What is answered is not read but for its status.
    async fn sent(&self, within: Deadline, on: &Notifiers) -> Result<Response, Failure> {
        let post = self.client.post(self.to.clone()).timeout(within.left().min(ATTEMPT));
        let mut post = post.header(header::CONTENT_TYPE, "application/json");
        if let Some(key) = &self.key {
            // Of this attempt, not of the event: a receiver refuses what is old.
            let second = on.clock.now().seconds();
            let signature = key.signature(&self.id, second, &self.body).ok_or(Failure::Secret)?;
            let values = [self.id.clone(), second.to_string(), signature];
            for (name, value) in HEADERS.into_iter().zip(values) {
                post = post.header(name, value);
            }
        }
        // The error would name the address, and that may be a secret.
        post.body(self.body.clone()).send().await.map_err(|_| Failure::Unreachable)
    }
}

/// The address, if messages may be sent there: over TLS, to a public place. Where it is private, it may
/// be anywhere, and in the clear on this very machine.
pub(super) fn address(text: &str, private: bool) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let host = url.host_str()?;
    let local = matches!(host, "127.0.0.1" | "[::1]" | "localhost");
    let safe = match url.scheme() {
        "https" => private || host::may_be_public(text),
        "http" => private && local,
        _ => false,
    };
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    (safe && plain).then_some(url)
}

/// The one member of a secret, such as `{"url": …}`.
async fn secret(
    name: &SecretName,
    member: &str,
    store: Option<&Arc<dyn SecretStore>>,
) -> Result<Zeroizing<String>, Failure> {
    let fetched = store.ok_or(Failure::Secret)?.fetch(name).await;
    fetched.ok().and_then(|fetched| fetched.secret.only(member)).ok_or(Failure::Secret)
}

/// How long whoever has too much to do wants to be left alone (RFC 9110, 10.2.3).
fn asked(answer: &Response) -> Option<Duration> {
    let seconds = answer.headers().get(header::RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// Twice as long as before.
fn next(pause: Duration) -> Duration {
    (pause * 2).max(FIRST_PAUSE)
}

/// In the order in which they are signed, and the signature.
const HEADERS: [HeaderName; 3] = [
    HeaderName::from_static("webhook-id"),
    HeaderName::from_static("webhook-timestamp"),
    HeaderName::from_static("webhook-signature"),
];
/// For one attempt; whoever takes longer than that to say yes is not well.
const ATTEMPT: Duration = Duration::from_secs(5);
/// Doubled after each: all of them take less than four seconds where answers come at once.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const TRIES: usize = 5;
