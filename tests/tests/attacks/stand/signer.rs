//! Real keys, made anew for each run: the issuers' own, the attackers', and those of proofs.

use std::sync::LazyLock;

use aws_lc_rs::{
    encoding::AsDer as _,
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair,
        KeyPair as _, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaKeyPair,
    },
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use request::Digest;
use serde_json::{Value, json};

/// A key pair, its id, and the algorithm it signs by.
pub(crate) struct Signer {
    pub(crate) kid: &'static str,
    pub(crate) algorithm: &'static str,
    pair: Pair,
}

enum Pair {
    Edwards(Ed25519KeyPair),
    Elliptic(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

/// The keys of all that there are in these tests.
pub(crate) struct Keys {
    /// The two keys of the issuer `corp`.
    pub(crate) corp: Signer,
    pub(crate) corp_rsa: Signer,
    /// The two keys of the issuer `plant`, under the same ids.
    pub(crate) plant: Signer,
    pub(crate) plant_rsa: Signer,
    /// Ours, now and before.
    pub(crate) ours: Signer,
    pub(crate) ours_before: Signer,
    /// Nobody's whom we know, under ids of others.
    pub(crate) stranger: Signer,
    /// For proofs.
    pub(crate) agent: Signer,
    pub(crate) other_agent: Signer,
    pub(crate) edwards: Signer,
    pub(crate) rsa: Signer,
}

/// Made once for all tests.
pub(crate) static KEYS: LazyLock<Keys> = LazyLock::new(|| Keys {
    corp: Signer::p256("one"),
    corp_rsa: Signer::rsa("two", "RS256"),
    plant: Signer::p256("one"),
    plant_rsa: Signer::rsa("two", "RS256"),
    ours: Signer::p256("ours"),
    ours_before: Signer::p256("ours-before"),
    stranger: Signer::p256("one"),
    agent: Signer::p256("agent"),
    other_agent: Signer::p256("agent"),
    edwards: Signer::edwards("agent"),
    rsa: Signer::rsa("agent", "PS256"),
});

impl Signer {
    pub(crate) fn p256(kid: &'static str) -> Self {
        Self::elliptic(kid, "ES256", &ECDSA_P256_SHA256_FIXED_SIGNING)
    }

    pub(crate) fn elliptic(
        kid: &'static str,
        algorithm: &'static str,
        curve: &'static EcdsaSigningAlgorithm,
    ) -> Self {
        Self { kid, algorithm, pair: Pair::Elliptic(EcdsaKeyPair::generate(curve).unwrap()) }
    }

    fn rsa(kid: &'static str, algorithm: &'static str) -> Self {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        Self { kid, algorithm, pair: Pair::Rsa(pair) }
    }

    fn edwards(kid: &'static str) -> Self {
        let pair = Ed25519KeyPair::generate().unwrap();
        Self { kid, algorithm: "EdDSA", pair: Pair::Edwards(pair) }
    }

    /// The public half and nothing else, as a proof shows it.
    pub(crate) fn public(&self) -> Value {
        match &self.pair {
            Pair::Edwards(pair) => {
                json!({"kty": "OKP", "crv": "Ed25519", "x": base64url(pair.public_key())})
            }
            Pair::Elliptic(pair) => {
                // 0x04, then both coordinates (SEC 1, 2.3.3).
                let point = &pair.public_key().as_ref()[1..];
                let (x, y) = point.split_at(point.len() / 2);
                let curve = match x.len() {
                    32 => "P-256",
                    48 => "P-384",
                    _ => "P-521",
                };
                json!({"kty": "EC", "crv": curve, "x": base64url(x), "y": base64url(y)})
            }
            Pair::Rsa(pair) => json!({"kty": "RSA", "n": base64url(modulus(pair)), "e": "AQAB"}),
        }
    }

    /// The same as a key set holds it.
    pub(crate) fn published(&self) -> Value {
        let mut key = self.public();
        key["kid"] = self.kid.into();
        key["alg"] = self.algorithm.into();
        key["use"] = "sig".into();
        key
    }

    /// The thumbprint of a P-256 key (RFC 7638), as `cnf.jkt` has it.
    pub(crate) fn thumbprint(&self) -> String {
        let key = self.public();
        let member = |name: &str| key[name].clone();
        let (x, y) = (member("x"), member("y"));
        let text = format!(r#"{{"crv":"P-256","kty":"EC","x":{x},"y":{y}}}"#);
        hash(text.as_bytes())
    }

    /// Of an RSA key, the public half in all spellings in which it might be taken for a secret.
    pub(crate) fn spellings(&self) -> Vec<(&'static str, Vec<u8>)> {
        let Pair::Rsa(pair) = &self.pair else { return Vec::new() };
        let der = pair.public_key().as_der().unwrap().as_ref().to_vec();
        let body = STANDARD.encode(&der);
        let lines: Vec<&str> =
            body.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
        let lines = lines.join("\n");
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{lines}\n-----END PUBLIC KEY-----");
        vec![
            ("DER", der),
            ("PKCS#1 DER", pair.public_key().as_ref().to_vec()),
            ("PEM", pem.clone().into()),
            ("PEM and a newline", format!("{pem}\n").into()),
            ("JWK", self.published().to_string().into()),
            ("modulus", modulus(pair).to_vec()),
        ]
    }

    /// The signature over `text`.
    pub(crate) fn sign(&self, text: &str) -> Vec<u8> {
        let (random, bytes) = (SystemRandom::new(), text.as_bytes());
        match &self.pair {
            Pair::Edwards(pair) => pair.sign(bytes).as_ref().to_vec(),
            Pair::Elliptic(pair) => pair.sign(&random, bytes).unwrap().as_ref().to_vec(),
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                let padding: &'static dyn aws_lc_rs::signature::RsaEncoding =
                    if self.algorithm == "PS256" { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 };
                pair.sign(padding, &random, bytes, &mut signature).unwrap();
                signature
            }
        }
    }
}

/// The document of a key set.
pub(crate) fn set_of(keys: &[&Signer]) -> Vec<u8> {
    let keys: Vec<Value> = keys.iter().map(|key| key.published()).collect();
    json!({"keys": keys}).to_string().into_bytes()
}

/// In base64url.
pub(crate) fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The text in base64url with the last of its loose bits set, which no byte holds. Its length must
/// not be a multiple of four, or it has none.
pub(crate) fn loosened(text: &str) -> String {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (most, last) = text.split_at(text.len() - 1);
    let next = LETTERS.find(last).and_then(|at| LETTERS.chars().nth(at + 1));
    format!("{most}{}", next.unwrap())
}

/// As `ath`, `bdh` and `jkt` have it: the base64url of the SHA-256.
pub(crate) fn hash(bytes: &[u8]) -> String {
    base64url(Digest::of(bytes).bytes())
}

/// Of the DER of RFC 8017, A.1.1: a sequence of two numbers, the second 65,537 in 5 bytes.
fn modulus(pair: &RsaKeyPair) -> &[u8] {
    let der = pair.public_key().as_ref();
    let (number, exponent) = der.split_at(der.len() - 5);
    assert_eq!(exponent, [2, 3, 1, 0, 1]);
    &number[number.len() - pair.public_modulus_len()..]
}
