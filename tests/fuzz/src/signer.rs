//! Keys, and tokens made of any header and any claims.

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
        RSA_PKCS1_SHA256, RsaKeyPair,
    },
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

/// A key pair. Its id is its algorithm.
pub(crate) enum Signer {
    Ed25519(Ed25519KeyPair),
    Es256(EcdsaKeyPair),
    Rs256(RsaKeyPair),
}

impl Signer {
    /// The same in every process.
    pub(crate) fn edwards() -> Self {
        Self::Ed25519(Ed25519KeyPair::from_seed_unchecked(&[1; 32]).unwrap())
    }

    /// Of that curve, and another one in every process.
    pub(crate) fn elliptic() -> Self {
        Self::Es256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
    }

    /// The same in every process, and nobody's secret: its private half is the number 1, its public
    /// one the generator of the curve (SEC 2, 2.4.2).
    pub(crate) fn generator() -> Self {
        let mut one = [0; 32];
        one[31] = 1;
        let curve = &ECDSA_P256_SHA256_FIXED_SIGNING;
        Self::Es256(EcdsaKeyPair::from_private_key_and_public_key(curve, &one, &GENERATOR).unwrap())
    }

    /// Of 2048 bits, and another one in every process.
    pub(crate) fn rsa() -> Self {
        Self::Rs256(RsaKeyPair::generate(KeySize::Rsa2048).unwrap())
    }

    pub(crate) fn algorithm(&self) -> &'static str {
        match self {
            Self::Ed25519(_) => "EdDSA",
            Self::Es256(_) => "ES256",
            Self::Rs256(_) => "RS256",
        }
    }

    /// The public half, as a proof shows it.
    pub(crate) fn public(&self) -> Value {
        match self {
            Self::Ed25519(pair) => {
                json!({"kty": "OKP", "crv": "Ed25519", "x": base64url(pair.public_key())})
            }
            Self::Es256(pair) => {
                // Behind the byte that says that there are two coordinates (SEC 1, 2.3.3).
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                json!({"kty": "EC", "crv": "P-256", "x": base64url(x), "y": base64url(y)})
            }
            Self::Rs256(pair) => {
                let modulus = pair.public_key().modulus().big_endian_without_leading_zero();
                json!({"kty": "RSA", "n": base64url(modulus), "e": "AQAB"})
            }
        }
    }

    /// A key set that holds this key alone.
    pub(crate) fn set(&self, purpose: &str) -> Vec<u8> {
        let mut key = self.public();
        key["kid"] = self.algorithm().into();
        key["alg"] = self.algorithm().into();
        key["use"] = purpose.into();
        json!({ "keys": [key] }).to_string().into_bytes()
    }

    /// The token that this header and these claims make. What is no JSON is refused before anybody
    /// looks at its signature, which it is spared.
    pub(crate) fn token(&self, header: &[u8], claims: &[u8]) -> String {
        let text = format!("{}.{}", base64url(header), base64url(claims));
        let signature = if is_object(header) && is_object(claims) {
            self.sign(text.as_bytes())
        } else {
            vec![0; 64]
        };
        format!("{text}.{}", base64url(signature))
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Ed25519(pair) => pair.sign(message).as_ref().to_vec(),
            Self::Es256(pair) => pair.sign(&random, message).unwrap().as_ref().to_vec(),
            Self::Rs256(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).unwrap();
                signature
            }
        }
    }
}

fn is_object(text: &[u8]) -> bool {
    serde_json::from_slice::<Map<String, Value>>(text).is_ok()
}

/// In base64url.
pub(crate) fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The generator of P-256, both coordinates.
const GENERATOR: [u8; 65] = [
    0x04, //
    0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2,
    0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96,
    0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16,
    0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5,
];
