//! The login that an evidence holds, and the one time that it may be fetched anew.

use request::SecretName;

use crate::{Error, Login, Vault, vault::Kept};

/// A login for as long as one piece of work.
pub(crate) struct Held<'v> {
    kept: Kept<Login>,
    vault: &'v Vault,
    renewed: bool,
}

impl<'v> Held<'v> {
    /// The login under this name.
    pub(crate) async fn of(name: &SecretName, vault: &'v Vault) -> Result<Self, Error> {
        Ok(Self { kept: vault.login(name).await?, vault, renewed: false })
    }

    pub(crate) fn login(&self) -> &Login {
        &self.kept.secret
    }

    pub(crate) fn version(&self) -> &str {
        &self.kept.version
    }

    /// Fetches it anew, the first time that this is called. Whether it is another one.
    pub(crate) async fn renew(&mut self, name: &SecretName) -> Result<bool, Error> {
        if std::mem::replace(&mut self.renewed, true) {
            return Ok(false);
        }
        let before = self.kept.version.clone();
        self.kept = self.vault.renewed(name).await?;
        Ok(self.kept.version != before)
    }
}
