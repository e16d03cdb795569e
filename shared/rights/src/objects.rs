//! Several objects, none of which lies under another.

use std::collections::BTreeSet;

use crate::{Use, object::Object};

// INVARIANT: sorted, and no object contains another. Sorting puts an object right before all that
// lies under it.
/// A set of objects in normal form.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Objects(Vec<Object>);

impl Objects {
    pub(crate) fn of(all: BTreeSet<Object>) -> Self {
        let mut kept: Vec<Object> = Vec::with_capacity(all.len());
        for object in all {
            if !kept.last().is_some_and(|last| last.contains(&object)) {
                kept.push(object);
            }
        }
        Self(kept)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Object> {
        self.0.iter()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first `most` of them.
    pub(crate) fn first(mut self, most: usize) -> Self {
        self.0.truncate(most);
        self
    }

    /// Whether one of these contains the object.
    pub(crate) fn contain(&self, object: &Object) -> bool {
        // What contains it is sorted before it, and nothing that is kept comes between the two.
        let before = self.0.partition_point(|one| one <= object);
        let last = before.checked_sub(1).and_then(|n| self.0.get(n));
        last.is_some_and(|last| last.contains(object))
    }

    /// The first of these that `others` do not contain.
    pub(crate) fn beyond(&self, others: &Self) -> Option<&Object> {
        // Both are sorted, so that one walk along both does: see `contain`.
        let (mut others, mut last) = (others.0.iter().peekable(), None);
        self.0.iter().find(|object| {
            while let Some(next) = others.next_if(|other| other <= object) {
                last = Some(next);
            }
            !last.is_some_and(|last: &Object| last.contains(object))
        })
    }

    /// What lies in both.
    pub(crate) fn meet(&self, other: &Self) -> Self {
        let ours = self.0.iter().filter(|object| other.contain(object));
        let theirs = other.0.iter().filter(|object| self.contain(object));
        Self::of(ours.chain(theirs).cloned().collect())
    }

    /// What lies in either.
    pub(crate) fn join(&self, other: &Self) -> Self {
        Self::of(self.0.iter().chain(&other.0).cloned().collect())
    }

    /// Whether these permit the use. Columns permit it when each that is mentioned is one of them; a
    /// use that mentions none, such as `count(*)`, needs at least one, as in PostgreSQL.
    pub(crate) fn permit(&self, what: &Use<'_>) -> bool {
        let mut columns = BTreeSet::new();
        for object in self.0.iter().filter(|object| object.schema() == what.schema) {
            match (object.relation(), object.column()) {
                (None, _) => return true,
                (Some(relation), None) if relation == what.relation => return true,
                (Some(relation), Some(column)) if relation == what.relation => {
                    columns.insert(column);
                }
                _ => {}
            }
        }
        !columns.is_empty() && what.named().is_some_and(|named| named.is_subset(&columns))
    }

    /// Whether the use comes upon one of these. In doubt it does: letters of either case are the
    /// same here, because a server with a single-byte encoding folds more of them than we do.
    pub(crate) fn touch(&self, what: &Use<'_>) -> bool {
        self.0.iter().any(|object| {
            alike(object.schema(), what.schema)
                && object.relation().is_none_or(|relation| alike(relation, what.relation))
                && object.column().is_none_or(|column| mentions(what, column))
        })
    }
}

fn mentions(what: &Use<'_>, column: &str) -> bool {
    what.named().is_none_or(|named| named.iter().any(|name| alike(name, column)))
}

fn alike(a: &str, b: &str) -> bool {
    a == b || a.to_lowercase() == b.to_lowercase()
}
