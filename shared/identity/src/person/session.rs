//! A person between two requests to a page of ours: what a session keeps of them in our own store.

use request::{Millis, json};
use serde_json::{Map, Value, json};

use super::Person;
use crate::{Error, GroupName, IssuerAlias, Login, Verified, config, text};

impl Person {
    /// What a session keeps of them, good until then. Only our own store is to hold it: whoever can
    /// write it is whoever they like.
    #[must_use]
    pub fn kept(&self, until: Millis) -> Vec<u8> {
        let groups: Vec<&str> = self.groups.iter().map(GroupName::as_str).collect();
        json::canonical(&json!({
            "acr": self.login.acr,
            "auth_time": self.login.auth_time,
            "groups": groups,
            "issuer": self.issuer.as_str(),
            "name": self.name,
            "subject": self.subject,
            "until": until.0,
            "v": 1,
        }))
    }
}

/// Believes what [`Person::kept`] wrote, until its time is over.
///
/// # Errors
/// [`Error::Expired`], or [`Error::Form`] for anything that it did not write.
pub fn recalled(bytes: &[u8], now: Millis) -> Result<Verified<Person>, Error> {
    let Ok(Value::Object(members)) = json::strict(bytes, DEPTH) else { return Err(UNREADABLE) };
    let (person, until) = read(&members).ok_or(UNREADABLE)?;
    if until <= now.0 {
        return Err(Error::Expired);
    }
    Ok(Verified::proven(person))
}

fn read(members: &Map<String, Value>) -> Option<(Person, u64)> {
    if members.len() != MEMBERS || members.get("v") != Some(&json!(1)) {
        return None;
    }
    let word = |name: &str| members.get(name)?.as_str().filter(|text| text::names_somebody(text));
    let own = |text: &str| config::is_own_name(text).then(|| text.to_owned());
    let groups = members.get("groups")?.as_array()?.iter();
    let person = Person {
        issuer: IssuerAlias::new(own(word("issuer")?)?),
        subject: word("subject")?.to_owned(),
        name: optional(members, "name")?,
        groups: groups
            .map(|name| own(name.as_str()?).map(GroupName::new))
            .collect::<Option<_>>()?,
        login: Login {
            auth_time: Some(members.get("auth_time")?.as_u64()?),
            acr: optional(members, "acr")?,
        },
        proof: None,
    };
    Some((person, members.get("until")?.as_u64()?))
}

/// A text or null; `None` for anything else.
fn optional(members: &Map<String, Value>, name: &str) -> Option<Option<String>> {
    match members.get(name)? {
        Value::Null => Some(None),
        Value::String(text) if text::names_somebody(text) => Some(Some(text.clone())),
        _ => None,
    }
}

/// The object, and the list of groups in it.
const DEPTH: usize = 2;
/// As many as [`Person::kept`] writes.
const MEMBERS: usize = 8;
const UNREADABLE: Error = Error::Form("it is not what a session keeps");
