//! Relations with their columns, and what views rest on.

use std::collections::{BTreeMap, BTreeSet};

use catalogue::{Attribute, Kind, Oid, Relation, RestsOn};
use tokio_postgres::Row;

use super::get;
use crate::Error;

/// A relation, and whether the role may use the schema that it lies in.
pub(super) struct Found {
    relation: Relation,
    usable: bool,
}

/// All relations of the database but the system's.
pub(super) fn read(
    relations: &[Row],
    columns: &[Row],
    views: &[Row],
    calls: &[Row],
) -> Result<Vec<Found>, Error> {
    let mut columns = by_relation(columns, "relation", column)?;
    let mut rests_on = by_relation(views, "view", |row| {
        Ok(RestsOn { relation: get(row, "relation")?, column: get(row, "number")? })
    })?;
    let mut calls = by_relation(calls, "view", |row| get(row, "function"))?;
    let one = |row: &Row| {
        let mut found = relation(row)?;
        let oid = found.relation.oid;
        found.relation.columns = columns.remove(&oid).unwrap_or_default();
        found.relation.rests_on = rests_on.remove(&oid).unwrap_or_default();
        found.relation.calls = calls.remove(&oid).unwrap_or_default();
        Ok(found)
    };
    relations.iter().map(one).collect()
}

/// Relations in schemas that the role may use, those whose rows they share or show, and so on: the
/// latter cannot be named, and what they are called decides on what tags they carry.
pub(super) fn within_reach(found: Vec<Found>) -> Vec<Relation> {
    let mut kin: BTreeMap<Oid, Vec<Oid>> = BTreeMap::new();
    for Found { relation, .. } in &found {
        for parent in &relation.parents {
            kin.entry(*parent).or_default().push(relation.oid);
            kin.entry(relation.oid).or_default().push(*parent);
        }
        let shown = relation.rests_on.iter().map(|on| on.relation);
        kin.entry(relation.oid).or_default().extend(shown);
    }
    let usable = found.iter().filter(|found| found.usable);
    let mut next: Vec<Oid> = usable.map(|found| found.relation.oid).collect();
    let mut reached = BTreeSet::new();
    while let Some(oid) = next.pop() {
        if reached.insert(oid) {
            next.extend(kin.get(&oid).into_iter().flatten());
        }
    }
    let relations = found.into_iter().map(|found| found.relation);
    relations.filter(|relation| reached.contains(&relation.oid)).collect()
}

fn by_relation<T>(
    rows: &[Row],
    key: &str,
    read: impl Fn(&Row) -> Result<T, Error>,
) -> Result<BTreeMap<Oid, Vec<T>>, Error> {
    let mut by: BTreeMap<Oid, Vec<T>> = BTreeMap::new();
    for row in rows {
        by.entry(get(row, key)?).or_default().push(read(row)?);
    }
    Ok(by)
}

fn relation(row: &Row) -> Result<Found, Error> {
    let rows: Option<i64> = get(row, "rows")?;
    let usable: bool = get(row, "usable")?;
    let readable: bool = get(row, "readable")?;
    let relation = Relation {
        oid: get(row, "oid")?,
        schema: get(row, "schema")?,
        name: get(row, "name")?,
        kind: kind(get(row, "kind")?),
        columns: Vec::new(),
        parents: get(row, "parents")?,
        rests_on: Vec::new(),
        calls: Vec::new(),
        has_rules: get(row, "has_rules")?,
        readable: usable && readable,
        rows: rows.and_then(|rows| u64::try_from(rows).ok()),
        stamp: get(row, "stamp")?,
    };
    Ok(Found { relation, usable })
}

fn kind(letter: &str) -> Kind {
    match letter {
        "r" => Kind::Table,
        "p" => Kind::Partitioned,
        "v" => Kind::View,
        "m" => Kind::Materialized,
        "f" => Kind::Foreign,
        _ => Kind::Other,
    }
}

fn column(row: &Row) -> Result<Attribute, Error> {
    Ok(Attribute {
        number: get(row, "number")?,
        name: get(row, "name")?,
        type_oid: get(row, "type_oid")?,
        type_name: get(row, "type_name")?,
        generated: get(row, "generated")?,
    })
}
