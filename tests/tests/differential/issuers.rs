//! The issuers whose tokens are judged, our verifier for them, and the same in words that the other
//! verifiers understand.

use std::{collections::BTreeMap, sync::Arc};

use identity::{FetchError, Issuers, KeySource, Own, Verifier};
use request::{Bearer, Clock, Digest, Later, Millis, Over, Presented, Proof, Scheme};
use serde_json::{Value, json};

use crate::{cases::Case, signer::Signer};

/// The time, in seconds.
pub(crate) const NOW: u64 = 1_800_000_000;
/// The audience of all tokens.
pub(crate) const OURS: &str = "https://gw.example/v1";
/// What is called.
pub(crate) const URL: &str = "https://gw.example/v1/query";

/// A strict issuer, one that says little in its headers, and ourselves, all with the rules that
/// `issuers.toml` and `tokens.toml` would have for them.
const ENTRIES: [Entry; 3] = [
    Entry {
        alias: "corp",
        issuer: "https://login.example",
        algorithms: &["ES256", "RS256", "EdDSA", "ES384", "PS256"],
        kind: Some("at+jwt"),
        leeway_s: 30,
        lifetime_s: 3600,
    },
    Entry {
        alias: "plant",
        issuer: "https://plant.example",
        algorithms: &["ES256", "RS256"],
        kind: None,
        leeway_s: 30,
        lifetime_s: 600,
    },
    Entry {
        alias: OWN,
        issuer: "https://gw.example",
        algorithms: &["ES256"],
        kind: Some("at+jwt"),
        leeway_s: 5,
        lifetime_s: 900,
    },
];
const OWN: &str = "own";

struct Entry {
    alias: &'static str,
    issuer: &'static str,
    algorithms: &'static [&'static str],
    /// The type in the header; `None` for `JWT` or none.
    kind: Option<&'static str>,
    leeway_s: u64,
    lifetime_s: u64,
}

/// An issuer and its keys, one for each of its algorithms, whose names are their ids.
pub(crate) struct Issuer {
    entry: &'static Entry,
    pub(crate) keys: Vec<Signer>,
}

impl Issuer {
    fn new(entry: &'static Entry) -> Self {
        let keys = entry.algorithms.iter().map(|name| Signer::new(name, name));
        Self { entry, keys: keys.collect() }
    }

    pub(crate) fn alias(&self) -> &'static str {
        self.entry.alias
    }

    pub(crate) fn name(&self) -> &'static str {
        self.entry.issuer
    }

    /// The type that its headers have.
    pub(crate) fn kind(&self) -> &'static str {
        self.entry.kind.unwrap_or("JWT")
    }

    pub(crate) fn is_ours(&self) -> bool {
        self.entry.alias == OWN
    }

    fn key_set(&self) -> Value {
        json!({"keys": self.keys.iter().map(Signer::published).collect::<Vec<_>>()})
    }

    fn toml(&self) -> String {
        let Entry { alias, issuer, algorithms, kind, leeway_s, lifetime_s } = self.entry;
        let types = kind.map_or_else(|| vec!["", "JWT"], |kind| vec![kind]);
        let sole = kind.is_none();
        format!(
            "[issuers.{alias}]\nissuer = \"{issuer}\"\njwks_uri = \"{issuer}/jwks\"\n\
             audience = [\"{OURS}\"]\nsole_audience = {sole}\nalgorithms = {algorithms:?}\n\
             types = {types:?}\nmax_lifetime_s = {lifetime_s}\nleeway_s = {leeway_s}\n"
        )
    }

    /// As the other verifiers are told.
    fn told(&self) -> Value {
        json!({
            "issuer": self.entry.issuer, "algorithms": self.entry.algorithms,
            "typ": self.entry.kind, "leeway": self.entry.leeway_s, "age": self.entry.lifetime_s,
            "jwks": self.key_set(),
        })
    }
}

/// The issuers, and our verifier.
pub(crate) struct Stand {
    pub(crate) issuers: Vec<Issuer>,
    /// Whose keys nobody knows.
    pub(crate) strangers: Vec<Signer>,
    verifier: Verifier,
    runtime: tokio::runtime::Runtime,
}

impl Stand {
    pub(crate) fn new() -> Self {
        let issuers: Vec<Issuer> = ENTRIES.iter().map(Issuer::new).collect();
        let strangers = ENTRIES[0].algorithms.iter().map(|name| Signer::new(name, name));
        let (ours, foreign): (Vec<_>, Vec<_>) = issuers.iter().partition(|one| one.is_ours());
        let sets = foreign.iter().map(|one| (one.alias().to_owned(), bytes(&one.key_set())));
        let sets: BTreeMap<_, _> = sets.collect();
        let text: String = foreign.iter().map(|one| one.toml()).collect();
        let entries = Issuers::parse("issuers.toml", &text).unwrap();
        let verifier = Verifier::new(entries, Arc::new(Nowhere), Arc::new(Still), sets).unwrap();
        let tokens = format!(
            "issuer = \"{}\"\nresource = \"{OURS}\"\nurls = [\"https://gw.example\"]\n",
            ours[0].name()
        );
        let own = Own::parse("tokens.toml", &tokens, &bytes(&ours[0].key_set())).unwrap();
        let verifier = verifier.with_own(own, None).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        Self { issuers, strangers: strangers.collect(), verifier, runtime }
    }

    /// What we say: nothing, or why not.
    pub(crate) fn judge(&self, case: &Case) -> Option<String> {
        let body = case.proof.as_ref().map(|_| Digest::of(b"{}"));
        let shown = Presented {
            scheme: if case.proof.is_some() { Scheme::Dpop } else { Scheme::Bearer },
            token: Bearer::new(case.token.clone()),
            proof: case.proof.clone().map(Proof::new),
            over: Over { method: "POST".into(), path: "/v1/query".into(), body },
        };
        let verdict = self.runtime.block_on(identity::verify(&shown, &self.verifier));
        verdict.err().map(|error| error.to_string())
    }

    /// All that the other verifiers are told.
    pub(crate) fn told(&self) -> Value {
        let issuers: Vec<Value> = self.issuers.iter().map(Issuer::told).collect();
        json!({"now": NOW, "audience": OURS, "method": "POST", "url": URL, "issuers": issuers})
    }
}

fn bytes(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

struct Still;

impl Clock for Still {
    fn now(&self) -> Millis {
        Millis(NOW * 1000)
    }
}

struct Nowhere;

impl KeySource for Nowhere {
    fn fetch<'a>(&'a self, _: &'a str) -> Later<'a, Result<Vec<u8>, FetchError>> {
        Box::pin(async { Err(FetchError::new("there is no network")) })
    }
}
