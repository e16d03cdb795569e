//! Proofs of possession (RFC 9449) as agents make them, and as attackers bend them.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use request::Digest;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::key::{Error, Key};

/// A proof before it is signed.
#[derive(Clone, Debug)]
pub struct Draft {
    /// `typ`, `alg` and the public key.
    pub header: Map<String, Value>,
    /// What it is for.
    pub claims: Map<String, Value>,
}

impl Draft {
    /// A proof of this key, made now, for one request with this method to this address.
    #[must_use]
    pub fn new(key: &Key, method: &str, url: &str) -> Self {
        let header = json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": key.jwk()});
        let claims = json!({
            "jti": Uuid::new_v4().to_string(), "htm": method, "htu": url,
            "iat": OffsetDateTime::now_utc().unix_timestamp(),
        });
        Self { header: members(header), claims: members(claims) }
    }

    /// For a request that carries this token (`ath`).
    #[must_use]
    pub fn token(self, token: &str) -> Self {
        self.claim("ath", digest(token.as_bytes()).into())
    }

    /// For a request with exactly this body (`bdh`).
    #[must_use]
    pub fn body(self, body: &[u8]) -> Self {
        self.claim("bdh", digest(body).into())
    }

    /// With a nonce that the server gave.
    #[must_use]
    pub fn nonce(self, nonce: &str) -> Self {
        self.claim("nonce", nonce.into())
    }

    /// With this claim as it is given, in place of the one that was there.
    #[must_use]
    pub fn claim(mut self, name: &str, value: Value) -> Self {
        self.claims.insert(name.to_owned(), value);
        self
    }

    /// Without this claim.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.claims.remove(name);
        self
    }

    /// With this member in its header.
    #[must_use]
    pub fn header(mut self, name: &str, value: Value) -> Self {
        self.header.insert(name.to_owned(), value);
        self
    }

    /// Signed, by whichever key.
    ///
    /// # Errors
    /// [`Error::Sign`].
    pub fn sign(self, key: &Key) -> Result<String, Error> {
        key.sign(&Value::Object(self.header), &Value::Object(self.claims))
    }
}

impl Key {
    /// A good proof for one request.
    ///
    /// # Errors
    /// [`Error::Sign`].
    pub fn proof(
        &self,
        method: &str,
        url: &str,
        token: Option<&str>,
        body: Option<&[u8]>,
        nonce: Option<&str>,
    ) -> Result<String, Error> {
        let mut draft = Draft::new(self, method, url);
        draft = token.into_iter().fold(draft, Draft::token);
        draft = body.into_iter().fold(draft, Draft::body);
        nonce.into_iter().fold(draft, Draft::nonce).sign(self)
    }
}

/// As `ath` and `bdh` have it: base64url of SHA-256.
fn digest(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(Digest::of(bytes).bytes())
}

fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
