//! A verifier with an issuer of every profile, our own tokens, and a clock that stands still.

use std::{
    collections::BTreeMap,
    pin::pin,
    sync::{Arc, LazyLock},
    task::{Context, Poll, Waker},
};

use identity::{FetchError, Issuers, KeyPair, KeySource, NoNonces, NonceKeys, Own, Verifier};
use request::{Clock, Digest, Later, Millis, Over};
use zeroize::Zeroizing;

use crate::signer::Signer;

/// The time, in seconds.
pub(crate) const NOW: u64 = 1_800_000_000;

/// Made once in a process.
pub(crate) static STAND: LazyLock<Stand> = LazyLock::new(Stand::new);

/// Two verifiers, and all keys behind what they believe.
pub(crate) struct Stand {
    pub(crate) verifier: Verifier,
    /// The same, where proofs must carry a nonce.
    pub(crate) with_nonces: Verifier,
    /// The keys of those who send proofs, which show them.
    pub(crate) elliptic: Signer,
    pub(crate) edwards: Signer,
    issuers: BTreeMap<&'static str, Signer>,
}

impl Stand {
    fn new() -> Self {
        let keys: BTreeMap<_, _> = DESKS.iter().map(|desk| (desk.alias, (desk.key)())).collect();
        let sets = keys.iter().map(|(alias, key)| {
            let purpose = if *alias == "spiffe" { "jwt-svid" } else { "sig" };
            ((*alias).to_owned(), key.set(purpose))
        });
        let mut sets: BTreeMap<_, _> = sets.collect();
        let ours = sets.remove(OWN).unwrap();
        let verifier = |line: &str| {
            let issuers = Issuers::parse("issuers.toml", include_str!("issuers.toml")).unwrap();
            let (source, clock) = (Arc::new(Nowhere), Arc::new(Still));
            let verifier = Verifier::new(issuers, source, clock, sets.clone()).unwrap();
            let tokens = format!("{}{line}", include_str!("tokens.toml"));
            let own = Own::parse("tokens.toml", &tokens, &ours).unwrap();
            verifier.with_own(own, Some(Arc::new(Threes))).unwrap()
        };
        Self {
            verifier: verifier(""),
            with_nonces: verifier("nonce = \"nonces\""),
            elliptic: Signer::generator(),
            edwards: Signer::edwards(),
            issuers: keys,
        }
    }

    /// An issuer's key. Issuers have one each, so that none can pass for another.
    pub(crate) fn key(&self, alias: &str) -> &Signer {
        &self.issuers[alias]
    }
}

/// Whose token it is: an issuer as `issuers.toml` has it, or we ourselves.
pub(crate) struct Desk {
    pub(crate) alias: &'static str,
    key: fn() -> Signer,
    /// The type in a header that the input does not bring along.
    pub(crate) kind: &'static str,
}

/// One of every profile, in the order of the ways from `b` on.
pub(crate) const DESKS: [Desk; 11] = [
    Desk { alias: OWN, key: Signer::elliptic, kind: "at+jwt" },
    Desk { alias: "corp", key: Signer::edwards, kind: "at+jwt" },
    Desk { alias: "entra", key: Signer::rsa, kind: "JWT" },
    Desk { alias: "entra-v1", key: Signer::rsa, kind: "JWT" },
    Desk { alias: "entra-agent", key: Signer::rsa, kind: "JWT" },
    Desk { alias: "cognito", key: Signer::rsa, kind: "JWT" },
    Desk { alias: "aws-sts", key: Signer::rsa, kind: "JWT" },
    Desk { alias: "github", key: Signer::rsa, kind: "JWT" },
    Desk { alias: "gitlab", key: Signer::rsa, kind: "JWT" },
    Desk { alias: "kubernetes", key: Signer::elliptic, kind: "JWT" },
    Desk { alias: "spiffe", key: Signer::elliptic, kind: "JWT" },
];

/// Ourselves.
const OWN: &str = "own";

/// The request that is made, which is always the same.
pub(crate) fn over() -> Over {
    let body = Some(Digest::of(b"{}"));
    Over { method: "POST".into(), path: "/v1/query".into(), body }
}

/// The end of something that waits for nobody but another thread with the same verifier: all keys are
/// shipped, and none can be fetched.
pub(crate) fn done<T>(work: impl Future<Output = T>) -> T {
    let (mut work, mut context) = (pin!(work), Context::from_waker(Waker::noop()));
    let mut turns = (0..TURNS).filter_map(|_| match work.as_mut().poll(&mut context) {
        Poll::Ready(end) => Some(end),
        Poll::Pending => {
            std::thread::yield_now();
            None
        }
    });
    turns.next().expect("nobody is asked for anything")
}

/// How often another thread is let go on.
const TURNS: usize = 1_000_000;

struct Still;

impl Clock for Still {
    fn now(&self) -> Millis {
        Millis(NOW * 1000)
    }
}

/// Where nothing can be fetched.
struct Nowhere;

impl KeySource for Nowhere {
    fn fetch<'a>(&'a self, _: &'a str) -> Later<'a, Result<Vec<u8>, FetchError>> {
        Box::pin(async { Err(FetchError::new("there is no network")) })
    }
}

/// Where the key of nonces is the same for ever.
struct Threes;

impl NonceKeys for Threes {
    fn fetch(&self) -> Later<'_, Result<KeyPair, NoNonces>> {
        Box::pin(async { Ok((Zeroizing::new([3; 32]), None)) })
    }
}
