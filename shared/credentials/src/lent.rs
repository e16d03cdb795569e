//! A target's login, lent for asking it what it is made of.

use policy::{Permit, Target};

use crate::{Error, Login, Vault, held::Held};

/// The login of a target that somebody may address, for questions of ours: what it consists of, and
/// how many rows its planner expects of a statement. Nothing of an agent's is executed with it; what
/// executes wants an [`Armed`](crate::Armed).
///
/// It has no `Debug` and no `Clone`, and is over with the request that it was lent for.
pub struct Lent<'v> {
    target: Target,
    held: Held<'v>,
}

impl Lent<'_> {
    /// The target.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Its login.
    #[must_use]
    pub fn login(&self) -> &Login {
        self.held.login()
    }

    /// The store's name for this version of the login.
    #[must_use]
    pub fn version(&self) -> &str {
        self.held.version()
    }

    /// Fetches the login anew, once, after the target refused it: it may have been rotated. Whether
    /// there is another one to try.
    ///
    /// # Errors
    /// The store gave nothing.
    pub async fn renew(&mut self) -> Result<bool, Error> {
        self.held.renew(&self.target.secret).await
    }
}

/// Fetches the login of the target that the permit names, and of no other. The permit is evidence
/// that somebody may address this target; to whom what is found out is told, others decide.
///
/// # Errors
/// [`Error`]: there is no usable login.
pub async fn lend<'v>(permit: &Permit, vault: &'v Vault) -> Result<Lent<'v>, Error> {
    let target = permit.target().clone();
    let held = Held::of(&target.secret, vault).await?;
    Ok(Lent { target, held })
}
