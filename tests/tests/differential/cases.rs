//! All tokens: good ones, each damage by itself, and two at a time.

use serde_json::{Value, json};

use crate::{
    build::{Build, Damage},
    claims, form, header,
    issuers::{Issuer, NOW, OURS, Stand},
    signer::{Signer, base64url},
};

/// A token, perhaps with a proof, and what is wrong with it.
pub(crate) struct Case {
    pub(crate) what: String,
    /// Which issuer's rules it is judged by.
    pub(crate) issuer: usize,
    pub(crate) token: String,
    pub(crate) proof: Option<String>,
}

/// Everything, in the same order in every run.
pub(crate) fn all(stand: &Stand) -> Vec<Case> {
    let damages: Vec<Damage> =
        [header::damages(), claims::damages(), form::damages()].into_iter().flatten().collect();
    let mut chance = Chance::new();
    let mut all = Vec::new();
    for (place, issuer) in stand.issuers.iter().enumerate() {
        for key in &issuer.keys {
            let others = others(stand, place, key);
            let good = || Build::new(key, &others, &head(issuer, key), &body(issuer));
            let mut add = |what: &str, build: Build<'_>| {
                let what = format!("{} {}: {what}", issuer.alias(), key.algorithm);
                all.push(Case { what, issuer: place, token: build.text(), proof: None });
            };
            add("good", good());
            damages.iter().for_each(|damage| add(&damage.what, good().after(damage)));
            for _ in 0..PAIRS {
                let (one, two) = (chance.of(&damages), chance.of(&damages));
                add(&format!("{} and {}", one.what, two.what), good().after(one).after(two));
            }
        }
    }
    all
}

/// Keys that are not this one: of the same issuer, of another, and of nobody.
fn others<'s>(stand: &'s Stand, place: usize, key: &Signer) -> Vec<&'s Signer> {
    let next = &stand.issuers[(place + 1) % stand.issuers.len()];
    let same = stand.issuers[place].keys.iter().filter(|other| other.kid != key.kid);
    let stranger = stand.strangers.iter().find(|other| other.algorithm == key.algorithm);
    same.chain(&next.keys).chain(stranger).collect()
}

fn head(issuer: &Issuer, key: &Signer) -> Value {
    json!({"alg": key.algorithm, "kid": key.kid, "typ": issuer.kind()})
}

/// Good claims.
pub(crate) fn body(issuer: &Issuer) -> Value {
    let mut claims = json!({
        "iss": issuer.name(), "aud": OURS, "sub": "alice", "client_id": "notebook", "jti": "t-1",
        "iat": NOW - 10, "nbf": NOW - 10, "exp": NOW + 590, "groups": ["a"],
    });
    if issuer.is_ours() {
        let node = format!("n_{}", base64url([1; 16]));
        claims["sub"] = "corp|alice".into();
        claims["client_id"] = node.as_str().into();
        claims["txn"] = "tree-1".into();
        claims["exp"] = (NOW + 50).into();
        claims["authorization_details"] = json!([]);
        claims["act"] = json!({"iss": issuer.name(), "sub": node, "sub_profile": "ai_agent"});
        claims["agt"] = json!({
            "v": 1, "path": [node], "depth": 0, "max": 0, "cls": "bearer-leaf", "lbl": "totals",
        });
    }
    claims
}

/// Marsaglia's xorshift, always from the same start.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new() -> Self {
        Self(SEED)
    }

    pub(crate) fn of<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        &all[usize::try_from(self.0 >> 16).unwrap() % all.len()]
    }
}

/// Where the pairs start. Another start is another list of disagreements.
const SEED: u64 = 20_261_121;
/// Pairs for each key.
const PAIRS: usize = 150;
