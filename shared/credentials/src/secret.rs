//! A target's credential in memory: shown to a driver, to nobody else, and wiped afterwards.

use zeroize::Zeroizing;

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
