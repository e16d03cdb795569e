//! Proofs of possession: what is accepted of them, and what each of the others is told.

mod address;
mod arbitrary;
mod claims;
mod draft;
mod header;
mod keys;
mod nonces;
mod vectors;

use request::{Bearer, Digest, Millis, Over, Proof};

use super::stand::NOW;
use crate::{
    ProofError, Proven,
    dpop::{Nonces, Rules, check},
};

/// The public address of the deployment in all tests that are not about addresses.
const BASE: &str = "https://postern.example";
/// Another one under which it can be reached, behind a stage of API Gateway.
const STAGE: &str = "https://k3.execute-api.eu-central-1.amazonaws.com/live";
/// The token that comes along.
const TOKEN: &str = "a.b.c";
/// The body of the request.
const BODY: &[u8] = br#"{"target":"shop","sql":"select 1"}"#;

/// The request that good proofs are for.
fn over() -> Over {
    Over { method: "POST".into(), path: "/v1/query".into(), body: Some(Digest::of(BODY)) }
}

/// A verdict: who it is, or what to change.
type Verdict = Result<Proven, ProofError>;

/// The proof as it came with the usual request, at this second.
fn at(seconds: u64, proof: &str) -> Verdict {
    with(&over(), seconds, None, proof)
}

/// The proof as it came with the usual request, just now.
fn now(proof: &str) -> Verdict {
    at(NOW, proof)
}

/// The proof as it came with this request and the usual token, where these nonces are demanded.
fn with(over: &Over, seconds: u64, nonces: Option<&Nonces>, proof: &str) -> Verdict {
    let urls = [BASE.to_owned(), STAGE.to_owned()];
    let rules = Rules { urls: &urls, nonces, now: Millis(seconds * 1000) };
    check(&Proof::new(proof.into()), over, Some(&Bearer::new(TOKEN.into())), &rules)
}

/// Each proof meets its error. What is wrong with it stands first.
fn all_meet<W: AsRef<str>>(rows: impl IntoIterator<Item = (W, String, ProofError)>) {
    let met = |(what, proof, meets): (W, String, ProofError)| match now(&proof) {
        Err(error) if error == meets => None,
        met => Some(format!("{}: {met:?}, not {meets:?}", what.as_ref())),
    };
    let wrong: Vec<String> = rows.into_iter().filter_map(met).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
