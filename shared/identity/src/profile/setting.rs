//! What an entry says for its profile alone.

use std::collections::{BTreeMap, BTreeSet};

use super::{ALL, Profile};
use crate::toml_reader::{Entry, Placed, Reader};

/// Another claim of groups than the profile's own.
pub(super) const GROUPS_CLAIM: Setting = Setting::text("groups_claim", |_| true, "");
/// Another claim of the client than the profile's own.
pub(super) const CLIENT_CLAIM: Setting = Setting::text("client_claim", |_| true, "");
/// Another claim of the subject than `sub`, which may be another text in each app's tokens (OIDC Core, 8.1).
pub(super) const SUBJECT_CLAIM: Setting = Setting::text("subject_claim", |_| true, "");

/// A member of an entry that belongs to one profile, or to some.
#[derive(Debug)]
pub(super) struct Setting {
    name: &'static str,
    kind: Kind,
    needed: bool,
    fits: fn(&str) -> bool,
    wants: &'static str,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Switch,
    Text,
    Texts,
}

impl Setting {
    /// One text that `fits`; `wants` says in words which do.
    pub(super) const fn text(
        name: &'static str,
        fits: fn(&str) -> bool,
        wants: &'static str,
    ) -> Self {
        Self { name, kind: Kind::Text, needed: false, fits, wants }
    }

    /// A list of such texts.
    pub(super) const fn texts(
        name: &'static str,
        fits: fn(&str) -> bool,
        wants: &'static str,
    ) -> Self {
        Self { name, kind: Kind::Texts, needed: false, fits, wants }
    }

    /// A list of texts of any kind, but none of them empty.
    pub(super) const fn any(name: &'static str) -> Self {
        Self::texts(name, |text| !text.is_empty(), "a text that is not empty")
    }

    /// Yes or no; no where nothing is said.
    pub(super) const fn switch(name: &'static str) -> Self {
        Self { name, kind: Kind::Switch, needed: false, fits: |_| true, wants: "" }
    }

    /// Without it there is no entry.
    pub(super) const fn needed(self) -> Self {
        Self { needed: true, ..self }
    }

    pub(super) const fn name(&self) -> &'static str {
        self.name
    }

    /// What the entry says of it; `None` for nothing.
    fn read(&self, entry: &mut Entry<'_, '_>, to: &mut Reader<'_>) -> Option<Vec<String>> {
        if !self.needed && entry.member(self.name).is_none() {
            return None;
        }
        let texts = match self.kind {
            Kind::Switch => return entry.flag(self.name, to).then(Vec::new),
            Kind::Text => entry.text(self.name, to).into_iter().collect(),
            Kind::Texts => entry.texts(self.name, to),
        };
        Some(texts.into_iter().filter_map(|text| self.fitting(text, to)).collect())
    }

    fn fitting(&self, (text, at): Placed<String>, to: &mut Reader<'_>) -> Option<String> {
        if (self.fits)(&text) {
            return Some(text);
        }
        to.fault(at, format!("`{text}` cannot stand in `{}`: it takes {}", self.name, self.wants));
        None
    }
}

/// What an entry said for its profile, by the names of the settings.
#[derive(Clone, Debug)]
pub(crate) struct Given(BTreeMap<&'static str, Vec<String>>);

impl Given {
    /// Reads what belongs to this profile. What belongs to another one was meant to restrict
    /// something, and would not.
    pub(crate) fn read(profile: &Profile, entry: &mut Entry<'_, '_>, to: &mut Reader<'_>) -> Self {
        let mut found = BTreeMap::new();
        for setting in profile.settings {
            found.extend(setting.read(entry, to).map(|texts| (setting.name, texts)));
        }
        let mut seen: BTreeSet<_> = profile.settings.iter().map(Setting::name).collect();
        for other in ALL {
            for name in other.settings.iter().map(Setting::name) {
                if !seen.insert(name) {
                    continue;
                }
                if let Some(value) = entry.member(name) {
                    let (own, other) = (profile.name, other.name);
                    let text = format!("`{name}` is of profile `{other}`, and this is `{own}`");
                    to.fault(value.span().start, text);
                }
            }
        }
        Self(found)
    }

    /// Whether the subject is told by a claim that the entry names, and not by `sub`.
    pub(crate) fn renames_subject(&self) -> bool {
        self.has(SUBJECT_CLAIM.name)
    }

    /// Whether it is there, or switched on.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub(super) fn list(&self, name: &str) -> Option<&[String]> {
        self.0.get(name).map(Vec::as_slice)
    }

    pub(super) fn one(&self, name: &str) -> Option<&str> {
        self.list(name)?.first().map(String::as_str)
    }

    /// The form with every `{name}` replaced by what was given for it.
    pub(super) fn fill(&self, form: &str) -> String {
        let filled = |form: String, (name, texts): (&&str, &Vec<String>)| match texts.first() {
            Some(text) => form.replace(&format!("{{{name}}}"), text),
            None => form,
        };
        self.0.iter().fold(form.to_owned(), filled)
    }
}
