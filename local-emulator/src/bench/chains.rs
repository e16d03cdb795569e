//! What a chain costs: to believe a token with its proof at several depths, and to get one.

use std::{
    collections::BTreeMap,
    hint::black_box,
    sync::Arc,
    time::{Duration, Instant},
};

use identity::{FetchError, Issuers, KeySource, Own, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, crypto, jwk::Jwk};
use request::{Bearer, Clock, Later, Millis, Over, Presented, Proof, Scheme};
use serde::Serialize;
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::{
    Effort, Error,
    spread::{Spread, rounded},
};
use crate::{
    agent::{Draft, rights},
    emulator::{Cloud, Emulator},
    issuer::Claims,
    key::Key,
    story,
};

/// What was measured of chains.
#[derive(Debug, Serialize)]
pub(super) struct Chains {
    /// Two bare ES256 signatures checked by the same library: what cannot be less.
    pub(super) signatures: Spread,
    /// In this process, on one core.
    pub(super) verified: Vec<Verified>,
    /// Over HTTP, signed with a key in a file.
    pub(super) exchanged: Vec<Exchanged>,
}

/// One depth.
#[derive(Debug, Serialize)]
pub(super) struct Verified {
    pub(super) depth: usize,
    pub(super) token_bytes: usize,
    pub(super) took: Spread,
    /// Over the two signatures.
    pub(super) ratio_p50: f64,
}

/// One cloud.
#[derive(Debug, Serialize)]
pub(super) struct Exchanged {
    #[serde(serialize_with = "super::race::name")]
    pub(super) cloud: Cloud,
    pub(super) took: Spread,
}

/// Measures both.
pub(super) async fn measure(on: &Emulator, effort: Effort) -> Result<Chains, Error> {
    let bench = Bench::new()?;
    let signatures = bench.signatures(effort.of(ROUNDS))?;
    let mut verified = Vec::new();
    for depth in [1, 4, 8] {
        verified.push(bench.verified(depth, effort.of(ROUNDS), signatures).await?);
    }
    let mut exchanged = Vec::new();
    for cloud in Cloud::ALL {
        let took = exchanges(on, cloud, effort.of(EXCHANGES)).await?;
        exchanged.push(Exchanged { cloud, took });
    }
    Ok(Chains { signatures, verified, exchanged })
}

/// A verifier, the key of its deployment, and an agent's.
struct Bench {
    verifier: Verifier,
    issuer: Key,
    agent: Key,
}

impl Bench {
    fn new() -> Result<Self, Error> {
        let (issuer, agent) = (Key::fresh().map_err(wrong)?, Key::fresh().map_err(wrong)?);
        let issuers = Issuers::parse("issuers.toml", ISSUERS).map_err(wrong)?;
        let own = Own::parse("tokens.toml", TOKENS, issuer.set().to_string().as_bytes());
        let verifier = Verifier::new(issuers, Arc::new(NoKeys), Arc::new(Wall), BTreeMap::new());
        let verifier = verifier.and_then(|verifier| verifier.with_own(own?, None));
        Ok(Self { verifier: verifier.map_err(wrong)?, issuer, agent })
    }

    /// What has to be done for any token with any proof, by the library that does it for us.
    fn signatures(&self, rounds: u32) -> Result<Spread, Error> {
        let token = self.token(1)?;
        let (message, signature) = token.rsplit_once('.').unwrap_or_default();
        let jwk: Jwk = serde_json::from_value(self.issuer.jwk().clone()).map_err(wrong)?;
        let key = DecodingKey::from_jwk(&jwk).map_err(wrong)?;
        let check = || crypto::verify(signature, message.as_bytes(), &key, Algorithm::ES256);
        let times = (0..rounds).map(|_| {
            let began = Instant::now();
            let both = (black_box(check()), black_box(check()));
            let took = began.elapsed();
            matches!(both, (Ok(true), Ok(true))).then_some(took)
        });
        let times: Option<Vec<Duration>> = times.collect();
        times.map(Spread::of).ok_or_else(|| wrong("a good signature is not good"))
    }

    async fn verified(
        &self,
        depth: usize,
        rounds: u32,
        signatures: Spread,
    ) -> Result<Verified, Error> {
        let token = self.token(depth)?;
        let mut times = Vec::new();
        for _ in 0..rounds {
            let shown = self.shown(&token)?;
            let began = Instant::now();
            let chain = identity::verify(&shown, &self.verifier).await.map_err(wrong)?;
            times.push(began.elapsed());
            if chain.get().hops().len() != depth + 1 {
                return Err(wrong("the chain has another depth"));
            }
        }
        let took = Spread::of(times);
        let ratio_p50 = rounded(took.p50_ms / signatures.p50_ms);
        Ok(Verified { depth, token_bytes: token.len(), took, ratio_p50 })
    }

    fn shown(&self, token: &str) -> Result<Presented, Error> {
        let proof = Draft::new(&self.agent, "POST", QUERY).token(token).body(BODY);
        let over = Over {
            method: "POST".to_owned(),
            path: "/v1/query".to_owned(),
            body: Some(request::Digest::of(BODY)),
        };
        Ok(Presented {
            scheme: Scheme::Dpop,
            token: Bearer::new(token.to_owned()),
            proof: Some(Proof::new(proof.sign(&self.agent).map_err(wrong)?)),
            over,
        })
    }

    /// A token of a node so deep below its root, as the token function writes it.
    fn token(&self, depth: usize) -> Result<String, Error> {
        let path: Vec<String> = (0..=depth).map(|hop| format!("n_{:0>21}A", hop)).collect();
        let mut act = path.iter().fold(Value::Null, |inner, node| match inner {
            Value::Null => json!({"sub": node}),
            inner => json!({"sub": node, "act": inner}),
        });
        if let Value::Object(members) = &mut act {
            members.insert("iss".to_owned(), GATEWAY.into());
            members.insert("sub_profile".to_owned(), "ai_agent".into());
        }
        let now = Wall.now().seconds();
        let claims = json!({
            "iss": GATEWAY, "aud": format!("{GATEWAY}/v1"), "sub": "corp|3f1c7d52%7C90aa41de",
            "client_id": path.last(), "iat": now, "nbf": now, "exp": now + 300,
            "jti": "0199f0c2-7d1e-7a53-9d5e-3c1f7f6f2b11", "txn": "0199f0c2-7d1e-7a53-9d5e-000000000001",
            "cnf": {"jkt": self.agent.thumbprint()}, "act": act,
            "agt": {"v": 1, "path": path, "depth": depth, "max": 8, "cls": "dpop", "lbl": "totals"},
            "groups": ["support"],
            "authorization_details": rights("shop", &["select"], &["public.orders"]),
        });
        let header = json!({"alg": "ES256", "kid": self.issuer.thumbprint(), "typ": "at+jwt"});
        self.issuer.sign(&header, &claims).map_err(wrong)
    }
}

/// A principal's token for a root's, each time with the same key: one agent that begins many trees.
async fn exchanges(on: &Emulator, cloud: Cloud, rounds: u32) -> Result<Spread, Error> {
    let http = story::client()?;
    let (deployment, key) = (on.deployment(cloud, &http), Key::fresh().map_err(wrong)?);
    let wanted = rights("shop", &["select"], &["public.orders"]);
    let mut times = Vec::new();
    for round in 0..rounds {
        let claims = Claims { subject: format!("bench-{round}"), ..story::claims() };
        let token = on.issuer.token(&claims)?;
        let began = Instant::now();
        deployment.exchange(&token, &key, Some(&wanted)).await.map_err(wrong)?;
        times.push(began.elapsed());
    }
    Ok(Spread::of(times))
}

/// The wall clock.
struct Wall;

impl Clock for Wall {
    fn now(&self) -> Millis {
        let now = OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000;
        Millis(u64::try_from(now).unwrap_or_default())
    }
}

/// Nobody's keys: a token of ours needs none that would have to be fetched.
struct NoKeys;

impl KeySource for NoKeys {
    fn fetch<'a>(&'a self, _: &'a str) -> Later<'a, Result<Vec<u8>, FetchError>> {
        Box::pin(async { Err(FetchError::new("there is no network here")) })
    }
}

fn wrong(what: impl ToString) -> Error {
    Error::Wrong { asked: "a chain".to_owned(), what: what.to_string() }
}

const GATEWAY: &str = "https://gateway.example";
const QUERY: &str = "https://gateway.example/v1/query";
const BODY: &[u8] = br#"{"target":"shop","statement":"SELECT id FROM orders WHERE id = 7"}"#;
const ISSUERS: &str = r#"
[issuers.corp]
issuer = "https://login.example"
jwks_uri = "https://login.example/jwks"
audience = ["https://gateway.example"]
algorithms = ["ES256"]
types = ["at+jwt"]
max_lifetime_s = 3600
"#;
const TOKENS: &str = r#"
issuer = "https://gateway.example"
resource = "https://gateway.example/v1"
urls = ["https://gateway.example"]
max_depth = 8
"#;
const ROUNDS: u32 = 2000;
const EXCHANGES: u32 = 200;
