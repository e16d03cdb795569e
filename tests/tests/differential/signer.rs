//! Key pairs of all algorithms that an issuer or a proof may use.

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
        Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair,
    },
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use request::{Digest, json as canonical};
use serde_json::{Value, json};

/// A key pair, its id, and its one algorithm.
pub(crate) struct Signer {
    pub(crate) kid: String,
    pub(crate) algorithm: &'static str,
    pair: Pair,
}

enum Pair {
    Edwards(Ed25519KeyPair),
    Elliptic(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

impl Signer {
    /// A new key for the algorithm.
    pub(crate) fn new(kid: &str, algorithm: &'static str) -> Self {
        let elliptic = |curve| Pair::Elliptic(EcdsaKeyPair::generate(curve).unwrap());
        let pair = match algorithm {
            "ES256" => elliptic(&ECDSA_P256_SHA256_FIXED_SIGNING),
            "ES384" => elliptic(&ECDSA_P384_SHA384_FIXED_SIGNING),
            "EdDSA" => Pair::Edwards(Ed25519KeyPair::generate().unwrap()),
            _ => Pair::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()),
        };
        Self { kid: kid.into(), algorithm, pair }
    }

    /// The public half, as a proof shows it.
    pub(crate) fn public(&self) -> Value {
        match &self.pair {
            Pair::Edwards(pair) => {
                json!({"kty": "OKP", "crv": "Ed25519", "x": base64url(pair.public_key())})
            }
            Pair::Elliptic(pair) => {
                // 0x04, then both coordinates (SEC 1, 2.3.3).
                let point = &pair.public_key().as_ref()[1..];
                let (x, y) = point.split_at(point.len() / 2);
                let curve = if x.len() == 32 { "P-256" } else { "P-384" };
                json!({"kty": "EC", "crv": curve, "x": base64url(x), "y": base64url(y)})
            }
            Pair::Rsa(pair) => {
                let modulus = pair.public_key().modulus().big_endian_without_leading_zero();
                json!({"kty": "RSA", "n": base64url(modulus), "e": "AQAB"})
            }
        }
    }

    /// The same as a key set holds it.
    pub(crate) fn published(&self) -> Value {
        let mut key = self.public();
        key["kid"] = self.kid.as_str().into();
        key["alg"] = self.algorithm.into();
        key["use"] = "sig".into();
        key
    }

    /// The thumbprint (RFC 7638). All members of [`Self::public`] are required ones.
    pub(crate) fn thumbprint(&self) -> String {
        hash(&canonical::canonical(&self.public()))
    }

    /// The signature over `text`; of RSA, with the padding that the algorithm of this name has.
    pub(crate) fn sign_by(&self, algorithm: &str, text: &str) -> Vec<u8> {
        let (random, bytes) = (SystemRandom::new(), text.as_bytes());
        match &self.pair {
            Pair::Edwards(pair) => pair.sign(bytes).as_ref().to_vec(),
            Pair::Elliptic(pair) => pair.sign(&random, bytes).unwrap().as_ref().to_vec(),
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                let padding: &'static dyn RsaEncoding =
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

/// As `ath`, `bdh` and `jkt` have it: the base64url of the SHA-256.
pub(crate) fn hash(bytes: &[u8]) -> String {
    base64url(Digest::of(bytes).bytes())
}
