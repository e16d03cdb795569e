//! Which columns are tagged on this database: as configured, and by kinship.
//!
//! Rows are shared along inheritance and partitions, so that a tag holds for the whole family. A view
//! shows rows of other relations under names of its own; one that rests on a tagged column and is not
//! tagged itself is refused, because nobody said which of its columns to mask.

use std::collections::{BTreeMap, BTreeSet};

use catalogue::{Catalogue, FIRST_NORMAL, Kind, Oid};
use policy::Mode;

use crate::{Error, Relation, Scope, names::loose};

/// The tags in force, by relation and column number.
#[derive(Debug, Default)]
pub(crate) struct Tags {
    by: BTreeMap<Oid, BTreeMap<i16, String>>,
    configured: BTreeSet<Oid>,
}

impl Tags {
    /// Finds what is configured in the catalogue.
    ///
    /// # Errors
    /// [`Error::Setup`] for a name that is not there: a misspelt one would leave a column bare.
    pub(crate) fn of(scope: &Scope) -> Result<Self, Error> {
        let on = &*scope.catalogue;
        let mut tags = Self::default();
        for (relation, columns) in &scope.tagged {
            match find(on, relation) {
                Some(oid) => {
                    tags.configured.insert(oid);
                    tags.add(on, oid, relation, columns)?;
                }
                None if visible(on, relation) => return Err(Error::Setup(relation.to_string())),
                None => {}
            }
        }
        Ok(tags)
    }

    fn add(
        &mut self,
        on: &Catalogue,
        oid: Oid,
        relation: &Relation,
        columns: &BTreeMap<String, String>,
    ) -> Result<(), Error> {
        for (name, tag) in columns {
            let mut found = false;
            for kin in on.family(oid) {
                let attributes = on.numbered(kin).into_iter().flat_map(|r| &r.columns);
                for attribute in attributes.filter(|a| loose(&a.name) == loose(name)) {
                    found = true;
                    self.by.entry(kin).or_default().entry(attribute.number).or_insert(tag.clone());
                }
            }
            if !found {
                return Err(Error::Setup(format!("{relation}.{name}")));
            }
        }
        Ok(())
    }

    /// The tag of a column.
    pub(crate) fn tag(&self, relation: Oid, column: i16) -> Option<&str> {
        self.by.get(&relation)?.get(&column).map(String::as_str)
    }

    /// All tagged columns of a relation, by number.
    pub(crate) fn columns(&self, relation: Oid) -> Option<&BTreeMap<i16, String>> {
        self.by.get(&relation)
    }

    /// Holds a relation that a statement names against what stands behind it.
    ///
    /// # Errors
    /// [`Error::View`] for a view whose columns may hold what is tagged elsewhere; [`Error::Base`] for
    /// a tagged relation of a target that serves masked views only.
    pub(crate) fn admit(&self, oid: Oid, scope: &Scope) -> Result<(), Error> {
        let on = &*scope.catalogue;
        let Some(relation) = on.numbered(oid) else { return Ok(()) };
        let served = scope.mode == Mode::Schema && relation.schema == on.schema();
        if scope.mode == Mode::Schema && self.by.contains_key(&oid) && !served {
            return Err(Error::Base(relation.full_name()));
        }
        let view = matches!(relation.kind, Kind::View | Kind::Materialized);
        if self.by.is_empty() || self.configured.contains(&oid) || !view || served {
            return Ok(());
        }
        match self.leaks(on, oid) {
            true => Err(Error::View(relation.full_name())),
            false => Ok(()),
        }
    }

    /// Whether what the planner expects of a relation could tell about tagged values: it is tagged, or
    /// a view that may have been made to mask one.
    pub(crate) fn guards(&self, oid: Oid, scope: &Scope) -> bool {
        let kind = scope.catalogue.numbered(oid).map(|relation| relation.kind);
        let view = matches!(kind, Some(Kind::View | Kind::Materialized));
        self.by.contains_key(&oid) || (view && scope.mode == Mode::Schema)
    }

    /// Whether something tagged stands behind a view, or nobody can tell.
    fn leaks(&self, on: &Catalogue, oid: Oid) -> bool {
        let behind = on.behind(oid);
        let calls = |oid: &Oid| {
            let calls = on.numbered(*oid).map_or(&[] as &[Oid], |relation| &relation.calls);
            calls.iter().any(|function| *function >= FIRST_NORMAL)
        };
        let shown = |relation: Oid, columns: &BTreeSet<i16>| {
            let Some(tagged) = self.by.get(&relation) else { return false };
            columns.contains(&0) || columns.iter().any(|column| tagged.contains_key(column))
        };
        // What cannot be seen cannot be followed either.
        let unseen = |relation: &Oid| on.numbered(*relation).is_none();
        calls(&oid)
            || behind.keys().any(|relation| calls(relation) || unseen(relation))
            || behind.iter().any(|(relation, columns)| shown(*relation, columns))
    }
}

/// Without regard to case: a server with a single-byte encoding folds letters that the parser leaves
/// alone.
fn find(on: &Catalogue, wanted: &Relation) -> Option<Oid> {
    let exact = on.relation(Some(&wanted.schema), &wanted.name).map(|relation| relation.oid);
    exact.or_else(|| {
        let alike = |name: &str, other: &str| loose(name) == loose(other);
        let mut all = on.relations();
        all.find(|r| alike(&r.schema, &wanted.schema) && alike(&r.name, &wanted.name))
            .map(|r| r.oid)
    })
}

/// Whether the role sees the schema at all: where it does not, it cannot read the relation either.
fn visible(on: &Catalogue, relation: &Relation) -> bool {
    on.relations().any(|known| known.schema == relation.schema)
}
