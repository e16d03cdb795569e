//! One signing key of the issuer and the tokens that it makes.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, crypto, jwk::Jwk};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256, RsaKeySize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Error;

/// How tokens are signed (RFC 7518, 3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Signing {
    /// ECDSA with P-256 and SHA-256.
    #[default]
    Es256,
    /// RSASSA-PKCS1-v1_5 with 2048 bits and SHA-256.
    Rs256,
}

impl Signing {
    fn algorithm(self) -> Algorithm {
        match self {
            Self::Es256 => Algorithm::ES256,
            Self::Rs256 => Algorithm::RS256,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
        }
    }

    fn secret(self) -> Result<EncodingKey, Error> {
        Ok(match self {
            Self::Es256 => {
                let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
                EncodingKey::from_ec_pem(pair.serialize_pem().as_bytes())?
            }
            Self::Rs256 => {
                let pair = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048)?;
                EncodingKey::from_rsa_pem(pair.serialize_pem().as_bytes())?
            }
        })
    }
}

/// A key under a name. No `Debug`: it holds the private half.
#[derive(Clone)]
pub(super) struct Key {
    id: String,
    signing: Signing,
    secret: EncodingKey,
    public: Jwk,
}

impl Key {
    pub(super) fn fresh(signing: Signing) -> Result<Self, Error> {
        Self::named(Uuid::new_v4().simple().to_string(), signing)
    }

    /// Another key under the same name.
    pub(super) fn namesake(&self) -> Result<Self, Error> {
        Self::named(self.id.clone(), self.signing)
    }

    fn named(id: String, signing: Signing) -> Result<Self, Error> {
        let secret = signing.secret()?;
        let mut public = Jwk::from_encoding_key(&secret, signing.algorithm())?;
        public.common.key_id = Some(id.clone());
        public.common.public_key_use = Some(jsonwebtoken::jwk::PublicKeyUse::Signature);
        Ok(Self { id, signing, secret, public })
    }

    /// The public half as a JWK (RFC 7517).
    pub(super) fn public(&self) -> &Jwk {
        &self.public
    }

    pub(super) fn token(&self, payload: &Value) -> Result<String, Error> {
        self.sign(&json!({}), payload)
    }

    pub(super) fn sign(&self, header: &Value, payload: &Value) -> Result<String, Error> {
        let message = self.message(header, payload);
        let signature = crypto::sign(message.as_bytes(), &self.secret, self.signing.algorithm())?;
        Ok(format!("{message}.{signature}"))
    }

    /// What RFC 7518 3.6 calls an unsecured JWS: two parts and nothing after the last dot.
    pub(super) fn unsigned(&self, payload: &Value) -> String {
        format!("{}.", self.message(&json!({"alg": "none"}), payload))
    }

    /// Header and payload as they are signed; members of `header` replace ours.
    pub(super) fn message(&self, header: &Value, payload: &Value) -> String {
        let mut whole = json!({"alg": self.signing.name(), "typ": "at+jwt", "kid": self.id});
        if let (Value::Object(whole), Value::Object(header)) = (&mut whole, header) {
            whole.extend(header.clone());
        }
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}", part(&whole), part(payload))
    }
}
