//! `[notify.NAME]` of `people.toml`: who is told of what, and how they are reached.

use std::collections::BTreeSet;

use request::{Mistake, Mistakes, SecretName};
use serde::{Deserialize, de::IntoDeserializer as _};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{Event, Kind, post};

/// One who is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    name: String,
    means: Means,
    at: Place,
    groups: Option<BTreeSet<String>>,
    events: BTreeSet<&'static str>,
    private: bool,
}

/// How they are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Means {
    /// An incoming webhook of Slack.
    Slack,
    /// A webhook of Teams' workflows.
    Teams,
    /// A webhook that is signed with the key of this secret.
    Webhook(SecretName),
}

/// Where their address is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In a secret.
    Secret(SecretName),
    /// Here.
    Url(String),
}

impl Plan {
    /// Reads all of them out of the file's text. What else stands in it, others read. `file` is its
    /// name.
    ///
    /// # Errors
    /// Every mistake in them at once, each with its line.
    pub(crate) fn all(file: &str, text: &str) -> Result<Vec<Self>, Mistakes> {
        let fault = |at: usize, what: String| Mistake::at(file, text, at, what);
        let (document, errors) = DeTable::parse_recoverable(text);
        let start = |error: &toml::de::Error| error.span().map_or(0, |span| span.start);
        let mut mistakes: Vec<Mistake> = errors
            .iter()
            .map(|error| fault(start(error), format!("not TOML: {}", error.message())))
            .collect();
        let mut plans = Vec::new();
        for (name, value) in tables(document.get_ref(), &mut mistakes, &fault) {
            let (at, name) = (name.span().start, name.get_ref().as_ref());
            let read = Written::deserialize(value.clone().into_deserializer());
            let plan = read.map_err(|error| vec![error.message().to_owned()]);
            match plan.and_then(|written| written.plan(name)) {
                Ok(plan) => plans.push(plan),
                Err(all) => mistakes.extend(
                    all.into_iter().map(|what| fault(at, format!("`notify.{name}`: {what}"))),
                ),
            }
        }
        mistakes.sort_by_key(|mistake| mistake.line);
        if mistakes.is_empty() { Ok(plans) } else { Err(Mistakes(mistakes)) }
    }

    /// What they are called here, and in the log.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn means(&self) -> &Means {
        &self.means
    }

    pub(super) fn place(&self) -> &Place {
        &self.at
    }

    /// Whether the address may be within our own network.
    pub(super) fn is_private(&self) -> bool {
        self.private
    }

    /// Whether there is a secret to fetch.
    pub(super) fn has_secret(&self) -> bool {
        matches!(self.means, Means::Webhook(_)) || matches!(self.at, Place::Secret(_))
    }

    /// Whether they are to be told of this.
    pub(super) fn concerns(&self, event: &Event) -> bool {
        let theirs = |groups: &BTreeSet<String>| event.approvers.keys().any(|g| groups.contains(g));
        self.events.contains(event.kind.name()) && self.groups.as_ref().is_none_or(theirs)
    }
}

type Named<'a, 't> = (&'a Spanned<std::borrow::Cow<'t, str>>, &'a Spanned<DeValue<'t>>);

/// The tables below `notify`.
fn tables<'a, 't>(
    document: &'a DeTable<'t>,
    mistakes: &mut Vec<Mistake>,
    fault: &dyn Fn(usize, String) -> Mistake,
) -> Vec<Named<'a, 't>> {
    match document.iter().find(|(name, _)| name.get_ref() == "notify") {
        None => Vec::new(),
        Some((name, value)) => match value.get_ref() {
            DeValue::Table(table) => table.iter().collect(),
            _ => {
                mistakes.push(fault(name.span().start, "`notify` holds tables".into()));
                Vec::new()
            }
        },
    }
}

/// An entry as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    kind: String,
    url: Option<String>,
    url_secret: Option<String>,
    key_secret: Option<String>,
    groups: Option<BTreeSet<String>>,
    events: Option<BTreeSet<String>>,
    #[serde(default)]
    private: bool,
}

impl Written {
    /// The entry, or everything that is wrong with it.
    fn plan(self, name: &str) -> Result<Plan, Vec<String>> {
        let mut wrong = Vec::new();
        let mut keep = |result: Result<(), String>| wrong.extend(result.err());
        keep(named(name));
        let (mut means, mut at, mut events) = (None, None, None);
        keep(self.means().map(|found| means = Some(found)));
        keep(self.place().map(|found| at = Some(found)));
        keep(self.events().map(|found| events = Some(found)));
        if self.groups.as_ref().is_some_and(|groups| groups.iter().all(String::is_empty)) {
            keep(Err("`groups` names groups, or is left out for all".into()));
        }
        match (means, at, events) {
            (Some(means), Some(at), Some(events)) if wrong.is_empty() => {
                let (name, groups, private) = (name.to_owned(), self.groups, self.private);
                Ok(Plan { name, means, at, groups, events, private })
            }
            _ => Err(wrong),
        }
    }

    fn means(&self) -> Result<Means, String> {
        match (self.kind.as_str(), &self.key_secret) {
            ("slack", None) => Ok(Means::Slack),
            ("teams", None) => Ok(Means::Teams),
            ("slack" | "teams", Some(_)) => Err("`key_secret` is for webhooks".into()),
            ("webhook", Some(key)) => secret("key_secret", key).map(Means::Webhook),
            ("webhook", None) => Err("`key_secret` names the secret with the key".into()),
            _ => Err("`kind` is `webhook`, `slack` or `teams`".into()),
        }
    }

    fn place(&self) -> Result<Place, String> {
        match (&self.url, &self.url_secret) {
            (None, Some(name)) => secret("url_secret", name).map(Place::Secret),
            // Whoever knows such an address can write there in our name.
            (Some(_), _) if self.kind != "webhook" => {
                Err("the address of a chat is a secret: `url_secret` names it".into())
            }
            (Some(url), None) if post::address(url, self.private).is_some() => {
                Ok(Place::Url(url.clone()))
            }
            (Some(_), None) => Err("`url` is an https:// address that is public, unless it is \
                 `private`"
                .into()),
            _ => Err("`url` or `url_secret` says where, and only one of them".into()),
        }
    }

    fn events(&self) -> Result<BTreeSet<&'static str>, String> {
        let all = Kind::ALL.map(Kind::name);
        let Some(named) = &self.events else { return Ok(all.into()) };
        let known = |event: &String| all.into_iter().find(|name| name == event);
        let found: Option<BTreeSet<_>> = named.iter().map(known).collect();
        let found = found.filter(|found| !found.is_empty());
        found.ok_or_else(|| format!("`events` are among {}", all.join(", ")))
    }
}

fn named(name: &str) -> Result<(), String> {
    let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let fine = (1..=32).contains(&name.len()) && name.bytes().all(letter);
    fine.then_some(()).ok_or_else(|| "a name has 1 to 32 of a-z, 0-9 and -".into())
}

fn secret(member: &str, name: &str) -> Result<SecretName, String> {
    SecretName::new(name).map_err(|error| format!("`{member}`: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::tests::event;

    fn read(text: &str) -> Result<Vec<Plan>, Vec<String>> {
        let read = Plan::all("people.toml", text);
        read.map_err(|Mistakes(all)| all.iter().map(ToString::to_string).collect())
    }

    fn one(text: &str) -> Plan {
        read(&format!("[notify.ops]\n{text}")).unwrap().remove(0)
    }

    #[test]
    fn each_kind_is_read_and_the_rest_of_the_file_is_others() {
        let text = r#"
            [sign_in]
            issuer = "corp"
            [notify.ops]
            kind = "webhook"
            url = "https://hooks.example/postern"
            key_secret = "postern/hook"
            [notify.dba-chat]
            kind = "slack"
            url_secret = "postern/slack"
            groups = ["dba"]
            events = ["approval.requested", "approval.expired"]
            [notify.privacy-chat]
            kind = "teams"
            url_secret = "postern/teams"
        "#;
        let plans = read(text).unwrap();
        let kinds: Vec<_> = plans.iter().map(|plan| (plan.name(), plan.means().clone())).collect();
        let key = SecretName::new("postern/hook").unwrap();
        let mut expected = [
            ("ops", Means::Webhook(key)),
            ("dba-chat", Means::Slack),
            ("privacy-chat", Means::Teams),
        ];
        expected.sort_by_key(|(name, _)| *name);
        let mut kinds = kinds;
        kinds.sort_by_key(|(name, _)| *name);
        assert_eq!(kinds, expected);
        assert!(plans.iter().all(Plan::has_secret));
        assert_eq!(read(""), Ok(vec![]));
    }

    #[test]
    fn whoever_is_told_is_told_of_their_groups_and_events_only() {
        let slack = "kind = \"slack\"\nurl_secret = \"a\"\n";
        assert!(one(slack).concerns(&event()));
        assert!(one(&format!("{slack}groups = [\"privacy\", \"b\"]")).concerns(&event()));
        assert!(!one(&format!("{slack}groups = [\"b\"]")).concerns(&event()));
        let events = format!("{slack}events = [\"request.done\"]");
        assert!(!one(&events).concerns(&event()));
        assert!(one(&events).concerns(&Event { kind: Kind::Done, ..event() }));
    }

    #[test]
    fn every_mistake_is_told_with_its_line() {
        let text = "[notify.ops]\nkind = \"mail\"\nurl = \"http://a.example\"\nevents = [\"x\"]\n\
             [notify.\"A B\"]\nkind = \"slack\"\nurl = \"https://hooks.example/a\"\n\
             [notify.c]\nkind = \"webhook\"\nurl = \"https://10.0.0.1/\"\nkey = \"whsec_AAAA\"\n\
             [notify.d]\nkind = \"teams\"\nurl_secret = \"a b\"\nkey_secret = \"a\"\ngroups = []\n";
        let said = read(text).unwrap_err();
        let at = |line: usize, what: &str| {
            let start = format!("people.toml:{line}: ");
            assert!(
                said.iter().any(|told| told.starts_with(&start) && told.contains(what)),
                "{what}: {said:#?}"
            );
        };
        for what in ["`kind` is", "the address of a chat", "`events` are"] {
            at(1, what);
        }
        for what in ["a name has", "the address of a chat"] {
            at(5, what);
        }
        at(8, "unknown field `key`");
        for what in ["`key_secret` is for webhooks", "`url_secret`", "`groups`"] {
            at(12, what);
        }
    }

    #[test]
    fn a_key_in_the_file_is_not_repeated_in_its_mistake() {
        let said = read("[notify.a]\nkind = \"webhook\"\nurl_secret = 7\nkey = \"whsec_AAAA\"\n");
        assert!(!said.unwrap_err().concat().contains("whsec_AAAA"));
    }

    #[test]
    fn an_address_within_our_network_is_meant_only_where_it_is_said() {
        let url = |url: &str, private: bool| {
            let text = format!("kind = \"webhook\"\nkey_secret = \"a\"\nurl = \"{url}\"\n");
            read(&format!("[notify.ops]\n{text}private = {private}")).is_ok()
        };
        assert!(url("https://hooks.example/a", false) && url("https://hooks.example/a", true));
        for within in ["https://10.0.0.1/a", "https://127.0.0.1/a", "http://127.0.0.1:8080/a"] {
            assert!(!url(within, false) && url(within, true), "{within}");
        }
        for never in ["http://hooks.example/a", "http://10.0.0.1/", "https://u:p@a.example/", "a"] {
            assert!(!url(never, true), "{never}");
        }
    }
}
