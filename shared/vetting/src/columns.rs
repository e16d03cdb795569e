//! Which columns are mentioned, where, and whether a tagged one is among them.
//!
//! Without a catalogue a bare name may belong to any relation of the statement, so that it counts as
//! tagged as soon as one of them has a tagged column of that name.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use crate::{
    Error, Relation, builtin, functions,
    names::loose,
    notes::{Columns, Mention, Notes, Place, Range, Source},
};

/// What was found out about the columns of a statement.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) columns: BTreeSet<String>,
    pub(crate) qualified: BTreeSet<(Option<Relation>, String)>,
    pub(crate) tags: BTreeSet<String>,
    pub(crate) tagged_in_scope: bool,
}

/// Holds every mention of a column against the tags.
///
/// # Errors
/// The first mention that could show, compare or compute with a tagged column.
pub(crate) fn judge(notes: &Notes<'_>) -> Result<Found, Error> {
    let judge = Judge::new(notes);
    judge.clauses()?;
    let mut found = Found { tagged_in_scope: judge.all.tagged, ..Found::default() };
    for mention in &notes.mentions {
        judge.mention(mention, &mut found)?;
    }
    for (holder, name) in &notes.fields {
        judge.field(*holder, name, &mut found)?;
    }
    judge.result(&found)?;
    found.columns.extend(notes.columns.iter().cloned());
    Ok(found)
}

/// What several ranges have in common that cannot be told apart. Made once, so that a statement with
/// thousands of ranges and mentions takes no longer than its length.
#[derive(Debug, Default)]
struct Group {
    /// Whether one of them is a tagged relation.
    tagged: bool,
    /// Whether one of them is a relation at all.
    relation: bool,
    /// By the loose name of a column, the tags it may have.
    tags: BTreeMap<String, BTreeSet<String>>,
}

impl Group {
    fn add(&mut self, range: &Range<'_>) {
        self.relation |= matches!(range.source, Source::Relation(..));
        let Some(tags) = range.tags() else { return };
        self.tagged = true;
        for (column, tag) in tags {
            if !self.tags.get(column).is_some_and(|known| known.contains(tag)) {
                self.tags.entry(column.clone()).or_default().insert(tag.clone());
            }
        }
    }
}

/// The ranges with exactly this name, for the catalogue's sake.
struct Exact<'n, 't> {
    /// The relation that all of them are, if they are one.
    relation: Option<&'n Relation>,
    /// Columns that all of them are known to have.
    known: Columns<'t>,
}

struct Judge<'n, 't> {
    notes: &'n Notes<'t>,
    all: Group,
    by_level: BTreeMap<usize, Group>,
    by_name: BTreeMap<String, Group>,
    exactly: BTreeMap<&'t str, Exact<'n, 't>>,
}

impl<'n, 't> Judge<'n, 't> {
    fn new(notes: &'n Notes<'t>) -> Self {
        let (all, by_level, by_name) = Default::default();
        let mut judge = Self { notes, all, by_level, by_name, exactly: BTreeMap::new() };
        for range in &notes.ranges {
            judge.all.add(range);
            judge.by_level.entry(range.level).or_default().add(range);
            judge.by_name.entry(loose(range.name)).or_default().add(range);
            judge.add_exactly(range);
        }
        judge
    }

    fn add_exactly(&mut self, range: &'n Range<'t>) {
        let relation = match &range.source {
            Source::Made => None,
            Source::Relation(relation, _) => Some(relation),
        };
        match self.exactly.get_mut(range.name) {
            None => {
                let known = Rc::clone(&range.known);
                self.exactly.insert(range.name, Exact { relation, known });
            }
            Some(exact) => {
                exact.known = both(&exact.known, &range.known);
                if exact.relation != relation {
                    exact.relation = None;
                }
            }
        }
    }

    /// Clauses that compare or rename columns without mentioning them.
    fn clauses(&self) -> Result<(), Error> {
        if !self.all.tagged {
            return Ok(());
        }
        if self.notes.natural {
            return Err(Error::Natural);
        }
        if let Some(name) = self.notes.using.iter().find(|name| self.is_tagged(name)) {
            return Err(Error::Tagged((*name).to_owned()));
        }
        for (alias, inside) in &self.notes.joins {
            let ranges = self.notes.ranges.get(inside.clone()).unwrap_or_default();
            if ranges.iter().any(|range| range.tags().is_some()) {
                return Err(Error::Renamed((*alias).to_owned()));
            }
        }
        self.conflict()
    }

    /// ON CONFLICT compares what is stored with what is offered.
    fn conflict(&self) -> Result<(), Error> {
        let Some(compared) = &self.notes.conflict else { return Ok(()) };
        if !self.by_name.get("excluded").is_some_and(|target| target.tagged) {
            return Ok(());
        }
        let tagged = compared.columns.iter().any(|name| self.is_tagged(name));
        if tagged || !compared.plain { Err(Error::Conflict) } else { Ok(()) }
    }

    /// Whether a tagged relation of the statement has a tagged column of this name.
    fn is_tagged(&self, name: &str) -> bool {
        self.all.tags.contains_key(&loose(name))
    }

    /// What a qualifier may stand for: anything there is if nothing has that name.
    fn named(&self, holder: &str) -> &Group {
        self.by_name.get(&loose(holder)).unwrap_or(&self.all)
    }

    fn mention(&self, mention: &Mention<'t>, found: &mut Found) -> Result<(), Error> {
        match (mention.parts.as_slice(), mention.star) {
            ([], _) => star(self.by_level.get(&mention.level), mention.place, found),
            ([.., holder], true) => star(Some(self.named(holder)), mention.place, found),
            ([name], false) => self.bare(name, mention.place, found),
            ([.., holder, name], false) => {
                self.qualified(Some(*holder), name, found)?;
                self.column(self.named(holder), name, mention.place, found)
            }
        }
    }

    fn bare(&self, name: &str, place: Place<'_>, found: &mut Found) -> Result<(), Error> {
        if let Some(row) = self.by_name.get(&loose(name)) {
            if row.tagged {
                return Err(Error::Row(name.to_owned()));
            }
            if row.relation {
                found.columns.insert("*".into());
            }
        }
        found.columns.insert(name.to_owned());
        self.column(&self.all, name, place, found)
    }

    /// A column of one of these, which may be tagged there.
    fn column(
        &self,
        holders: &Group,
        name: &str,
        place: Place<'_>,
        found: &mut Found,
    ) -> Result<(), Error> {
        let plain = loose(name);
        if self.all.tagged && builtin::system_column(&plain) {
            return Err(Error::Hidden(name.to_owned()));
        }
        match (holders.tags.get(&plain), place) {
            (None, _) => Ok(()),
            (Some(tags), Place::Shown(_)) => {
                found.tags.extend(tags.iter().cloned());
                Ok(())
            }
            (Some(_), Place::Inside | Place::Ordering) => Err(Error::Tagged(name.to_owned())),
        }
    }

    /// `(x).name`, where `x` may be the name of a row.
    fn field(&self, holder: Option<&str>, name: &str, found: &mut Found) -> Result<(), Error> {
        self.qualified(holder, name, found)?;
        self.column(&self.all, name, Place::Inside, found)
    }

    /// A name after a dot, which PostgreSQL takes for a function where it finds no such column.
    fn qualified(&self, holder: Option<&str>, name: &str, found: &mut Found) -> Result<(), Error> {
        let of_tagged = holder.is_some_and(|holder| self.named(holder).tagged);
        let plain = loose(name);
        if plain.starts_with("pg_") || (of_tagged && functions::takes_rows(&plain)) {
            return Err(Error::Notation(name.to_owned()));
        }
        found.columns.insert(name.to_owned());
        let exact = holder.and_then(|holder| self.exactly.get(holder));
        if !exact.is_some_and(|exact| exact.known.contains(name)) {
            let relation = exact.and_then(|exact| exact.relation).cloned();
            found.qualified.insert((relation, name.to_owned()));
        }
        Ok(())
    }

    /// What must not happen to a result that shows tagged columns.
    fn result(&self, found: &Found) -> Result<(), Error> {
        if found.tags.is_empty() {
            return Ok(());
        }
        if self.notes.distinct {
            return Err(Error::Distinct);
        }
        if self.notes.position {
            return Err(Error::Position);
        }
        let aliases: BTreeSet<_> =
            self.notes.mentions.iter().filter_map(|mention| self.shown_as(mention)).collect();
        let ordering = self.notes.mentions.iter().filter(|m| m.place == Place::Ordering);
        let mut names = ordering.filter_map(|mention| match mention.parts.as_slice() {
            [name] if !mention.star => Some(*name),
            _ => None,
        });
        match names.find(|name| aliases.contains(&loose(name))) {
            Some(name) => Err(Error::Tagged(name.to_owned())),
            None => Ok(()),
        }
    }

    /// The name under which a tagged column is in the result, if it was given one.
    fn shown_as(&self, mention: &Mention<'_>) -> Option<String> {
        let Place::Shown(alias) = mention.place else { return None };
        let name = mention.parts.last()?;
        (self.is_tagged(name) && !alias.is_empty()).then(|| loose(alias))
    }
}

/// The columns in both. Of many, none: to know fewer is safe, and comparing them would take long.
fn both<'t>(one: &Columns<'t>, other: &Columns<'t>) -> Columns<'t> {
    if Rc::ptr_eq(one, other) {
        return Rc::clone(one);
    }
    if one.len().max(other.len()) > MANY {
        return Columns::default();
    }
    Rc::new(one.intersection(other).copied().collect())
}

/// All columns of these, which may carry tagged ones along.
fn star(carried: Option<&Group>, place: Place<'_>, found: &mut Found) -> Result<(), Error> {
    found.columns.insert("*".into());
    match (carried, place) {
        (None, _) => Ok(()),
        (Some(group), Place::Shown(_)) => {
            found.tags.extend(group.tags.values().flatten().cloned());
            Ok(())
        }
        (Some(group), _) if group.tagged => Err(Error::Star),
        (Some(_), _) => Ok(()),
    }
}

const MANY: usize = 64;
