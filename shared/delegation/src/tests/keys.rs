//! Real P-256 keys, made anew for each run, and what they sign.

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use request::{Digest, Later, json};
use serde_json::{Value, json};

use crate::{SignError, Signer};

/// A key with both halves.
pub(crate) struct Key(EcdsaKeyPair);

impl Key {
    pub(crate) fn fresh() -> Self {
        Self(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
    }

    /// The public half, without a name.
    pub(crate) fn jwk(&self) -> Value {
        // 0x04, then both coordinates (SEC 1, 2.3.3).
        let (x, y) = self.0.public_key().as_ref()[1..].split_at(32);
        json!({"crv": "P-256", "kty": "EC", "x": base64url(x), "y": base64url(y)})
    }

    /// A key set of it alone, under this name.
    pub(crate) fn set(&self, kid: &str) -> Vec<u8> {
        let mut key = self.jwk();
        key["kid"] = kid.into();
        key["alg"] = "ES256".into();
        key["use"] = "sig".into();
        json!({"keys": [key]}).to_string().into_bytes()
    }

    /// RFC 7638.
    pub(crate) fn thumbprint(&self) -> String {
        base64url(Digest::of(&json::canonical(&self.jwk())).bytes())
    }

    pub(crate) fn signed(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| base64url(value.to_string());
        let message = format!("{}.{}", part(header), part(claims));
        format!("{message}.{}", base64url(self.signature(message.as_bytes())))
    }

    fn signature(&self, message: &[u8]) -> [u8; 64] {
        let signature = self.0.sign(&SystemRandom::new(), message).unwrap();
        signature.as_ref().try_into().unwrap()
    }
}

/// What signs our tokens: a key, or none that can be reached.
pub(crate) struct Hand(pub(crate) Option<Key>);

impl Signer for Hand {
    fn sign<'a>(&'a self, message: &'a [u8]) -> Later<'a, Result<[u8; 64], SignError>> {
        let signature = self.0.as_ref().map(|key| key.signature(message));
        Box::pin(async move { signature.ok_or_else(|| SignError::new("nobody answers")) })
    }
}

pub(crate) fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The claims of a token, believed or not.
pub(crate) fn claims(token: &str) -> Value {
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}
