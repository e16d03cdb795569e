//! `issuers.toml`: whom we believe, for what audience, and who their groups are here.

mod members;

use std::collections::{BTreeMap, BTreeSet};

use request::Mistakes;

use crate::{
    GroupName, IssuerAlias,
    algorithm::Algorithm,
    keys::{BadSet, KeySet},
    profile::{Given, Profile},
    toml_reader::{Entry, Placed, Reader},
};

/// Seconds that clocks may be apart, unless the file says otherwise.
const LEEWAY_S: u64 = 30;
/// Seconds that the file may make of it.
const LEEWAY_LIMIT_S: u64 = 60;
/// Seconds that a token may be valid at most, whatever the file says: one day.
const LIFETIME_LIMIT_S: u64 = 24 * 60 * 60;
/// Bytes of a name that we chose ourselves.
const OWN_NAME_LIMIT: usize = 63;

/// Every issuer whose tokens are believed. What may not be left open (audience, algorithms, types,
/// lifetime) cannot be left out of the file, unless the entry's `profile` settles it.
///
/// ```
/// let text = r#"
///     [issuers.corp]
///     issuer = "https://login.example"
///     jwks_uri = "https://login.example/jwks"
///     audience = ["https://postern.example/v1"]
///     algorithms = ["ES256"]
///     types = ["at+jwt"]
///     max_lifetime_s = 3600
///     [issuers.corp.groups]
///     "7f3c-analysts" = "analysts"
///
///     [issuers.builds]
///     profile = "github"
///     issuer = "https://token.actions.githubusercontent.com"
///     jwks_uri = "https://token.actions.githubusercontent.com/.well-known/jwks"
///     audience = ["https://postern.example/v1"]
///     repository_id = ["74"]
///     repository_owner_id = ["65"]
///     [issuers.builds.groups]
///     "environment=production" = "deployers"
/// "#;
/// assert!(identity::Issuers::parse("issuers.toml", text).is_ok());
/// ```
#[derive(Clone, Debug)]
pub struct Issuers(Vec<Issuer>);

impl Issuers {
    /// Reads the file's text; `file` is its name, for the mistakes.
    ///
    /// # Errors
    /// Every mistake in it at once, each with its line.
    pub fn parse(file: &str, text: &str) -> Result<Self, Mistakes> {
        let mut reader = Reader::new(file, text);
        let document = reader.document();
        let mut top = Entry::new(document.get_ref(), 0);
        let mut issuers = Vec::new();
        if let Some(list) = top.member("issuers").and_then(|value| Entry::of(value, &mut reader)) {
            // The table comes sorted by name; mistakes are told in the order of the file.
            let mut members: Vec<_> = list.members().collect();
            members.sort_by_key(|((_, at), _)| *at);
            for (alias, value) in members {
                let entry = Entry::of(value, &mut reader);
                let read = entry.and_then(|entry| Issuer::read(alias, entry, &mut reader));
                issuers.extend(read.and_then(|entry| alone(entry, &issuers, alias.1, &mut reader)));
            }
            if list.members().next().is_none() {
                reader.fault(0, "there is no issuer, so no token could be believed");
            }
        } else {
            reader.fault(0, "there is no table `issuers`");
        }
        top.nothing_else(&mut reader);
        reader.finish(Self(issuers))
    }

    /// The entries.
    pub(crate) fn into_entries(self) -> Vec<Issuer> {
        self.0
    }
}

/// One entry.
#[derive(Clone, Debug)]
pub(crate) struct Issuer {
    alias: IssuerAlias,
    profile: &'static Profile,
    given: Given,
    issuer: String,
    jwks_uri: String,
    audience: Vec<String>,
    sole_audience: bool,
    algorithms: Vec<Algorithm>,
    types: BTreeSet<Option<String>>,
    max_lifetime_s: u64,
    leeway_s: u64,
    events: Option<String>,
    people: bool,
    people_audience: Vec<String>,
    groups: BTreeMap<String, GroupName>,
}

impl Issuer {
    pub(crate) fn alias(&self) -> &IssuerAlias {
        &self.alias
    }

    /// How its tokens are read.
    pub(crate) fn profile(&self) -> &'static Profile {
        self.profile
    }

    /// What the entry says for its profile alone.
    pub(crate) fn given(&self) -> &Given {
        &self.given
    }

    pub(crate) fn issuer(&self) -> &str {
        &self.issuer
    }

    pub(crate) fn jwks_uri(&self) -> &str {
        &self.jwks_uri
    }

    pub(crate) fn audience(&self) -> &[String] {
        &self.audience
    }

    pub(crate) fn sole_audience(&self) -> bool {
        self.sole_audience
    }

    /// In the order of the file, which decides for keys that name no algorithm.
    pub(crate) fn algorithms(&self) -> &[Algorithm] {
        &self.algorithms
    }

    /// Reads a document as a set of this issuer's keys.
    pub(crate) fn key_set(&self, document: &[u8]) -> Result<KeySet, BadSet> {
        KeySet::read_for(document, &self.algorithms, self.profile.key_use)
    }

    /// Whether a token of this type, or of none, is an access token of this issuer.
    pub(crate) fn allows_type(&self, kind: Option<&str>) -> bool {
        self.types.iter().any(|allowed| allowed.as_deref() == kind)
    }

    pub(crate) fn max_lifetime_s(&self) -> u64 {
        self.max_lifetime_s
    }

    pub(crate) fn leeway_s(&self) -> u64 {
        self.leeway_s
    }

    /// The audience of the security events that the issuer may send; without one, it may not.
    pub(crate) fn events(&self) -> Option<&str> {
        self.events.as_deref()
    }

    /// Whether it vouches for people, who may sign in and decide about requests.
    pub(crate) fn vouches_for_people(&self) -> bool {
        self.people
    }

    /// The audience of the access tokens that people decide with; without one, they sign in to the
    /// page only.
    pub(crate) fn people_audience(&self) -> &[String] {
        &self.people_audience
    }

    /// Our name for a group of the issuer's, if we have one.
    pub(crate) fn local_group(&self, raw: &str) -> Option<&GroupName> {
        self.groups.get(raw)
    }

    /// Asks for every member even after a mistake, so that all of them are told.
    fn read(alias: Placed<&str>, mut entry: Entry<'_, '_>, to: &mut Reader<'_>) -> Option<Self> {
        let alias = own_name("an issuer's alias", alias.0.into(), alias.1, to);
        let profile = members::profile(&mut entry, to)?;
        let given = Given::read(profile, &mut entry, to);
        let profile = profile.meant(&given);
        let issuer = members::issuer(&mut entry, profile, &given, to);
        let jwks_uri = entry.text("jwks_uri", to).and_then(|uri| members::https(uri, to));
        let audience = members::audience(&mut entry, profile, to);
        let sole_audience = members::sole_audience(&mut entry, profile, to);
        let algorithms = members::algorithms(&mut entry, profile, to);
        let types = members::types(&mut entry, profile, to);
        let limit = 1..=LIFETIME_LIMIT_S;
        let max_lifetime_s = entry.number("max_lifetime_s", limit, profile.lifetime_s, to);
        let leeway_s = entry.number("leeway_s", 0..=LEEWAY_LIMIT_S, Some(LEEWAY_S), to);
        let events = members::events(&mut entry, &given, to);
        let people = members::people(&mut entry, profile, to);
        let people_audience = members::people_audience(&mut entry, profile, people, &audience, to);
        let groups = members::groups(&mut entry, to);
        entry.nothing_else(to);
        Some(Self {
            alias: IssuerAlias::new(alias?),
            profile,
            given,
            issuer: issuer?,
            jwks_uri: jwks_uri?,
            audience,
            sole_audience,
            algorithms,
            types,
            max_lifetime_s: max_lifetime_s?,
            leeway_s: leeway_s?,
            events,
            people,
            people_audience,
            groups,
        })
    }
}

/// An issuer has one entry, so that its text decides which keys and rules are meant.
fn alone(entry: Issuer, others: &[Issuer], at: usize, to: &mut Reader<'_>) -> Option<Issuer> {
    if others.iter().any(|other| other.issuer == entry.issuer) {
        to.fault(at, format!("`{}` has an entry already", entry.issuer));
        return None;
    }
    Some(entry)
}

/// A name that we choose ourselves has a plain alphabet, so that it can stand in policies, records
/// and keys without escapes.
fn own_name(what: &str, name: String, at: usize, to: &mut Reader<'_>) -> Option<String> {
    if is_own_name(&name) {
        return Some(name);
    }
    to.fault(at, format!("{what} is 1 to 63 of a-z, 0-9, - and _, and not `{name}`"));
    None
}

/// Whether this is such a name.
pub(crate) fn is_own_name(name: &str) -> bool {
    let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_');
    !name.is_empty() && name.len() <= OWN_NAME_LIMIT && name.bytes().all(letter)
}
