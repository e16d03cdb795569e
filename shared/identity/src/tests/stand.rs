//! A verifier with a clock and a source of keys that a test holds in its hands.

use std::{
    collections::BTreeMap,
    future::Future,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use request::{Bearer, Clock, Later, Millis, Over, Presented, Scheme};
use serde_json::{Value, json};

use super::signer::KEYS;
use crate::{Chain, Error, FetchError, Issuers, KeySource, Verified, Verifier, verify};

/// The time in all tests, in seconds, until one lets it pass.
pub(crate) const NOW: u64 = 1_800_000_000;

/// Two issuers: one allows much, the other is narrow.
pub(crate) const ISSUERS: &str = r#"
    [issuers.corp]
    issuer = "https://login.example"
    jwks_uri = "https://login.example/jwks"
    audience = ["https://postern.example/v1"]
    algorithms = ["ES256", "ES384", "RS256", "PS256", "EdDSA"]
    types = ["at+jwt"]
    max_lifetime_s = 3600
    [issuers.corp.groups]
    "7f3c-analysts" = "analysts"
    "7f3c-admins" = "admins"

    [issuers.plant]
    issuer = "https://plant.example"
    jwks_uri = "https://plant.example/jwks"
    audience = ["https://postern.example/v1", "https://postern.example/v2"]
    sole_audience = true
    algorithms = ["RS256"]
    types = ["", "JWT"]
    max_lifetime_s = 600
    leeway_s = 0
    client_claim = "azp"
    groups_claim = "roles"
    [issuers.plant.groups]
    operator = "operators"
"#;

/// A clock that stands still until it is moved.
pub(crate) struct Hand(AtomicU64);

impl Hand {
    pub(crate) fn pass(&self, seconds: u64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    pub(crate) fn set(&self, seconds: u64) {
        self.0.store(seconds * 1000, Ordering::SeqCst);
    }
}

impl Clock for Hand {
    fn now(&self) -> Millis {
        Millis(self.0.load(Ordering::SeqCst))
    }
}

/// What a source of keys does when it is asked.
#[derive(Clone)]
pub(crate) enum Answer {
    Document(Vec<u8>),
    Fails,
    Hangs,
}

/// A source of keys that counts how often it is asked.
pub(crate) struct Counting {
    answers: Mutex<BTreeMap<String, Answer>>,
    asked: AtomicUsize,
}

impl Counting {
    /// From now on, this is what there is at `jwks_uri`.
    pub(crate) fn at(&self, jwks_uri: &str, answer: Answer) {
        self.answers.lock().unwrap().insert(jwks_uri.into(), answer);
    }

    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl KeySource for Counting {
    fn fetch<'a>(&'a self, jwks_uri: &'a str) -> Later<'a, Result<Vec<u8>, FetchError>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let answer = self.answers.lock().unwrap().get(jwks_uri).cloned();
        Box::pin(async move {
            // Long enough for everybody else to come along.
            for _ in 0..8 {
                tokio::task::yield_now().await;
            }
            match answer {
                Some(Answer::Document(document)) => Ok(document),
                Some(Answer::Hangs) => std::future::pending().await,
                Some(Answer::Fails) | None => Err(FetchError::new("connection refused")),
            }
        })
    }
}

/// All that a test needs.
pub(crate) struct Stand {
    pub(crate) clock: Arc<Hand>,
    pub(crate) source: Arc<Counting>,
    pub(crate) verifier: Verifier,
}

impl Stand {
    /// Both issuers, whose keys can be fetched and are shipped with the package.
    pub(crate) fn new() -> Self {
        let shipped = BTreeMap::from([
            ("corp".into(), KEYS.corp().to_string().into_bytes()),
            ("plant".into(), set_of(&[KEYS.plant.jwk()])),
        ]);
        Self::with(ISSUERS, shipped)
    }

    /// Both issuers; nothing is shipped.
    pub(crate) fn bare() -> Self {
        Self::with(ISSUERS, BTreeMap::new())
    }

    pub(crate) fn with(issuers: &str, shipped: BTreeMap<String, Vec<u8>>) -> Self {
        let clock = Arc::new(Hand(AtomicU64::new(NOW * 1000)));
        let source =
            Arc::new(Counting { answers: Mutex::default(), asked: AtomicUsize::default() });
        source.at("https://login.example/jwks", Answer::Document(KEYS.corp().to_string().into()));
        source.at("https://plant.example/jwks", Answer::Document(set_of(&[KEYS.plant.jwk()])));
        let issuers = Issuers::parse("issuers.toml", issuers).unwrap();
        let verifier = Verifier::new(issuers, source.clone(), clock.clone(), shipped).unwrap();
        Self { clock, source, verifier }
    }

    pub(crate) async fn verify(&self, token: &str) -> Result<Verified<Chain>, Error> {
        verify(&bearer(token), &self.verifier).await
    }

    pub(crate) fn believe(&self, token: &str) -> Result<Verified<Chain>, Error> {
        wait(self.verify(token))
    }
}

/// A token as a bearer sends it with a statement.
pub(crate) fn bearer(token: &str) -> Presented {
    let over = Over { method: "POST".into(), path: "/v1/query".into(), body: None };
    let token = Bearer::new(token.into());
    Presented { scheme: Scheme::Bearer, token, proof: None, over }
}

/// The document of a key set.
pub(crate) fn set_of(keys: &[Value]) -> Vec<u8> {
    json!({ "keys": keys }).to_string().into_bytes()
}

/// Runs to the end on this thread; an end that does not come is a failure.
pub(crate) fn wait<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let bounded = async { tokio::time::timeout(Duration::from_secs(30), work).await };
    runtime.block_on(bounded).expect("somebody waits for ever")
}

/// An error by its variant and what it points at: short enough for a table.
pub(crate) fn kind(error: &Error) -> String {
    match error {
        Error::Algorithm => "algorithm".into(),
        Error::Audience(false) => "audience".into(),
        Error::Audience(true) => "audience alone".into(),
        Error::Bound => "bound".into(),
        Error::Claim(name, _) => format!("claim {name}"),
        Error::Early(name) => format!("early {name}"),
        Error::Expired => "expired".into(),
        Error::Fallen(_) => "fallen".into(),
        Error::Form(why) => format!("form: {why}"),
        Error::Header(name, _) => format!("header {name}"),
        Error::Issuer => "issuer".into(),
        Error::Key(_) => "key".into(),
        Error::Kind(name) => format!("kind {name}"),
        Error::Lifetime => "lifetime".into(),
        Error::Nonces(_) => "nonces".into(),
        Error::Person(why) => format!("person: {why}"),
        Error::Proof(_) => "proof".into(),
        Error::Signature => "signature".into(),
        Error::Type => "type".into(),
        Error::Unavailable { .. } => "unavailable".into(),
        Error::Unbound => "unbound".into(),
    }
}
