//! A witnessed statement together with the one login it needs.

use audit::Witnessed;

use crate::{Error, Login, Vault, vault::Kept};

/// A witnessed statement and its login. It swallows the witness: there is no login without a record.
pub struct Armed<'v> {
    witnessed: Witnessed,
    kept: Kept,
    vault: &'v Vault,
    renewed: bool,
}

impl Armed<'_> {
    /// The statement.
    #[must_use]
    pub fn witnessed(&self) -> &Witnessed {
        &self.witnessed
    }

    /// The login of its target.
    #[must_use]
    pub fn login(&self) -> &Login {
        &self.kept.login
    }

    /// The store's name for this version of the login.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.kept.version
    }

    /// Fetches the login anew, once, after the target refused it: it may have been rotated. Whether
    /// there is another one to try.
    ///
    /// # Errors
    /// The store gave nothing.
    pub async fn renew(&mut self) -> Result<bool, Error> {
        if std::mem::replace(&mut self.renewed, true) {
            return Ok(false);
        }
        let before = self.kept.version.clone();
        self.kept = self.vault.fetch(secret(&self.witnessed)).await?;
        Ok(self.kept.version != before)
    }
}

/// Fetches the login of the target that the permit names, and of no other.
///
/// # Errors
/// [`Error`]: there is no usable login.
pub async fn arm(witnessed: Witnessed, vault: &Vault) -> Result<Armed<'_>, Error> {
    let kept = vault.login(secret(&witnessed)).await?;
    Ok(Armed { witnessed, kept, vault, renewed: false })
}

fn secret(witnessed: &Witnessed) -> &request::SecretName {
    &witnessed.cleared().vetted().permit().target().secret
}
