//! A witnessed statement together with the one login it needs.

use std::sync::Arc;

use audit::Witnessed;
use policy::Target;

use crate::{Error, Login, MaskKey, Vault, held::Held};

/// A witnessed statement and its login. It swallows the witness: there is no login without a record.
pub struct Armed<'v> {
    witnessed: Witnessed,
    held: Held<'v>,
    mask_key: Option<Arc<MaskKey>>,
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
        self.held.login()
    }

    /// The store's name for this version of the login.
    #[must_use]
    pub fn version(&self) -> &str {
        self.held.version()
    }

    /// The key of its target's masks, where the target has one.
    #[must_use]
    pub fn mask_key(&self) -> Option<&Arc<MaskKey>> {
        self.mask_key.as_ref()
    }

    /// Fetches the login anew, once, after the target refused it: it may have been rotated. Whether
    /// there is another one to try.
    ///
    /// # Errors
    /// The store gave nothing.
    pub async fn renew(&mut self) -> Result<bool, Error> {
        self.held.renew(&target(&self.witnessed).secret).await
    }
}

/// Fetches the secrets of the target that the permit names, and of no other: its login, and the key
/// of its masks where it has one.
///
/// # Errors
/// [`Error`]: there is no usable login, or no usable key.
pub async fn arm(witnessed: Witnessed, vault: &Vault) -> Result<Armed<'_>, Error> {
    let target = target(&witnessed);
    let held = Held::of(&target.secret, vault).await?;
    let mask_key = match &target.mask_key {
        Some(name) => Some(vault.mask_key(name).await?),
        None => None,
    };
    Ok(Armed { witnessed, held, mask_key })
}

fn target(witnessed: &Witnessed) -> &Target {
    witnessed.cleared().vetted().permit().target()
}
