//! The members of an issuer's entry: each read, and held to what its profile leaves open.

use std::collections::{BTreeMap, BTreeSet};

use super::own_name;
use crate::{
    GroupName,
    algorithm::Algorithm,
    gate,
    profile::{Given, Profile},
    toml_reader::{Entry, Placed, Reader, plain_text},
};

/// Without it nobody can say what else belongs into the entry.
pub(super) fn profile(entry: &mut Entry<'_, '_>, to: &mut Reader<'_>) -> Option<&'static Profile> {
    let name = match entry.member("profile") {
        None => return Profile::named("rfc9068"),
        Some(_) => entry.text("profile", to),
    };
    let (name, at) = name?;
    let found = Profile::named(&name);
    if found.is_none() {
        to.fault(at, format!("`{name}` is none of {}", Profile::names()));
    }
    found
}

pub(super) fn issuer(
    entry: &mut Entry<'_, '_>,
    profile: &Profile,
    given: &Given,
    to: &mut Reader<'_>,
) -> Option<String> {
    let (text, at) = entry.text("issuer", to)?;
    match profile.calls_itself(&text, given) {
        Ok(()) => Some(text),
        Err(form) => {
            to.fault(at, format!("an issuer of profile `{}` is {form}", profile.name));
            None
        }
    }
}

pub(super) fn https((uri, at): Placed<String>, to: &mut Reader<'_>) -> Option<String> {
    let plain = |url: &url::Url| {
        url.scheme() == "https"
            && url.username().is_empty()
            && url.password().is_none()
            && url.fragment().is_none()
    };
    if url::Url::parse(&uri).is_ok_and(|url| plain(&url)) {
        return Some(uri);
    }
    to.fault(at, "`jwks_uri` must be an https URL without a user, a password or a fragment");
    None
}

pub(super) fn audience(
    entry: &mut Entry<'_, '_>,
    profile: &Profile,
    to: &mut Reader<'_>,
) -> Vec<String> {
    let given = entry.texts("audience", to);
    chosen(&given, profile, to);
    given.into_iter().map(|(text, _)| text).collect()
}

/// Audiences that somebody chose for us.
fn chosen(given: &[Placed<String>], profile: &Profile, to: &mut Reader<'_>) {
    for (text, at) in given {
        if text.is_empty() {
            to.fault(*at, "an audience is empty");
        }
        if profile.is_default_audience(text) {
            let profile = profile.name;
            to.fault(
                *at,
                format!("`{text}` is what `{profile}` tokens are for that nobody meant for us"),
            );
        }
    }
}

/// An event says by `sub` whom it is about. Where tokens call them otherwise it would end nothing, and
/// nobody would notice.
pub(super) fn events(
    entry: &mut Entry<'_, '_>,
    given: &Given,
    to: &mut Reader<'_>,
) -> Option<String> {
    let at = entry.member("events")?.span().start;
    if given.renames_subject() {
        to.fault(at, "`events` are about a `sub`, which is not who is meant with `subject_claim`");
    }
    entry.text("events", to).map(|(audience, _)| audience)
}

/// Builds, workloads and agents are no people, whoever started them.
pub(super) fn people(entry: &mut Entry<'_, '_>, profile: &Profile, to: &mut Reader<'_>) -> bool {
    let said = entry.flag("people", to);
    if let Some(value) = entry.member("people").filter(|_| said && profile.people.is_none()) {
        let text = format!("issuers of profile `{}` vouch for no people", profile.name);
        to.fault(value.span().start, text);
    }
    said
}

/// An audience of its own: what agents hold for asking is not good for deciding.
pub(super) fn people_audience(
    entry: &mut Entry<'_, '_>,
    profile: &Profile,
    people: bool,
    audience: &[String],
    to: &mut Reader<'_>,
) -> Vec<String> {
    let Some(value) = entry.member("people_audience") else { return Vec::new() };
    if !people {
        to.fault(value.span().start, "`people_audience` is for an entry with `people = true`");
    }
    let given = entry.texts("people_audience", to);
    chosen(&given, profile, to);
    for (text, at) in &given {
        if audience.contains(text) {
            to.fault(*at, format!("`{text}` is an audience of agents' tokens already"));
        }
    }
    given.into_iter().map(|(text, _)| text).collect()
}

pub(super) fn sole_audience(
    entry: &mut Entry<'_, '_>,
    profile: &Profile,
    to: &mut Reader<'_>,
) -> bool {
    let said = entry.flag("sole_audience", to);
    if let Some(value) = entry.member("sole_audience").filter(|_| profile.sole_audience && !said) {
        let text = format!("`sole_audience` is always true of profile `{}`", profile.name);
        to.fault(value.span().start, text);
    }
    said || profile.sole_audience
}

/// What the profile has, or some of it; where the profile leaves it open, anything there is.
pub(super) fn algorithms(
    entry: &mut Entry<'_, '_>,
    profile: &Profile,
    to: &mut Reader<'_>,
) -> Vec<Algorithm> {
    let own = profile.algorithms;
    if !own.is_empty() && entry.member("algorithms").is_none() {
        return own.to_vec();
    }
    let mut found = Vec::new();
    for (name, at) in entry.texts("algorithms", to) {
        match Algorithm::named(&name) {
            Some(one) if own.is_empty() || own.contains(&one) => found.push(one),
            Some(_) => to.fault(at, format!("`{name}` is not of profile `{}`", profile.name)),
            None => to.fault(at, format!("`{name}` is none of {}", Algorithm::NAMES)),
        }
    }
    found
}

/// Types as they are compared; the empty one stands for a header without a type.
pub(super) fn types(
    entry: &mut Entry<'_, '_>,
    profile: &Profile,
    to: &mut Reader<'_>,
) -> BTreeSet<Option<String>> {
    let own = profile.types;
    if !own.is_empty() && entry.member("types").is_none() {
        return own.iter().map(|name| gate::media_type(name)).collect();
    }
    let mut found = BTreeSet::new();
    for (name, at) in entry.texts("types", to) {
        let kind = gate::media_type(&name);
        if kind.is_none() && !name.is_empty() {
            to.fault(at, format!("`{name}` is not a token type"));
        } else if !own.is_empty() && !own.contains(&kind.as_deref().unwrap_or_default()) {
            to.fault(at, format!("`{name}` is not of profile `{}`", profile.name));
        }
        found.insert(kind);
    }
    found
}

pub(super) fn groups(
    entry: &mut Entry<'_, '_>,
    to: &mut Reader<'_>,
) -> BTreeMap<String, GroupName> {
    let mut found = BTreeMap::new();
    let Some(table) = entry.member("groups").and_then(|value| Entry::of(value, to)) else {
        return found;
    };
    for ((raw, _), value) in table.members() {
        let local = plain_text(raw, value, to);
        let local = local.and_then(|(name, at)| own_name("a local group", name, at, to));
        found.extend(local.map(|name| (raw.to_owned(), GroupName::new(name))));
    }
    found
}
