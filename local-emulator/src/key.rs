//! A P-256 key: of an agent that proves who it is, or of a deployment that issues tokens.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, EncodingKey, crypto,
    jwk::{Jwk, ThumbprintHash},
};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256};
use serde_json::{Value, json};

/// Why there is no key or no signature.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The key could not be made.
    #[error("no key can be made")]
    Make(#[from] rcgen::Error),
    /// The public half has no form as a JWK.
    #[error("the key has no public form")]
    Public(#[from] serde_json::Error),
    /// It does not sign.
    #[error("the key does not sign")]
    Sign(#[from] jsonwebtoken::errors::Error),
}

/// A key and its names. No `Debug`: it holds the private half.
#[derive(Clone)]
pub struct Key {
    secret: EncodingKey,
    pem: String,
    jwk: Value,
    thumbprint: String,
}

impl Key {
    /// A key that nobody had before.
    ///
    /// # Errors
    /// None that are known; the library decides.
    pub fn fresh() -> Result<Self, Error> {
        Self::read(KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?.serialize_pem())
    }

    /// The key with this private half, PKCS #8 in PEM.
    ///
    /// # Errors
    /// It is no such key.
    pub fn read(pem: String) -> Result<Self, Error> {
        let secret = EncodingKey::from_ec_pem(pem.as_bytes())?;
        let public = Jwk::from_encoding_key(&secret, Algorithm::ES256)?;
        let thumbprint = public.thumbprint(ThumbprintHash::SHA256)?;
        let mut jwk = serde_json::to_value(&public)?;
        if let Value::Object(members) = &mut jwk {
            members.retain(|name, _| matches!(name.as_str(), "crv" | "kty" | "x" | "y"));
        }
        Ok(Self { secret, pem, jwk, thumbprint })
    }

    /// The public half with what defines it and nothing else (RFC 7638, 3.2).
    #[must_use]
    pub fn jwk(&self) -> &Value {
        &self.jwk
    }

    /// Its SHA-256 thumbprint (RFC 7638), which is `jkt` in tokens.
    #[must_use]
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }

    /// A key set (RFC 7517) with this key alone, for whoever checks signatures.
    #[must_use]
    pub fn set(&self) -> Value {
        let mut public = self.jwk.clone();
        if let Value::Object(members) = &mut public {
            let about = [("alg", "ES256"), ("kid", &self.thumbprint), ("use", "sig")];
            members.extend(about.map(|(name, value)| (name.to_owned(), value.into())));
        }
        json!({ "keys": [public] })
    }

    /// A compact JWS (RFC 7515) of exactly this header and payload, whatever they say.
    ///
    /// # Errors
    /// [`Error::Sign`].
    pub fn sign(&self, header: &Value, payload: &Value) -> Result<String, Error> {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(header), part(payload));
        let signature = crypto::sign(message.as_bytes(), &self.secret, Algorithm::ES256)?;
        Ok(format!("{message}.{signature}"))
    }

    /// The private half, PKCS #8 in PEM.
    pub(crate) fn pem(&self) -> &str {
        &self.pem
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use request::Digest;

    #[test]
    fn the_thumbprint_is_the_digest_of_the_members_in_order() {
        let key = Key::fresh().unwrap();
        let (x, y) = (&key.jwk["x"], &key.jwk["y"]);
        let text = format!(r#"{{"crv":"P-256","kty":"EC","x":{x},"y":{y}}}"#);
        let digest = URL_SAFE_NO_PAD.encode(Digest::of(text.as_bytes()).bytes());
        assert_eq!(key.thumbprint(), digest);
        assert_eq!(key.jwk.as_object().unwrap().len(), 4);
    }

    #[test]
    fn nothing_private_is_in_the_key_set() {
        let set = Key::fresh().unwrap().set();
        let mut members: Vec<&String> = set["keys"][0].as_object().unwrap().keys().collect();
        members.sort();
        assert_eq!(members, ["alg", "crv", "kid", "kty", "use", "x", "y"]);
    }
}
