//! Secrets of the operator: from a file or the environment, never from the command line, which others
//! can read.

use std::path::Path;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use credentials::MaskKey;
use policy::Target;
use zeroize::Zeroizing;

use super::{Environment, Error, read};

/// A user name and its password. No `Debug`: it is a secret.
pub struct Login {
    pub(super) username: String,
    pub(super) password: Zeroizing<String>,
}

impl Login {
    /// Reads `{"username": …, "password": …}`, the shape that the target's secret has; other members
    /// are passed over.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        #[derive(serde::Deserialize)]
        struct Shape {
            username: String,
            password: Zeroizing<String>,
        }
        // The error would quote the secret; it is dropped here.
        let Shape { username, password } = serde_json::from_str(text).ok()?;
        (!username.is_empty() && !password.is_empty()).then_some(Self { username, password })
    }

    /// The login for a target: of this file, else of `POSTERN_LOGIN_<TARGET>` or `POSTERN_LOGIN`.
    ///
    /// # Errors
    /// There is none, or it has another shape.
    pub fn find(target: &Target, file: Option<&Path>, on: Environment<'_>) -> Result<Self, Error> {
        Self::parse(&Self::text(target, file, on)?).ok_or(Error::Shape("login", SHAPE))
    }

    /// The same as the target's secret has it, found to be a login.
    ///
    /// # Errors
    /// As for [`Login::find`].
    pub(super) fn secret(
        target: &Target,
        file: Option<&Path>,
        on: Environment<'_>,
    ) -> Result<Zeroizing<String>, Error> {
        let text = Self::text(target, file, on)?;
        Self::parse(&text).ok_or(Error::Shape("login", SHAPE))?;
        Ok(text)
    }

    fn text(
        target: &Target,
        file: Option<&Path>,
        on: Environment<'_>,
    ) -> Result<Zeroizing<String>, Error> {
        let own = variable("POSTERN_LOGIN", target);
        let text = secret(file, &[&own, "POSTERN_LOGIN"], on)?;
        text.ok_or_else(|| Error::NoLogin(target.name.clone(), own))
    }

    /// The role to log in as.
    #[must_use]
    pub fn username(&self) -> &str {
        &self.username
    }
}

/// The key of a target's tokens: of this file, else of `POSTERN_MASK_KEY_<TARGET>` or
/// `POSTERN_MASK_KEY`, as the target's secret `mask_key` has it.
///
/// # Errors
/// There is none, or it has another shape.
pub(super) fn mask_key(
    target: &Target,
    file: Option<&Path>,
    on: Environment<'_>,
) -> Result<MaskKey, Error> {
    let own = variable("POSTERN_MASK_KEY", target);
    let text = secret(file, &[&own, "POSTERN_MASK_KEY"], on)?.ok_or(Error::NoKey(own))?;
    key(&text).ok_or(Error::Shape("key", "{\"key\": 32 bytes in base64}"))
}

fn key(text: &str) -> Option<MaskKey> {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Shape {
        key: Zeroizing<String>,
    }
    let Shape { key } = serde_json::from_str(text).ok()?;
    let bytes = Zeroizing::new(STANDARD.decode(key.as_bytes()).ok()?);
    Some(MaskKey::new(Zeroizing::new(<[u8; 32]>::try_from(bytes.as_slice()).ok()?)))
}

fn secret(
    file: Option<&Path>,
    names: &[&str],
    on: Environment<'_>,
) -> Result<Option<Zeroizing<String>>, Error> {
    Ok(match file {
        Some(file) => Some(Zeroizing::new(read(file)?)),
        None => names.iter().find_map(|name| on(name)).map(Zeroizing::new),
    })
}

/// `POSTERN_LOGIN_ORDERS_DB` for the target `orders-db`.
fn variable(start: &str, target: &Target) -> String {
    let name = target.name.as_str().to_uppercase();
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    format!("{start}_{}", name.chars().map(plain).collect::<String>())
}

const SHAPE: &str = "{\"username\": …, \"password\": …}";
