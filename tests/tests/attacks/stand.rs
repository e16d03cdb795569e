//! A verifier with a clock and a source of keys that a test holds in its hands.

pub(crate) mod alarms;
pub(crate) mod canary;
pub(crate) mod draft;
pub(crate) mod proof;
pub(crate) mod signer;
pub(crate) mod verdict;

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use identity::{Chain, Error, FetchError, Issuers, KeySource, NonceKeys, Own, Verified, Verifier};
use request::{Clock, Later, Millis, Presented};

use signer::{KEYS, set_of};

/// The time in all tests, in seconds, until one moves the clock.
pub(crate) const NOW: u64 = 1_800_000_000;
/// Our own issuer, and the public address that our endpoints are below.
pub(crate) const GATEWAY: &str = "https://gw.example";
/// The audience of tokens for us.
pub(crate) const OURS: &str = "https://gw.example/v1";

/// Two issuers of RFC 9068: the first is strict, the second says little in its headers and is for us
/// alone.
pub(crate) const ISSUERS: &str = r#"
    [issuers.corp]
    issuer = "https://login.example"
    jwks_uri = "https://login.example/jwks"
    audience = ["https://gw.example/v1"]
    algorithms = ["ES256", "RS256"]
    types = ["at+jwt"]
    max_lifetime_s = 3600
    [issuers.corp.groups]
    "7f3c-dba" = "dbas"
    "admin" = "admins"
    "db-admins" = "db-admins"

    [issuers.plant]
    issuer = "https://plant.example"
    jwks_uri = "https://plant.example/jwks"
    audience = ["https://gw.example/v1"]
    sole_audience = true
    algorithms = ["ES256", "RS256"]
    types = ["", "JWT"]
    max_lifetime_s = 600
"#;

/// Our own issuer, reached under two names.
pub(crate) const TOKENS: &str = r#"
    issuer = "https://gw.example"
    resource = "https://gw.example/v1"
    urls = ["https://gw.example", "https://agents.example/live"]
    max_depth = 8
"#;

/// A clock that stands still until it is moved.
pub(crate) struct Hand(AtomicU64);

impl Hand {
    pub(crate) fn set(&self, seconds: u64) {
        self.0.store(seconds * 1000, Ordering::SeqCst);
    }
}

impl Clock for Hand {
    fn now(&self) -> Millis {
        Millis(self.0.load(Ordering::SeqCst))
    }
}

/// A source of keys that counts how often it is asked. What is not there cannot be fetched.
#[derive(Default)]
pub(crate) struct Counting {
    documents: Mutex<BTreeMap<String, Vec<u8>>>,
    asked: AtomicUsize,
}

impl Counting {
    /// From now on, this is what there is at `uri`.
    pub(crate) fn at(&self, uri: &str, document: impl Into<Vec<u8>>) {
        self.documents.lock().unwrap().insert(uri.into(), document.into());
    }

    /// From now on, there is nothing.
    pub(crate) fn gone(&self, uri: &str) {
        self.documents.lock().unwrap().remove(uri);
    }

    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl KeySource for Counting {
    fn fetch<'a>(&'a self, uri: &'a str) -> Later<'a, Result<Vec<u8>, FetchError>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let document = self.documents.lock().unwrap().get(uri).cloned();
        Box::pin(async move { document.ok_or_else(|| FetchError::new("connection refused")) })
    }
}

/// All that a test needs.
pub(crate) struct Stand {
    pub(crate) clock: Arc<Hand>,
    pub(crate) source: Arc<Counting>,
    pub(crate) verifier: Verifier,
}

impl Stand {
    /// Both issuers, whose keys can be fetched and were not yet, and our own.
    pub(crate) fn new() -> Self {
        Self::with(ISSUERS)
    }

    /// Other issuers. Wherever they have their keys, they are those of `corp`; `plant` has its own.
    pub(crate) fn with(issuers: &str) -> Self {
        Self::of(issuers, Own::parse("tokens.toml", TOKENS, &set_of(&[&KEYS.ours])).unwrap(), None)
    }

    /// The usual issuers, and ours as it is given.
    pub(crate) fn of(issuers: &str, own: Own, nonces: Option<Arc<dyn NonceKeys>>) -> Self {
        let source = Arc::new(Counting::default());
        for line in issuers.lines() {
            if let Some(uri) = line.trim().strip_prefix("jwks_uri = ") {
                source.at(uri.trim_matches('"'), set_of(&[&KEYS.corp, &KEYS.corp_rsa]));
            }
        }
        let plant = set_of(&[&KEYS.plant, &KEYS.plant_rsa]);
        source.at("https://plant.example/jwks", plant);
        let clock = Arc::new(Hand(AtomicU64::new(NOW * 1000)));
        let issuers = Issuers::parse("issuers.toml", issuers).unwrap();
        let verifier =
            Verifier::new(issuers, source.clone(), clock.clone(), BTreeMap::new()).unwrap();
        let verifier = verifier.with_own(own, nonces).unwrap();
        Self { clock, source, verifier }
    }

    /// The same issuers and keys, but whatever else is fetched would come over HTTPS, as with the
    /// functions. None of the issuers can be reached, so that whoever is, is somebody else.
    pub(crate) fn fetching(issuers: &str) -> Self {
        // Another test may have done it before.
        _ = host::tls();
        let stand = Self::with(issuers);
        let uris = "jwks_uri = \"https://127.0.0.1:1/";
        let issuers =
            Issuers::parse("issuers.toml", &issuers.replace("jwks_uri = \"https://", uris));
        let keys = set_of(&[&KEYS.corp, &KEYS.corp_rsa]);
        let shipped = BTreeMap::from([("corp".to_owned(), keys)]);
        let source = host::fetcher(true).unwrap();
        let verifier = Verifier::new(issuers.unwrap(), source, stand.clock.clone(), shipped);
        let own = Own::parse("tokens.toml", TOKENS, &set_of(&[&KEYS.ours])).unwrap();
        let verifier = verifier.unwrap().with_own(own, None).unwrap();
        Self { verifier, ..stand }
    }

    /// Through the front door.
    pub(crate) fn believe(&self, shown: &Presented) -> Result<Verified<Chain>, Error> {
        wait(identity::verify(shown, &self.verifier))
    }
}

/// Runs to the end on this thread; an end that does not come is a failure.
pub(crate) fn wait<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let bounded = async { tokio::time::timeout(Duration::from_secs(60), work).await };
    runtime.block_on(bounded).expect("somebody waits for ever")
}
