//! The proof that a text is the statement that was asked, with all of it masked that must be.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use catalogue::{Oid, Resolved, Source};
use pg_query::{
    Node, NodeEnum,
    protobuf::{self, ParseResult},
};

use super::{
    Error,
    canon::{self, Named, Names, Swap, Swaps},
    parse,
};
use crate::masks::Replacement;

/// Proves that `masked` is the statement in `tree` but for the relations in `replaced`: these stand
/// in it as their masking selects wherever they are read, and nowhere else but as what is written.
/// Returns its tree.
///
/// # Errors
/// [`Error`]: it is not, or it cannot be told.
pub(crate) fn prove(
    masked: &str,
    tree: &ParseResult,
    resolved: &Resolved,
    replaced: &BTreeMap<Oid, Replacement>,
) -> Result<ParseResult, Error> {
    let swaps = swaps(resolved, replaced)?;
    let (expected, names) = canon::swapped(tree, &swaps)?;
    complete(&names, resolved, replaced)?;
    unambiguous(&names, resolved, replaced)?;
    let again = parse(masked)?;
    match canon::plain(&again)? == expected {
        true => Ok(again),
        false => Err(Error::Differs),
    }
}

fn swaps(resolved: &Resolved, replaced: &BTreeMap<Oid, Replacement>) -> Result<Swaps, Error> {
    let mut swaps = Swaps::default();
    let mut read = BTreeMap::new();
    for source in resolved.sources.iter().filter(|source| !source.written) {
        let Some(by) = replaced.get(&source.relation) else { continue };
        let select = match read.get(&(source.relation, source.only)) {
            Some(select) => Rc::clone(select),
            None => select(by, source.only)?.into(),
        };
        read.insert((source.relation, source.only), Rc::clone(&select));
        let (schema, name) = (by.schema().to_owned(), by.name().to_owned());
        let swap = Swap { schema, name, only: source.only, select };
        if swaps.relations.insert(place(source.at)?, swap).is_some() {
            return Err(Error::Place);
        }
    }
    for column in &resolved.qualified {
        let Some(by) = replaced.get(&column.relation) else { continue };
        let names = (part(by.schema())?, part(by.name())?);
        swaps.columns.insert(place(column.at)?, names);
    }
    Ok(swaps)
}

fn place(at: usize) -> Result<i64, Error> {
    i64::try_from(at).map_err(|_| Error::Place)
}

/// The bytes of a replacement's select, parsed by itself.
fn select(by: &Replacement, only: bool) -> Result<Vec<u8>, Error> {
    let tree = parse(&by.select(only))?;
    let [only] = tree.stmts.as_slice() else { return Err(Error::Differs) };
    match &only.stmt {
        Some(node) if matches!(node.node, Some(NodeEnum::SelectStmt(_))) => canon::plain(&**node),
        _ => Err(Error::Differs),
    }
}

/// The bytes of one part of a name.
fn part(name: &str) -> Result<Vec<u8>, Error> {
    canon::plain(&Node { node: Some(NodeEnum::String(protobuf::String { sval: name.into() })) })
}

/// Holds every mention of a relation that is to be masked against the places where it was found, by its
/// name alone and so without relying on who resolved it.
fn complete(
    names: &Names,
    resolved: &Resolved,
    replaced: &BTreeMap<Oid, Replacement>,
) -> Result<(), Error> {
    let places: BTreeSet<_> =
        resolved.sources.iter().filter_map(|source| place(source.at).ok()).collect();
    for named in names.relations.iter().filter(|named| !places.contains(&named.at)) {
        // Unless it is one of the relations, it can only be a WITH query.
        let query = named.schema.is_empty() && names.queries.contains(&named.name);
        if !query && replaced.values().any(|by| may_be(named, by)) {
            return Err(Error::Missed(named.name.clone()));
        }
    }
    Ok(())
}

fn may_be(named: &Named, by: &Replacement) -> bool {
    named.name == by.name() && (named.schema.is_empty() || named.schema == by.schema())
}

/// Sees to it that a column which loses its schema still belongs to the same relation: nothing else in
/// the statement may go by that relation's name.
fn unambiguous(
    names: &Names,
    resolved: &Resolved,
    replaced: &BTreeMap<Oid, Replacement>,
) -> Result<(), Error> {
    for column in &resolved.qualified {
        let Some(name) = replaced.get(&column.relation).map(Replacement::name) else { continue };
        let other = |source: &Source| source.name == name && source.relation != column.relation;
        if names.others.contains(name)
            || names.queries.contains(name)
            || resolved.sources.iter().any(other)
        {
            return Err(Error::Clash(name.to_owned()));
        }
    }
    Ok(())
}
