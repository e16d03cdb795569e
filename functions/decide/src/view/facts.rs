//! What a statement touches, relation by relation.

use std::collections::BTreeSet;

use approvals::Resolved;

use crate::text::Foreign;

/// One relation, and what is done with it.
pub(crate) struct Relation {
    pub(crate) name: Foreign,
    pub(crate) read: bool,
    pub(crate) changed: bool,
    /// All of its rows are.
    pub(crate) unfiltered: bool,
    /// The columns that are used, each with its tag where it has one.
    pub(crate) columns: Vec<(Foreign, Option<String>)>,
}

/// Those that are changed first, then those that are read.
pub(crate) fn relations(facts: &Resolved) -> Vec<Relation> {
    let names: BTreeSet<&String> =
        facts.reads.iter().chain(&facts.writes).chain(facts.columns.keys()).collect();
    let mut all: Vec<Relation> = names.into_iter().map(|name| relation(name, facts)).collect();
    all.sort_by_key(|relation| !relation.changed);
    all
}

fn relation(name: &String, facts: &Resolved) -> Relation {
    let tags = facts.tagged.get(name);
    let column = |column: &String| {
        let tag = tags.and_then(|tags| tags.get(column)).cloned();
        (Foreign::new(column.as_str()), tag)
    };
    Relation {
        name: Foreign::new(name.as_str()),
        read: facts.reads.contains(name),
        changed: facts.writes.contains(name),
        unfiltered: facts.unfiltered.contains(name),
        columns: facts.columns.get(name).into_iter().flatten().map(column).collect(),
    }
}
