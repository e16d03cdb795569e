//! Somebody of flesh and blood: who may decide about a request, as their issuer vouches for them.

mod access;
mod login;
mod session;

use std::collections::BTreeSet;

use request::Digest;

pub use access::person;
pub use login::signed_in;
pub use session::recalled;

use crate::{
    Error, GroupName, Groups, IssuerAlias, Login, Verifier, cache::Desk, gate, gate::Said,
    profile::Members, standing::Once, text,
};

/// A person who logged in. Never an agent: an issuer's own word for a human being.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub(crate) issuer: IssuerAlias,
    pub(crate) subject: String,
    pub(crate) name: Option<String>,
    pub(crate) groups: BTreeSet<GroupName>,
    pub(crate) login: Login,
    pub(crate) proof: Option<Once>,
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

    /// Which proof of a key came with their token, and the second from which on nobody has to
    /// remember it. Where there is one, it is good for one request: whoever serves it sees to that.
    #[must_use]
    pub fn proof(&self) -> Option<(Digest, u64)> {
        self.proof.as_ref().map(|once| (once.id, once.until_s))
    }
}

/// Whose keys a person's token is checked with: an issuer whose entry says that it vouches for people.
fn desk<'v>(said: &Said, on: &'v Verifier) -> Result<&'v Desk, Error> {
    let issuer = gate::issuer(said)?;
    if on.own().is_some_and(|own| own.issuer() == issuer) {
        return Err(Error::Person("it is one of ours, which agents have"));
    }
    let desk = on.desk(issuer)?;
    match desk.issuer().vouches_for_people() {
        true => Ok(desk),
        false => Err(Error::Person("its issuer vouches for no people")),
    }
}

/// When they logged in. Without it they may never have: an app of theirs got the token.
fn logged_in(auth_time: Option<u64>, acr: Option<String>) -> Result<Login, Error> {
    match auth_time {
        Some(_) => Ok(Login { auth_time, acr }),
        None => Err(Error::Person("it does not say when they logged in (`auth_time`)")),
    }
}

/// Somebody who acts for somebody else is not that person, whatever the claim says otherwise.
fn by_themselves(claims: &Members) -> Result<(), Error> {
    match claims.contains_key("act") {
        true => Err(Error::Person("somebody acts for them (`act`)")),
        false => Ok(()),
    }
}

fn known(groups: Groups) -> Result<BTreeSet<GroupName>, Error> {
    match groups {
        Groups::Known(groups) => Ok(groups),
        Groups::Unknown => Err(Error::Person("it does not list their groups")),
    }
}

/// What to call them; a name that could be read otherwise than it is written is none.
fn called(claims: &Members) -> Option<String> {
    let name = claims.get("name").or_else(|| claims.get("preferred_username"))?.as_str()?;
    text::names_somebody(name).then(|| name.to_owned())
}
