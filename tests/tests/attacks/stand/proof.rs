//! A proof of possession (RFC 9449) before it is signed, so that it can be wrong in any way.

use request::{Bearer, Digest, Over, Presented, Proof, Scheme};
use serde_json::{Value, json};

use super::{
    GATEWAY, NOW,
    signer::{Signer, base64url, hash},
};

/// The body that goes with a proof.
pub(crate) const BODY: &[u8] = br#"{"target":"shop","statement":"SELECT 1"}"#;

/// Header and claims.
#[derive(Clone)]
pub(crate) struct Claims {
    pub(crate) header: Value,
    pub(crate) claims: Value,
}

/// A good proof by this key for the usual request with this token, made now.
pub(crate) fn proof(key: &Signer, token: &str) -> Claims {
    let header = json!({"typ": "dpop+jwt", "alg": key.algorithm, "jwk": key.public()});
    let claims = json!({
        "jti": "p-1", "htm": "POST", "htu": format!("{GATEWAY}/v1/query"), "iat": NOW,
        "ath": hash(token.as_bytes()), "bdh": hash(BODY),
    });
    Claims { header, claims }
}

impl Claims {
    /// With this claim.
    pub(crate) fn claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.claims[name] = value.into();
        self
    }

    pub(crate) fn no_claim(mut self, name: &str) -> Self {
        self.claims.as_object_mut().unwrap().remove(name);
        self
    }

    /// With this member of the header.
    pub(crate) fn member(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.header[name] = value.into();
        self
    }

    /// With this member of the key.
    pub(crate) fn key(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.header["jwk"][name] = value.into();
        self
    }

    /// The proof.
    pub(crate) fn signed_by(&self, key: &Signer) -> String {
        let (header, claims) = (self.header.to_string(), self.claims.to_string());
        super::draft::signed(&format!("{}.{}", base64url(header), base64url(claims)), key)
    }
}

/// A request to run something, with this token and perhaps this proof.
pub(crate) fn shown(scheme: Scheme, token: &str, proof: Option<String>) -> Presented {
    let body = Some(Digest::of(BODY));
    let over = Over { method: "POST".into(), path: "/v1/query".into(), body };
    let (token, proof) = (Bearer::new(token.into()), proof.map(Proof::new));
    Presented { scheme, token, proof, over }
}

/// As somebody sends it whose token is bound to a key.
pub(crate) fn bound(token: &str, proof: String) -> Presented {
    shown(Scheme::Dpop, token, Some(proof))
}

/// As somebody sends it who has the token and nothing else.
pub(crate) fn bearer(token: &str) -> Presented {
    shown(Scheme::Bearer, token, None)
}
