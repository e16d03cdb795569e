//! The examples of RFC 9449, held against the rules at the time that they were made.

use request::{Bearer, Millis, Over, Proof};

use super::{Verdict, draft::hash};
use crate::{
    ProofError as Error,
    dpop::{Rules, check},
    tests::vectors::read,
};

/// When the first of them was made; the second is two seconds younger.
const THEN: u64 = 1_562_262_616;

fn text(name: &str) -> String {
    read("rfc_vectors.json")["rfc9449"][name].as_str().unwrap().into()
}

fn judged(proof: &str, method: &str, url: (&str, &str), token: Option<&str>, now: u64) -> Verdict {
    let over = Over { method: method.into(), path: url.1.into(), body: None };
    let token = token.map(|token| Bearer::new(token.into()));
    let rules = Rules { urls: &[url.0.into()], nonces: None, now: Millis(now * 1000) };
    check(&Proof::new(text(proof)), &over, token.as_ref(), &rules)
}

#[test]
fn the_proof_of_rfc_9449_for_a_token_request_is_good() {
    let server = ("https://server.example.com", "/token");
    let judged = |method, url, now| judged("token_request_proof", method, url, None, now);
    assert_eq!(judged("POST", server, THEN).unwrap().jkt(), text("jkt"));
    assert!(judged("POST", server, THEN + 60).is_ok());
    assert_eq!(judged("POST", server, THEN + 61), Err(Error::Time));
    assert_eq!(judged("GET", server, THEN), Err(Error::Method));
    assert_eq!(judged("POST", ("https://server.example.com", "/token/"), THEN), Err(Error::Url));
}

#[test]
fn the_proof_of_rfc_9449_for_a_resource_is_good_with_its_token() {
    let resource = ("https://resource.example.org", "/protectedresource");
    let token = text("access_token");
    let judged = |token| judged("resource_request_proof", "GET", resource, token, THEN);
    assert_eq!(judged(Some(&token)).unwrap().jkt(), text("jkt"));
    assert_eq!(judged(Some(&format!("{token}U"))), Err(Error::Token));
    assert_eq!(hash(token.as_bytes()), text("ath"));
}
