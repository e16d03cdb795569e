//! Attack 30: the key that a proof shows.

use aws_lc_rs::signature::{ECDSA_P384_SHA384_FIXED_SIGNING, ECDSA_P521_SHA512_FIXED_SIGNING};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use request::Presented;
use serde_json::{Value, json};

use super::{row, token};
use crate::stand::{
    proof::{Claims, bound, proof},
    signer::{KEYS, Signer, base64url, loosened},
    verdict::judge,
};

/// A proof that shows the key of this signer, changed before it signed.
fn by(key: &Signer, change: impl FnOnce(Claims) -> Claims) -> Presented {
    let token = token();
    let made = change(proof(key, &token)).signed_by(key);
    bound(&token, made)
}

fn agent(name: &str, value: impl Into<Value>) -> Presented {
    by(&KEYS.agent, |proof| proof.key(name, value))
}

/// The proof shows this key, and the agent's signs.
fn showing(jwk: Value) -> Presented {
    by(&KEYS.agent, |proof| proof.member("jwk", jwk))
}

#[test]
fn attack_30_a_key_that_is_not_public_or_not_fit_has_no_thumbprint() {
    let private = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
    let mut rows: Vec<_> =
        private.map(|name| row(format!("with {name}"), agent(name, "AAAA"), "proof key")).into();
    let p384 = Signer::elliptic("x", "ES384", &ECDSA_P384_SHA384_FIXED_SIGNING);
    let p521 = Signer::elliptic("x", "ES512", &ECDSA_P521_SHA512_FIXED_SIGNING);
    let mut modulus = vec![0xff; 128];
    modulus[127] = 0xfd;
    let symmetric = json!({"kty": "oct", "k": base64url([7; 32])});
    rows.extend([
        row("oct", showing(symmetric.clone()), "proof key"),
        row(
            "oct by HS256",
            by(&KEYS.agent, |proof| proof.member("jwk", symmetric).member("alg", "HS256")),
            "proof algorithm",
        ),
        row(
            "no algorithm",
            by(&KEYS.agent, |proof| proof.member("alg", "none")),
            "proof algorithm",
        ),
        row("RS256", by(&KEYS.rsa, |proof| proof.member("alg", "RS256")), "proof algorithm"),
        row(
            "RSA of 1024 bits",
            by(&KEYS.rsa, |proof| proof.key("n", base64url(&modulus))),
            "proof key",
        ),
        row("RSA with an exponent of 3", by(&KEYS.rsa, |proof| proof.key("e", "Aw")), "proof key"),
        row("P-521", by(&p521, |proof| proof), "proof algorithm"),
        row("P-521 as ES256", by(&p521, |proof| proof.member("alg", "ES256")), "proof key"),
        row(
            "P-521 as P-256",
            by(&p521, |proof| proof.member("alg", "ES256").key("crv", "P-256")),
            "proof key",
        ),
        row(
            "P-384 as P-256",
            by(&p384, |proof| proof.member("alg", "ES256").key("crv", "P-256")),
            "proof key",
        ),
        row("P-384 by ES256", by(&p384, |proof| proof.member("alg", "ES256")), "proof key"),
        row("P-256 by ES384", by(&KEYS.agent, |proof| proof.member("alg", "ES384")), "proof key"),
        row("P-256 called P-384", agent("crv", "P-384"), "proof key"),
        row("P-256 called secp256k1", agent("crv", "secp256k1"), "proof key"),
        row("P-256 called OKP", agent("kty", "OKP"), "proof key"),
        row("P-256 for another algorithm", agent("alg", "ES384"), "proof key"),
        row("for encryption", agent("use", "enc"), "proof key"),
        row(
            "Ed25519 called X25519",
            by(&KEYS.edwards, |proof| proof.key("crv", "X25519")),
            "proof key",
        ),
        row("with x5u", agent("x5u", "https://evil.example/x"), "proof key"),
        row("with x5c", agent("x5c", json!(["MIIB"])), "proof key"),
        row("no object", showing(json!("key")), "proof key"),
        row("empty", showing(json!({})), "proof key"),
        row(
            "none",
            by(&KEYS.agent, |mut proof| {
                proof.header.as_object_mut().unwrap().remove("jwk");
                proof
            }),
            "proof header",
        ),
    ]);
    judge(rows);
}

#[test]
fn attack_30_a_coordinate_has_one_spelling_and_lies_on_the_curve() {
    let key = KEYS.agent.public();
    let (x, y) = (key["x"].as_str().unwrap(), key["y"].as_str().unwrap());
    let bytes = URL_SAFE_NO_PAD.decode(x).unwrap();
    let mut rows = Vec::new();
    for (what, value) in [
        ("padded", format!("{x}=")),
        ("with a zero before it", base64url([&[0], &bytes[..]].concat())),
        ("with a zero behind it", base64url([&bytes[..], &[0]].concat())),
        ("a byte short", base64url(&bytes[1..])),
        ("with loose bits", loosened(x)),
        ("a quote in it", format!("{}\"", x.split_at(1).1)),
        ("a member in it", format!("{x}\",\"y\":\"{y}")),
        ("a backslash in it", format!("{}\\", x.split_at(1).1)),
        ("a space in it", format!("{x} ")),
        ("in the other alphabet", format!("+/{}", x.split_at(2).1)),
        ("empty", String::new()),
    ] {
        rows.push(row(what, agent("x", value), "proof key"));
    }
    rows.push(row("a number", agent("x", 7), "proof key"));
    rows.push(row("null", agent("y", Value::Null), "proof key"));
    // The primitive looks for the point when it checks the signature, which is before the thumbprint.
    for (what, x, y) in [
        ("the origin", [0; 32], [0; 32]),
        ("1, 1", one(), one()),
        ("beyond the field", [0xff; 32], [0xff; 32]),
    ] {
        let off = by(&KEYS.agent, |proof| proof.key("x", base64url(x)).key("y", base64url(y)));
        rows.push(row(format!("off the curve: {what}"), off, "proof signature"));
    }
    let turned = by(&KEYS.agent, |proof| proof.key("x", y).key("y", x));
    rows.push(row("off the curve: turned round", turned, "proof signature"));
    judge(rows);
}

fn one() -> [u8; 32] {
    let mut one = [0; 32];
    one[31] = 1;
    one
}

/// By every algorithm that may sign a proof, one does.
#[test]
fn attack_30_a_key_that_is_fit_is_taken() {
    let p384 = Signer::elliptic("x", "ES384", &ECDSA_P384_SHA384_FIXED_SIGNING);
    let rows = [
        ("ES256", &KEYS.other_agent),
        ("ES384", &p384),
        ("EdDSA", &KEYS.edwards),
        ("PS256", &KEYS.rsa),
    ]
    // Each is good, and of another key than the token is bound to.
    .map(|(what, key)| row(what, by(key, |proof| proof), "bound"));
    let named = row("Ed25519", by(&KEYS.edwards, |proof| proof.member("alg", "Ed25519")), "bound");
    judge(rows.into_iter().chain([named]).collect());
}
