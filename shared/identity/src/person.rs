//! Somebody of flesh and blood: who may decide about a request, as their issuer vouches for them.

use std::collections::BTreeSet;

use crate::{GroupName, IssuerAlias, Login};

/// A person who logged in. Never an agent: an issuer's own word for a human being.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub(crate) issuer: IssuerAlias,
    pub(crate) subject: String,
    pub(crate) name: Option<String>,
    pub(crate) groups: BTreeSet<GroupName>,
    pub(crate) login: Login,
}

impl Person {
    /// Who vouches for them.
    #[must_use]
    pub fn issuer(&self) -> &IssuerAlias {
        &self.issuer
    }

    /// Their name there, the same for as long as they have an account.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// What to call them, where the issuer says. For eyes only: nothing is decided by it.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The local groups they are in.
    #[must_use]
    pub fn groups(&self) -> &BTreeSet<GroupName> {
        &self.groups
    }

    /// When and how they logged in; `auth_time` is always there.
    #[must_use]
    pub fn login(&self) -> &Login {
        &self.login
    }
}
