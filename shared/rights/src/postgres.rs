//! An entry of type `postgres`: what may be done to which objects of which databases.

use std::collections::BTreeSet;

use request::TargetName;
use serde_json::{Map, Value};

use crate::{
    Action, Asked, Bounds, Error, members::Members, object::Object, objects::Objects, place::Place,
    span::Span,
};

/// The members that an entry may have.
const KNOWN: [&str; 12] = [
    "type",
    "locations",
    "actions",
    "objects",
    "except",
    "masked",
    "approval",
    "max_rows",
    "max_bytes",
    "timeout_ms",
    "not_before",
    "not_after",
];

/// One entry. It allows what all of its members allow.
// Entries sort by their bounds first: see `Bounds`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Postgres {
    pub(crate) bounds: Bounds,
    pub(crate) span: Span,
    pub(crate) locations: BTreeSet<TargetName>,
    pub(crate) actions: BTreeSet<Action>,
    pub(crate) objects: Objects,
    pub(crate) except: Objects,
    pub(crate) place: Place,
}

impl Postgres {
    pub(crate) fn read(members: &Members<'_>) -> Result<Self, Error> {
        members.only(&KNOWN)?;
        let target = |text: &str| TargetName::new(text).ok();
        let actions = "`delete`, `insert`, `select` or `update`";
        let objects = members.list("objects", Object::WANTED, Object::parse)?;
        let except = members.list_if_any("except", Object::WANTED, Object::parse)?;
        Ok(Self {
            bounds: Bounds::read(members)?,
            span: Span::read(members)?,
            locations: members.list("locations", "the name of a target", target)?,
            actions: members.list("actions", actions, Action::named)?,
            objects: Objects::of(objects),
            except: Objects::of(except.unwrap_or_default()),
            place: Place(members.place()),
        })
    }

    pub(crate) fn to_json(&self) -> Value {
        let mut entry = Map::new();
        entry.insert("type".into(), "postgres".into());
        entry.insert("locations".into(), list(&self.locations));
        entry.insert("actions".into(), list(&self.actions));
        entry.insert("objects".into(), list(self.objects.iter()));
        if !self.except.is_empty() {
            entry.insert("except".into(), list(self.except.iter()));
        }
        if !self.bounds.masked.is_empty() {
            entry.insert("masked".into(), list(&self.bounds.masked));
        }
        if self.bounds.approval {
            entry.insert("approval".into(), true.into());
        }
        let ends = [("not_before", self.span.not_before), ("not_after", self.span.not_after)];
        for (name, number) in self.bounds.limits().into_iter().chain(ends) {
            entry.extend(number.map(|n| (name.to_owned(), n.into())));
        }
        Value::Object(entry)
    }

    /// Whether this entry alone allows all of it.
    pub(crate) fn allows(&self, asked: &Asked<'_>) -> bool {
        self.names(asked.target)
            && !asked.actions.is_empty()
            && asked.actions.is_subset(&self.actions)
            && self.span.holds(asked.at)
            && asked.uses.iter().all(|what| self.objects.permit(what))
            && !asked.uses.iter().any(|what| self.except.touch(what))
    }

    pub(crate) fn names(&self, target: &str) -> bool {
        self.locations.iter().any(|name| name.as_str() == target)
    }
}

fn list<T: ToString>(items: impl IntoIterator<Item = T>) -> Value {
    items.into_iter().map(|item| Value::String(item.to_string())).collect()
}
