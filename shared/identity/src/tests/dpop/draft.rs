//! A proof before it is signed, so that it can be wrong in any way.

use request::Digest;
use serde_json::{Value, json};

use super::{BODY, TOKEN};
use crate::tests::{
    draft::compact,
    signer::{Signer, base64url},
    stand::NOW,
};

/// Header and claims.
#[derive(Clone)]
pub(super) struct Draft {
    pub(super) header: Value,
    pub(super) claims: Value,
}

impl Draft {
    /// A good proof of this key for the usual request, made now.
    pub(super) fn of(key: &Signer) -> Self {
        let header = json!({ "typ": "dpop+jwt", "alg": key.algorithm, "jwk": plain(key) });
        let claims = json!({
            "jti": "p-1", "htm": "POST", "htu": "https://postern.example/v1/query", "iat": NOW,
            "ath": hash(TOKEN.as_bytes()), "bdh": hash(BODY),
        });
        Self { header, claims }
    }

    /// With this member of the header; `null` takes it away.
    pub(super) fn member(mut self, name: &str, value: impl Into<Value>) -> Self {
        put(&mut self.header, name, value.into());
        self
    }

    /// With this member of the key; `null` takes it away.
    pub(super) fn key(mut self, name: &str, value: impl Into<Value>) -> Self {
        put(&mut self.header["jwk"], name, value.into());
        self
    }

    /// With this claim; `null` takes it away.
    pub(super) fn claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        put(&mut self.claims, name, value.into());
        self
    }

    /// The proof.
    pub(super) fn signed_by(&self, key: &Signer) -> String {
        compact(self.header.to_string(), self.claims.to_string(), key)
    }
}

/// A good proof of this key.
pub(super) fn good(key: &Signer) -> String {
    Draft::of(key).signed_by(key)
}

/// The public key without anything that it could do without.
pub(super) fn plain(key: &Signer) -> Value {
    let mut jwk = key.jwk();
    let members = jwk.as_object_mut().unwrap();
    members.retain(|name, _| ["crv", "e", "kty", "n", "x", "y"].contains(&name.as_str()));
    jwk
}

/// As `ath` and `bdh` have it.
pub(super) fn hash(bytes: &[u8]) -> String {
    base64url(Digest::of(bytes).bytes())
}

fn put(to: &mut Value, name: &str, value: Value) {
    let members = to.as_object_mut().unwrap();
    match value {
        Value::Null => _ = members.remove(name),
        value => _ = members.insert(name.into(), value),
    }
}
