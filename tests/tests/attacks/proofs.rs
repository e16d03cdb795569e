//! Attacks 26 to 31: proofs of possession.

mod address;
mod showing;

use std::sync::Arc;

use identity::{KeyPair, NoNonces, NonceKeys, Nonces, Own};
use request::{Digest, Later, Millis, Presented, Scheme};
use serde_json::Value;

use crate::stand::{
    GATEWAY, ISSUERS, NOW, Stand, TOKENS,
    draft::Draft,
    proof::{BODY, Claims, bearer, bound, proof, shown},
    signer::{KEYS, Signer, hash, set_of},
    verdict::{self, Row, judge, judge_on},
};

/// A token of ours that is bound to the agent's key.
fn token() -> String {
    Draft::ours_bound(&KEYS.ours, 1, &KEYS.agent).signed_by(&KEYS.ours)
}

/// The request with this proof of the agent's, changed before it was signed.
fn with(change: impl FnOnce(Claims) -> Claims) -> Presented {
    let token = token();
    let made = change(proof(&KEYS.agent, &token)).signed_by(&KEYS.agent);
    bound(&token, made)
}

/// The request with the proof whose claim is this.
fn claiming(name: &str, value: impl Into<Value>) -> Presented {
    with(|proof| proof.claim(name, value))
}

fn row(what: impl Into<String>, request: Presented, wants: &str) -> Row {
    verdict::shown(what, request, wants)
}

#[test]
fn attack_26_a_bound_token_is_worth_nothing_without_its_proof() {
    let token = token();
    let good = || Some(proof(&KEYS.agent, &token).signed_by(&KEYS.agent));
    let free = Draft::corp(&KEYS.corp).signed_by(&KEYS.corp);
    let leaf = Draft::ours(&KEYS.ours, 0).signed_by(&KEYS.ours);
    let foreign =
        Draft::corp(&KEYS.corp).claim("cnf", format!(r#"{{"jkt":"{}"}}"#, KEYS.agent.thumbprint()));
    let foreign = foreign.signed_by(&KEYS.corp);
    let by = |token: &str| Some(proof(&KEYS.agent, token).signed_by(&KEYS.agent));
    let bad =
        |token: &str| Some(proof(&KEYS.agent, token).claim("htm", "GET").signed_by(&KEYS.agent));
    judge(vec![
        row("with its proof", shown(Scheme::Dpop, &token, good()), "alice@corp"),
        row("no proof", shown(Scheme::Dpop, &token, None), "bound"),
        row("as a bearer's", bearer(&token), "bound"),
        row("as a bearer's, with its proof", shown(Scheme::Bearer, &token, good()), "bound"),
        row(
            "an issuer's, with its proof",
            shown(Scheme::Dpop, &foreign, by(&foreign)),
            "alice@corp",
        ),
        row("an issuer's, no proof", shown(Scheme::Dpop, &foreign, None), "bound"),
        row("an issuer's, as a bearer's", shown(Scheme::Bearer, &foreign, by(&foreign)), "bound"),
        row("an empty proof", shown(Scheme::Dpop, &token, Some(String::new())), "proof form"),
        row(
            "two proofs in one header",
            {
                let two = format!("{}, {}", good().unwrap(), good().unwrap());
                shown(Scheme::Dpop, &token, Some(two))
            },
            "proof form",
        ),
        row(
            "a free token with a good proof",
            shown(Scheme::Bearer, &free, by(&free)),
            "alice@corp",
        ),
        row(
            "a free token with a bad proof",
            shown(Scheme::Bearer, &free, bad(&free)),
            "proof method",
        ),
        row(
            "a free token with another's proof",
            shown(Scheme::Bearer, &free, by(&token)),
            "proof token",
        ),
        row("a free token as a bound one", shown(Scheme::Dpop, &free, by(&free)), "unbound"),
        row("a leaf's with a good proof", shown(Scheme::Bearer, &leaf, by(&leaf)), "alice@corp"),
        row("a leaf's with a bad proof", shown(Scheme::Bearer, &leaf, bad(&leaf)), "proof method"),
        row("a leaf's as a bound one", shown(Scheme::Dpop, &leaf, by(&leaf)), "unbound"),
    ]);
}

/// What is accepted as a bearer's is one, whatever proof came along: policy can tell.
#[test]
fn attack_26_a_proof_beside_a_bearer_s_token_does_not_make_it_a_bound_one() {
    let free = Draft::corp(&KEYS.corp).signed_by(&KEYS.corp);
    let made = proof(&KEYS.agent, &free).signed_by(&KEYS.agent);
    let chain = Stand::new().believe(&shown(Scheme::Bearer, &free, Some(made))).unwrap();
    assert_eq!(chain.get().shown(), identity::Shown::Bearer);
    let chain = Stand::new().believe(&with(|proof| proof)).unwrap();
    assert_eq!(chain.get().shown(), identity::Shown::Dpop);
}

#[test]
fn attack_27_a_proof_is_for_one_token_and_by_one_key() {
    let (token, other) = (token(), Draft::ours_bound(&KEYS.ours, 0, &KEYS.agent));
    let other = other.signed_by(&KEYS.ours);
    let made = |token: &str| proof(&KEYS.agent, token).signed_by(&KEYS.agent);
    let by_another = proof(&KEYS.other_agent, &token).signed_by(&KEYS.other_agent);
    let posing = proof(&KEYS.agent, &token).signed_by(&KEYS.other_agent);
    judge(vec![
        row("for another token", bound(&other, made(&token)), "proof token"),
        row("for no token", with(|proof| proof.no_claim("ath")), "proof token"),
        row("for the token in other letters", claiming("ath", hash(b"x")), "proof token"),
        row(
            "for the hash in hex",
            claiming("ath", Digest::of(token.as_bytes()).to_string()),
            "proof token",
        ),
        row("by another key", bound(&token, by_another), "bound"),
        row("by another key, showing this one", bound(&token, posing), "proof signature"),
        row("as it should be", bound(&token, made(&token)), "alice@corp"),
    ]);
}

/// Our own issuer, and nonces by this key.
fn nonces(key: u8) -> Stand {
    let text = format!("{TOKENS}\nnonce = \"nonces\"");
    let own = Own::parse("tokens.toml", &text, &set_of(&[&KEYS.ours])).unwrap();
    Stand::of(ISSUERS, own, Some(Arc::new(Fixed(key))))
}

struct Fixed(u8);

impl NonceKeys for Fixed {
    fn fetch(&self) -> Later<'_, Result<KeyPair, NoNonces>> {
        Box::pin(async { Ok(([self.0; 32].into(), None)) })
    }
}

/// A nonce that a deployment of this name and key gave out so long ago.
fn nonce(deployment: &str, key: u8, ago_s: u64) -> String {
    Nonces::new(deployment, [key; 32].into(), None).fresh(Millis((NOW - ago_s) * 1000))
}

#[test]
fn attack_29_a_proof_is_made_now() {
    judge(vec![
        row("61 s ago", claiming("iat", NOW - 61), "proof time"),
        row("60 s ago", claiming("iat", NOW - 60), "alice@corp"),
        row("5 s ahead", claiming("iat", NOW + 5), "alice@corp"),
        row("6 s ahead", claiming("iat", NOW + 6), "proof time"),
        row("an hour ahead", claiming("iat", NOW + 3600), "proof time"),
        row("as a text", claiming("iat", NOW.to_string()), "proof claim"),
        row("as a float", claiming("iat", 1.8e9 + 0.5), "proof claim"),
        row("negative", claiming("iat", -1), "proof claim"),
        row("2^63", claiming("iat", 1_u64 << 63), "proof claim"),
        row("not told", with(|proof| proof.no_claim("iat")), "proof claim"),
    ]);
}

#[test]
fn attack_29_where_nonces_are_demanded_none_can_be_kept_for_later() {
    let fresh = nonce(GATEWAY, 7, 0);
    let later = |s: u64| with(|proof| proof.claim("iat", NOW + s).claim("nonce", fresh.as_str()));
    judge_on(
        || nonces(7),
        vec![
            row("with a fresh one", claiming("nonce", fresh.as_str()), "alice@corp"),
            row(
                "with that of a minute ago",
                claiming("nonce", nonce(GATEWAY, 7, 60)),
                "alice@corp",
            ),
            row("without", with(|proof| proof), "proof nonce"),
            row("made for later, without", claiming("iat", NOW + 600), "proof nonce"),
            row("made for later, with a fresh one", later(600), "proof time"),
            row("made for later, 6 s", later(6), "proof time"),
            row("a stale one", claiming("nonce", nonce(GATEWAY, 7, 121)), "proof nonce"),
            row(
                "one of a minute to come",
                {
                    let to_come = Nonces::new(GATEWAY, [7; 32].into(), None);
                    claiming("nonce", to_come.fresh(Millis((NOW + 60) * 1000)))
                },
                "proof nonce",
            ),
            row(
                "of the other deployment",
                claiming("nonce", nonce("https://gw.azure.example", 7, 0)),
                "proof nonce",
            ),
            row("by another key", claiming("nonce", nonce(GATEWAY, 8, 0)), "proof nonce"),
            row("an empty one", claiming("nonce", ""), "proof nonce"),
            row("a number", claiming("nonce", 7), "proof nonce"),
            row("a list with a fresh one", claiming("nonce", vec![fresh.clone()]), "proof nonce"),
            row("a fresh one, padded", claiming("nonce", format!("{fresh}=")), "proof nonce"),
        ],
    );
    let stand = nonces(7);
    let given = crate::stand::wait(stand.verifier.nonce()).unwrap();
    assert_eq!(given, Some(fresh), "with the refusal comes the nonce for the next proof");
}

#[test]
fn attack_31_a_proof_names_the_body_that_it_was_made_for() {
    let swapped = br#"{"target":"shop","statement":"DROP TABLE orders"}"#;
    let mut proxied = with(|proof| proof);
    proxied.over.body = Some(Digest::of(swapped));
    let mut none = with(|proof| proof);
    none.over.body = Some(Digest::of(b""));
    judge(vec![
        row("missing", with(|proof| proof.no_claim("bdh")), "proof body"),
        row("of the other statement", claiming("bdh", hash(swapped)), "proof body"),
        row("swapped by a proxy", proxied, "proof body"),
        row("taken away by a proxy", none, "proof body"),
        row("of nothing", claiming("bdh", hash(b"")), "proof body"),
        row("empty", claiming("bdh", ""), "proof body"),
        row("null", claiming("bdh", Value::Null), "proof body"),
        row("in hex", claiming("bdh", Digest::of(BODY).to_string()), "proof body"),
        row("padded", claiming("bdh", format!("{}=", hash(BODY))), "proof body"),
        row("a list", claiming("bdh", vec![hash(BODY)]), "proof body"),
        row("as it should be", with(|proof| proof), "alice@corp"),
    ]);
    let unbound: &Signer = &KEYS.edwards;
    let free = Draft::corp(&KEYS.corp).signed_by(&KEYS.corp);
    let made = proof(unbound, &free).claim("bdh", hash(swapped)).signed_by(unbound);
    judge(vec![row("beside a bearer's", shown(Scheme::Bearer, &free, Some(made)), "proof body")]);
}
