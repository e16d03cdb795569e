//! The snapshot: everything of one database that the names of a statement may mean.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{Collation, Error, Function, Oid, Operator, Relation, TypeInfo};

/// A snapshot as it was read, not yet checked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    /// The one schema, beside `pg_catalog`, in which unqualified names are looked up.
    pub schema: String,
    /// The server's major version.
    pub major: u32,
    /// Relations of all schemas that the role may use, but for the system's.
    pub relations: Vec<Relation>,
    /// Functions of `pg_catalog` and of the schema.
    pub functions: Vec<Function>,
    /// Operators of `pg_catalog` and of the schema.
    pub operators: Vec<Operator>,
    /// Types of `pg_catalog` and of the schema.
    pub types: Vec<TypeInfo>,
    /// Collations of `pg_catalog` and of the schema.
    pub collations: Vec<Collation>,
    /// Casts made by users, as `source AS target`: they are applied without being written.
    pub casts: Vec<String>,
}

/// What one database consists of, as one role sees it. Made once, read by many requests.
#[derive(Debug)]
pub struct Catalogue {
    schema: String,
    major: u32,
    relations: BTreeMap<Oid, Relation>,
    names: BTreeMap<(String, String), Oid>,
    children: BTreeMap<Oid, Vec<Oid>>,
    functions: BTreeMap<String, Vec<Function>>,
    operators: BTreeMap<String, Vec<Operator>>,
    types: BTreeMap<String, Vec<TypeInfo>>,
    by_type: BTreeMap<Oid, (String, usize)>,
    collations: BTreeMap<String, Vec<Collation>>,
    casts: Vec<String>,
}

impl Catalogue {
    /// Checks a snapshot and orders it.
    ///
    /// # Errors
    /// [`Error::Snapshot`] where two relations share a number or a name, or two columns of one do.
    pub fn of(draft: Draft) -> Result<Self, Error> {
        let mut relations = BTreeMap::new();
        let mut names = BTreeMap::new();
        let mut children: BTreeMap<Oid, Vec<Oid>> = BTreeMap::new();
        for relation in draft.relations {
            check(&relation)?;
            let name = (relation.schema.clone(), relation.name.clone());
            let full = relation.full_name();
            for parent in &relation.parents {
                children.entry(*parent).or_default().push(relation.oid);
            }
            let taken = names.insert(name, relation.oid).is_some();
            if relations.insert(relation.oid, relation).is_some() || taken {
                return Err(Error::Snapshot(format!("`{full}` is in it twice")));
            }
        }
        let types = by_name(draft.types, |a| &a.name);
        let mut by_type = BTreeMap::new();
        for (name, list) in &types {
            by_type.extend(list.iter().enumerate().map(|(at, t)| (t.oid, (name.clone(), at))));
        }
        Ok(Self {
            schema: draft.schema,
            major: draft.major,
            relations,
            names,
            children,
            functions: by_name(draft.functions, |f| &f.name),
            operators: by_name(draft.operators, |o| &o.name),
            types,
            by_type,
            collations: by_name(draft.collations, |c| &c.name),
            casts: draft.casts,
        })
    }

    /// The schema in which unqualified names are looked up.
    #[must_use]
    pub fn schema(&self) -> &str {
        &self.schema
    }

    /// The server's major version.
    #[must_use]
    pub fn major(&self) -> u32 {
        self.major
    }

    /// The relation of exactly this name; without a schema, that of [`Catalogue::schema`].
    #[must_use]
    pub fn relation(&self, schema: Option<&str>, name: &str) -> Option<&Relation> {
        let schema = schema.unwrap_or(&self.schema).to_owned();
        self.numbered(*self.names.get(&(schema, name.to_owned()))?)
    }

    /// The relation of this number.
    #[must_use]
    pub fn numbered(&self, oid: Oid) -> Option<&Relation> {
        self.relations.get(&oid)
    }

    /// All relations, by number.
    pub fn relations(&self) -> impl Iterator<Item = &Relation> {
        self.relations.values()
    }

    /// All functions of this name within reach.
    #[must_use]
    pub fn functions(&self, name: &str) -> &[Function] {
        self.functions.get(name).map_or(&[], Vec::as_slice)
    }

    /// All operators of this name within reach.
    #[must_use]
    pub fn operators(&self, name: &str) -> &[Operator] {
        self.operators.get(name).map_or(&[], Vec::as_slice)
    }

    /// All types of this name within reach.
    #[must_use]
    pub fn types(&self, name: &str) -> &[TypeInfo] {
        self.types.get(name).map_or(&[], Vec::as_slice)
    }

    /// The type of this number.
    #[must_use]
    pub fn type_numbered(&self, oid: Oid) -> Option<&TypeInfo> {
        let (name, at) = self.by_type.get(&oid)?;
        self.types.get(name)?.get(*at)
    }

    /// All collations of this name within reach.
    #[must_use]
    pub fn collations(&self, name: &str) -> &[Collation] {
        self.collations.get(name).map_or(&[], Vec::as_slice)
    }

    /// Casts made by users.
    #[must_use]
    pub fn casts(&self) -> &[String] {
        &self.casts
    }

    /// This relation and all that share rows with it: parents, partitions, children, and theirs.
    #[must_use]
    pub fn family(&self, oid: Oid) -> BTreeSet<Oid> {
        let mut family = BTreeSet::new();
        let mut next = vec![oid];
        while let Some(oid) = next.pop() {
            if family.insert(oid) {
                next.extend(self.numbered(oid).into_iter().flat_map(|r| &r.parents));
                next.extend(self.children.get(&oid).into_iter().flatten());
            }
        }
        family
    }

    /// The relations that this one's rows come from, each with the columns that were mentioned on the
    /// way: a view's query, and the queries of the views in it. 0 stands for a relation as a whole.
    /// Nothing for a table.
    #[must_use]
    pub fn behind(&self, oid: Oid) -> BTreeMap<Oid, BTreeSet<i16>> {
        let mut behind: BTreeMap<Oid, BTreeSet<i16>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        let mut next = vec![oid];
        while let Some(oid) = next.pop() {
            if !seen.insert(oid) {
                continue;
            }
            for found in self.numbered(oid).into_iter().flat_map(|r| &r.rests_on) {
                behind.entry(found.relation).or_default().insert(found.column);
                next.push(found.relation);
            }
        }
        behind.remove(&oid);
        behind
    }
}

fn check(relation: &Relation) -> Result<(), Error> {
    let mut numbers = BTreeSet::new();
    let mut names = BTreeSet::new();
    for column in &relation.columns {
        if !numbers.insert(column.number) || !names.insert(&column.name) || column.number < 1 {
            let full = relation.full_name();
            return Err(Error::Snapshot(format!("`{full}` has column `{}` twice", column.name)));
        }
    }
    Ok(())
}

fn by_name<T>(all: Vec<T>, name: impl Fn(&T) -> &String) -> BTreeMap<String, Vec<T>> {
    let mut by: BTreeMap<String, Vec<T>> = BTreeMap::new();
    for one in all {
        by.entry(name(&one).clone()).or_default().push(one);
    }
    by
}
