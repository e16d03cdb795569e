//! A target's credential in memory: shown to a driver, to nobody else, and wiped afterwards.

use std::collections::BTreeMap;

use base64::{
    Engine as _,
    engine::general_purpose::{GeneralPurpose, STANDARD, URL_SAFE_NO_PAD},
};
use zeroize::Zeroizing;

use crate::MaskKey;

/// The bytes of a secret as a store holds it. It has no `Debug`, `Clone` or `Serialize`: it cannot be
/// printed, kept or sent by accident.
///
/// ```compile_fail
/// fn leak(secret: &credentials::Secret) -> String {
///     format!("{secret:?}")
/// }
/// ```
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Wraps what a store returned; the memory is wiped when the secret is dropped.
    #[must_use]
    pub fn new(plain: Zeroizing<String>) -> Self {
        Self(plain)
    }

    /// Reads it as `{"username": …, "password": …}`, the shape that Secrets Manager gives database
    /// secrets. Other members (`host`, `port`, `engine` …) are passed over: where a target is, the
    /// configuration says, not the secret.
    pub(crate) fn login(&self) -> Option<Login> {
        #[derive(serde::Deserialize)]
        struct Shape {
            username: String,
            password: Zeroizing<String>,
        }
        // The error would quote the secret; it is dropped here.
        let shape: Shape = serde_json::from_str(&self.0).ok()?;
        (!shape.username.is_empty() && !shape.password.is_empty())
            .then_some(Login { username: shape.username, password: shape.password })
    }

    /// Reads it as `{"key": …}`, 32 bytes in base64 with its padding (RFC 4648, section 4): what the
    /// tokens of a target are made with.
    pub(crate) fn mask_key(&self) -> Option<MaskKey> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Shape {
            key: Zeroizing<String>,
        }
        // The error would quote the secret; it is dropped here.
        let shape: Shape = serde_json::from_str(&self.0).ok()?;
        key(&STANDARD, &shape.key).map(MaskKey::new)
    }

    /// Reads it as `{"MEMBER": …}`, a text that stands alone: an address or a key of something that is
    /// no target. A login is none, for it has two members.
    #[must_use]
    pub fn only(&self, member: &str) -> Option<Zeroizing<String>> {
        // The error would quote the secret; it is dropped here.
        let mut members: BTreeMap<String, Zeroizing<String>> =
            serde_json::from_str(&self.0).ok()?;
        let text = members.remove(member).filter(|text| !text.is_empty());
        if members.is_empty() { text } else { None }
    }

    /// Reads it as `{"current": …, "previous": …}`, two keys of 32 bytes in base64url, of which the
    /// second may be absent: what nonces are made with.
    #[must_use]
    pub fn key_pair(&self) -> Option<(Key, Option<Key>)> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Shape {
            current: Zeroizing<String>,
            #[serde(default)]
            previous: Option<Zeroizing<String>>,
        }
        // The error would quote the secret; it is dropped here.
        let shape: Shape = serde_json::from_str(&self.0).ok()?;
        let previous =
            shape.previous.map(|text| key(&URL_SAFE_NO_PAD, &text).ok_or(())).transpose().ok()?;
        Some((key(&URL_SAFE_NO_PAD, &shape.current)?, previous))
    }

    /// Reads it as `{"client_secret": …}`: what we show to an issuer at which people sign in.
    #[must_use]
    pub fn client_secret(&self) -> Option<Zeroizing<String>> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Shape {
            client_secret: Zeroizing<String>,
        }
        // The error would quote the secret; it is dropped here.
        let shape: Shape = serde_json::from_str(&self.0).ok()?;
        (!shape.client_secret.is_empty()).then_some(shape.client_secret)
    }
}

/// A symmetric key of 256 bits.
pub type Key = Zeroizing<[u8; 32]>;

fn key(alphabet: &GeneralPurpose, text: &str) -> Option<Key> {
    let bytes = Zeroizing::new(alphabet.decode(text).ok()?);
    Some(Zeroizing::new(<[u8; 32]>::try_from(bytes.as_slice()).ok()?))
}

/// A user name and its password. No `Debug` either.
///
/// ```compile_fail
/// fn leak(login: &credentials::Login) -> String {
///     format!("{login:?}")
/// }
/// ```
pub struct Login {
    username: String,
    password: Zeroizing<String>,
}

impl Login {
    /// The name of the role to log in as.
    #[must_use]
    pub fn username(&self) -> &str {
        &self.username
    }

    /// The password. Only a driver in `targets` calls this; `.clippy.toml` holds everybody else to it.
    #[must_use]
    pub fn expose_password(&self) -> &str {
        &self.password
    }
}
