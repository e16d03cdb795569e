//! Reads one entry in a closed world: every member is asked for by name, and there is no other.

use std::{collections::BTreeSet, ops::RangeInclusive};

use serde_json::{Map, Value};

use crate::{Error, LIST_LIMIT};

/// The numbers that JSON carries unharmed from any program to any other (RFC 7493, 2.2).
pub(crate) const NUMBERS: RangeInclusive<u64> = 1..=(1 << 53) - 1;

/// What to say of a member outside of [`NUMBERS`].
pub(crate) const A_NUMBER: &str = "a whole number from 1 to 2^53 - 1";

/// The members of the entry at one place.
#[derive(Clone, Copy)]
pub(crate) struct Members<'v> {
    place: usize,
    members: &'v Map<String, Value>,
}

impl<'v> Members<'v> {
    pub(crate) fn of(place: usize, entry: &'v Value) -> Result<Self, Error> {
        match entry {
            Value::Object(members) => Ok(Self { place, members }),
            _ => Err(Error::Shape { path: format!("[{place}]"), wanted: "an object" }),
        }
    }

    pub(crate) fn place(&self) -> usize {
        self.place
    }

    /// The path of a member.
    pub(crate) fn path(&self, name: &str) -> String {
        format!("[{}].{name}", self.place)
    }

    /// Refuses every member but these.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), Error> {
        let foreign = self.members.keys().filter(|name| !known.contains(&name.as_str())).min();
        foreign.map_or(Ok(()), |name| Err(Error::Unknown { path: self.path(&shown(name)) }))
    }

    /// The word at `name`.
    pub(crate) fn word(&self, name: &str) -> Result<&'v str, Error> {
        let missing = || Error::Missing { path: self.path(name) };
        let wrong = || Error::Shape { path: self.path(name), wanted: "a string" };
        self.members.get(name).ok_or_else(missing)?.as_str().ok_or_else(wrong)
    }

    /// The number at `name`, if there is one.
    pub(crate) fn number(
        &self,
        name: &str,
        range: RangeInclusive<u64>,
        wanted: &'static str,
    ) -> Result<Option<u64>, Error> {
        let wrong = || Error::Shape { path: self.path(name), wanted };
        let within = |value: &Value| value.as_u64().filter(|n| range.contains(n));
        self.members.get(name).map(|value| within(value).ok_or_else(wrong)).transpose()
    }

    /// Whether `name` is set. There is one way to say that it is not: to leave it out.
    pub(crate) fn set(&self, name: &str) -> Result<bool, Error> {
        match self.members.get(name) {
            None => Ok(false),
            Some(Value::Bool(true)) => Ok(true),
            Some(_) => Err(Error::Shape { path: self.path(name), wanted: "`true` or left out" }),
        }
    }

    /// The names at `name`, each read by `read`; `wanted` says what one of them must be.
    pub(crate) fn list<T: Ord>(
        &self,
        name: &str,
        wanted: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<BTreeSet<T>, Error> {
        let missing = || Error::Missing { path: self.path(name) };
        self.list_if_any(name, wanted, read)?.ok_or_else(missing)
    }

    /// As [`Self::list`], for a member that may be left out.
    pub(crate) fn list_if_any<T: Ord>(
        &self,
        name: &str,
        wanted: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<BTreeSet<T>>, Error> {
        let Some(value) = self.members.get(name) else { return Ok(None) };
        let items = self.items(name, value)?;
        let mut list = BTreeSet::new();
        for (n, item) in items.iter().enumerate() {
            let path = || format!("[{}].{name}[{n}]", self.place);
            let item = item.as_str().and_then(&read);
            let item = item.ok_or_else(|| Error::Shape { path: path(), wanted })?;
            if !list.insert(item) {
                return Err(Error::Twice { path: path() });
            }
        }
        Ok(Some(list))
    }

    fn items(&self, name: &str, value: &'v Value) -> Result<&'v [Value], Error> {
        let path = || self.path(name);
        match value {
            Value::Array(items) if items.len() > LIST_LIMIT => {
                Err(Error::Size { path: path(), most: "64 names" })
            }
            Value::Array(items) if !items.is_empty() => Ok(items),
            _ => Err(Error::Shape { path: path(), wanted: "a list of at least one name" }),
        }
    }
}

/// A member's name as it may be told: short, and nothing in it that a terminal would obey.
fn shown(name: &str) -> String {
    name.chars().take(63).flat_map(char::escape_debug).collect()
}
