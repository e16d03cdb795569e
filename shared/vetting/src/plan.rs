//! What is sent in place of a statement, so that it reads what is masked already.

use std::collections::BTreeMap;

use catalogue::{Attribute, How, Oid, Relation, Resolved, Use};
use pg_query::protobuf::ParseResult;
use policy::{Duties, Mask, Mode, Permit, Usage};
use request::Params;

use crate::{
    Error, Scope, judge,
    masks::{Key, KeyParameters, Replacement},
    read::Found,
    rewrite,
};

/// What is sent, and what it takes.
pub(crate) struct Plan {
    pub(crate) sent: String,
    pub(crate) key_parameters: bool,
    pub(crate) masked_outputs: Vec<bool>,
}

/// A statement as it was asked.
#[derive(Clone, Copy)]
pub(crate) struct Body<'a> {
    pub(crate) text: &'a str,
    /// Its tree, where it is at hand.
    pub(crate) tree: Option<&'a ParseResult>,
}

impl Body<'_> {
    fn rewrite(
        self,
        resolved: &Resolved,
        replaced: &BTreeMap<Oid, Replacement>,
    ) -> Result<String, rewrite::Error> {
        match self.tree {
            Some(tree) => rewrite::rewrite(self.text, tree, resolved, replaced),
            None => rewrite::rewrite(self.text, &rewrite::parse(self.text)?, resolved, replaced),
        }
    }
}

/// A statement that the planner may be asked about.
pub struct Estimable<'a> {
    /// Its text.
    pub sent: String,
    /// The values of its own parameters.
    pub params: &'a Params,
}

/// The plan for a statement under the duties that policy attached to it.
///
/// # Errors
/// [`Error`]: a use that the duties do not permit, or a statement that cannot be rewritten.
pub(crate) fn of(
    found: &Found,
    body: Body<'_>,
    permit: &Permit,
    scope: &Scope,
) -> Result<Plan, Error> {
    let duties = permit.duties();
    let masked_outputs = masked_outputs(found, duties);
    if found.reading.mode != Mode::Source {
        let sent = body.text.to_owned();
        return Ok(Plan { sent, key_parameters: false, masked_outputs });
    }
    judge::permitted(&found.resolved.uses, &found.tags, duties, scope)?;
    let groups = Groups::of(found, duties);
    let shown = |relation, column| {
        let tag = found.tags.tag(relation, column)?;
        let mask = if groups.raw(relation, column) { Mask::Bare } else { duties.mask(tag) };
        Some((mask, tag))
    };
    let key = match permit.target().mask_key {
        Some(_) => Key::Parameters(KeyParameters::after(found.reading.parameters)),
        None => Key::Absent,
    };
    let (mut sent, key_parameters) = masked(found, body, scope, &shown, key)?;
    if let Some(least) = groups.least {
        let columns = groups.names(scope);
        sent = rewrite::at_least_of(&sent, least, &columns).map_err(rewritten)?;
    }
    Ok(Plan { sent, key_parameters, masked_outputs })
}

/// The statement with every tag redacted: nothing that is expected of it tells about a value.
pub(crate) fn estimable<'a>(
    found: &Found,
    body: Body<'_>,
    params: &'a Params,
    scope: &Scope,
) -> Result<Estimable<'a>, Error> {
    let redacted = |relation, column| Some((Mask::Redact, found.tags.tag(relation, column)?));
    let sent = match found.reading.mode {
        Mode::Source => masked(found, body, scope, &redacted, Key::Absent)?.0,
        Mode::Result | Mode::Schema => body.text.to_owned(),
    };
    Ok(Estimable { sent, params })
}

type Shown<'t> = dyn Fn(Oid, i16) -> Option<(Mask, &'t str)> + 't;

/// The statement with each tagged relation replaced by a masking sub-select, proven to be just that;
/// and whether it takes the key.
fn masked(
    found: &Found,
    body: Body<'_>,
    scope: &Scope,
    shown: &Shown<'_>,
    key: Key<'_>,
) -> Result<(String, bool), Error> {
    let mut replaced = BTreeMap::new();
    for relation in tagged(found, scope) {
        let mask = |attribute: &Attribute| shown(relation.oid, attribute.number);
        replaced.insert(relation.oid, Replacement::of(relation, &mask, &key));
    }
    if replaced.is_empty() {
        return Ok((body.text.to_owned(), false));
    }
    let keyed = replaced.values().any(Replacement::keyed);
    let prove = |replaced: &_| body.rewrite(&found.resolved, replaced);
    let sent = found.proven.or_prove(replaced, prove).map_err(rewritten)?;
    Ok((sent, keyed))
}

/// The tagged relations that are read.
fn tagged<'s>(found: &Found, scope: &'s Scope) -> impl Iterator<Item = &'s Relation> {
    let read = found.resolved.sources.iter().filter(|source| !source.written);
    let read = read.filter(|source| found.tags.columns(source.relation).is_some());
    read.filter_map(|source| scope.catalogue.numbered(source.relation))
}

fn rewritten(error: rewrite::Error) -> Error {
    Error::Rewritten(error.kind())
}

fn masked_outputs(found: &Found, duties: &Duties) -> Vec<bool> {
    let hidden = |(relation, column): &(Oid, i16)| {
        let tag = found.tags.tag(*relation, *column);
        tag.is_some_and(|tag| duties.mask(tag) != Mask::Bare)
    };
    let outputs = found.resolved.outputs.iter();
    outputs.map(|output| output.lineage.columns.iter().any(hidden)).collect()
}

/// Columns that are aggregated over enough rows to be shown so, as they are.
struct Groups {
    raw: Vec<(Oid, i16)>,
    /// How many rows each group must have.
    least: Option<u32>,
}

impl Groups {
    /// Only in a plain select from one relation: a join could repeat one row as often as is wanted.
    fn of(found: &Found, duties: &Duties) -> Self {
        let mut groups = Self { raw: Vec::new(), least: None };
        let first = found.resolved.sources.first().filter(|_| found.plain);
        let Some(relation) = first.map(|source| source.relation) else { return groups };
        for (column, tag) in found.tags.columns(relation).into_iter().flatten() {
            let Usage::Group(least) = duties.usage(tag) else { continue };
            let mut uses = found.resolved.uses.iter().filter(|used| concerns(used, *column));
            if uses.clone().next().is_some() && uses.all(averages) {
                groups.raw.push((relation, *column));
                groups.least = groups.least.max(Some(least));
            }
        }
        groups
    }

    /// The names of the columns, each of which must have so many values in a group that are not NULL.
    fn names<'s>(&self, scope: &'s Scope) -> Vec<&'s str> {
        let found = self.raw.iter().filter_map(|(oid, column)| {
            let relation = scope.catalogue.numbered(*oid)?;
            relation.numbered(*column).map(|column| column.name.as_str())
        });
        found.collect()
    }

    fn raw(&self, relation: Oid, column: i16) -> bool {
        self.raw.contains(&(relation, column))
    }
}

fn concerns(used: &Use, column: i16) -> bool {
    used.column == column || used.column == 0
}

/// An aggregate that no single row can be read out of, among enough of them.
fn averages(used: &Use) -> bool {
    let How::Aggregate(name) = &used.how else { return false };
    used.straight && AVERAGES.split_whitespace().any(|known| known == name)
}

const AVERAGES: &str = "avg count stddev stddev_pop stddev_samp sum var_pop var_samp variance";
