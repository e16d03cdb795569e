//! Real keys, made anew for each run.

use std::sync::LazyLock;

use aws_lc_rs::{
    encoding::AsDer,
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
        EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256,
        RsaKeyPair,
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// The private half.
enum Secret {
    Edwards(Ed25519KeyPair),
    Elliptic(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

/// A key, its id, and the algorithm it signs with.
pub(crate) struct Signer {
    pub(crate) kid: &'static str,
    pub(crate) algorithm: &'static str,
    secret: Secret,
}

/// The keys of the issuer `corp`, one for each algorithm, and those of others.
pub(crate) struct Keys {
    pub(crate) es256: Signer,
    pub(crate) es384: Signer,
    pub(crate) rs256: Signer,
    pub(crate) ps256: Signer,
    pub(crate) ed25519: Signer,
    /// The one key of the issuer `plant`. It has the id of a key of `corp`.
    pub(crate) plant: Signer,
    /// A key of nobody we know, under the id of a key of `corp`.
    pub(crate) stranger: Signer,
}

/// Made once for all tests.
pub(crate) static KEYS: LazyLock<Keys> = LazyLock::new(|| Keys {
    es256: Signer::elliptic("one", "ES256", &ECDSA_P256_SHA256_FIXED_SIGNING),
    es384: Signer::elliptic("two", "ES384", &ECDSA_P384_SHA384_FIXED_SIGNING),
    rs256: Signer::rsa("three", "RS256", KeySize::Rsa2048),
    ps256: Signer::rsa("four", "PS256", KeySize::Rsa2048),
    ed25519: Signer::edwards("five"),
    plant: Signer::rsa("three", "RS256", KeySize::Rsa2048),
    stranger: Signer::elliptic("one", "ES256", &ECDSA_P256_SHA256_FIXED_SIGNING),
});

impl Keys {
    /// The key set that `corp` publishes.
    pub(crate) fn corp(&self) -> Value {
        let keys = [&self.es256, &self.es384, &self.rs256, &self.ps256, &self.ed25519];
        json!({ "keys": keys.map(Signer::jwk) })
    }
}

impl Signer {
    pub(crate) fn elliptic(
        kid: &'static str,
        algorithm: &'static str,
        curve: &'static EcdsaSigningAlgorithm,
    ) -> Self {
        Self { kid, algorithm, secret: Secret::Elliptic(EcdsaKeyPair::generate(curve).unwrap()) }
    }

    pub(crate) fn rsa(kid: &'static str, algorithm: &'static str, size: KeySize) -> Self {
        Self { kid, algorithm, secret: Secret::Rsa(RsaKeyPair::generate(size).unwrap()) }
    }

    fn edwards(kid: &'static str) -> Self {
        let pair = Ed25519KeyPair::generate().unwrap();
        Self { kid, algorithm: "EdDSA", secret: Secret::Edwards(pair) }
    }

    /// The public half, as a key set holds it.
    pub(crate) fn jwk(&self) -> Value {
        let mut key = match &self.secret {
            Secret::Edwards(pair) => {
                let x = base64url(pair.public_key().as_ref());
                json!({ "kty": "OKP", "crv": "Ed25519", "x": x })
            }
            Secret::Elliptic(pair) => {
                // 0x04, then both coordinates (SEC 1, 2.3.3).
                let point = &pair.public_key().as_ref()[1..];
                let (x, y) = point.split_at(point.len() / 2);
                let curve = if x.len() == 32 { "P-256" } else { "P-384" };
                json!({ "kty": "EC", "crv": curve, "x": base64url(x), "y": base64url(y) })
            }
            Secret::Rsa(pair) => {
                json!({ "kty": "RSA", "n": base64url(modulus(pair)), "e": "AQAB" })
            }
        };
        key["kid"] = self.kid.into();
        key["alg"] = self.algorithm.into();
        key["use"] = "sig".into();
        key
    }

    /// The public half in the spellings in which it might be taken for a secret.
    pub(crate) fn public_bytes(&self) -> Vec<Vec<u8>> {
        let Secret::Rsa(pair) = &self.secret else { return Vec::new() };
        let spki = AsDer::as_der(pair.public_key()).unwrap().as_ref().to_vec();
        let body = base64::engine::general_purpose::STANDARD.encode(&spki);
        let lines: Vec<&str> =
            body.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
        let pem =
            format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"));
        let jwk = self.jwk().to_string();
        vec![spki, pem.clone().into(), pem.trim_end().into(), jwk.into(), modulus(pair).to_vec()]
    }

    /// The signature over `text`.
    pub(crate) fn sign(&self, text: &str) -> Vec<u8> {
        self.sign_as(self.algorithm, text)
    }

    /// The same by another algorithm that the key could be used with.
    pub(crate) fn sign_as(&self, algorithm: &str, text: &str) -> Vec<u8> {
        let (random, bytes) = (SystemRandom::new(), text.as_bytes());
        match &self.secret {
            Secret::Edwards(pair) => pair.sign(bytes).as_ref().to_vec(),
            Secret::Elliptic(pair) => pair.sign(&random, bytes).unwrap().as_ref().to_vec(),
            Secret::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                let padding: &'static dyn aws_lc_rs::signature::RsaEncoding =
                    if algorithm == "PS256" { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 };
                pair.sign(padding, &random, bytes, &mut signature).unwrap();
                signature
            }
        }
    }
}

/// In base64url.
pub(crate) fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Of the DER of RFC 8017, A.1.1: a sequence of two numbers, the second 65,537 in 5 bytes.
fn modulus(pair: &RsaKeyPair) -> &[u8] {
    let der = pair.public_key().as_ref();
    let length = pair.public_modulus_len();
    let (number, exponent) = der.split_at(der.len() - 5);
    assert_eq!(exponent, [2, 3, 1, 0, 1]);
    &number[number.len() - length..]
}
