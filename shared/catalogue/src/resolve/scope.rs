//! What can be named at one place of a statement: ranges with their columns, level by level.

use std::{
    borrow::Cow,
    cell::Cell,
    collections::{HashMap, hash_map::Entry},
    rc::Rc,
};

use crate::{
    Error, Kind, Oid, Relation,
    resolve::flow::{Flow, Id},
};

/// One column of a range.
#[derive(Clone, Debug)]
pub(super) struct Column<'a> {
    pub(super) name: Cow<'a, str>,
    /// What it is made of; nothing for a constant.
    pub(super) piece: Option<Id>,
    /// For a derived column, where it is noted that somebody mentioned it.
    pub(super) mark: Option<usize>,
    /// Whether a range of which not all is known may be without it.
    pub(super) guessed: bool,
}

impl<'a> Column<'a> {
    /// A column that nobody has to have mentioned.
    pub(super) fn plain(name: Cow<'a, str>, piece: Option<Id>) -> Self {
        Self { name, piece, mark: None, guessed: false }
    }
}

/// The columns of a range, in their order and by their names.
#[derive(Debug, Default)]
pub(super) struct Columns<'a> {
    pub(super) list: Vec<Column<'a>>,
    /// The first of each name, and whether there are others.
    by_name: HashMap<Cow<'a, str>, (usize, bool)>,
}

impl<'a> Columns<'a> {
    pub(super) fn of(list: Vec<Column<'a>>) -> Self {
        let mut by_name = HashMap::with_capacity(list.len());
        for (at, column) in list.iter().enumerate() {
            match by_name.entry(column.name.clone()) {
                Entry::Occupied(mut known) => *known.get_mut() = (at, true),
                Entry::Vacant(new) => drop(new.insert((at, false))),
            }
        }
        Self { list, by_name }
    }

    /// The one column of this name.
    pub(super) fn named(&self, name: &str) -> Result<Option<usize>, Error> {
        match self.by_name.get(name) {
            Some((_, true)) => Err(Error::Ambiguous(name.to_owned())),
            found => Ok(found.map(|(at, _)| *at)),
        }
    }
}

/// Something in FROM that has columns.
#[derive(Debug)]
pub(super) struct Range<'a> {
    pub(super) name: Option<&'a str>,
    pub(super) columns: Rc<Columns<'a>>,
    /// The relation that it is.
    pub(super) relation: Option<&'a Relation>,
    pub(super) aliased: bool,
    /// Whether it may have other columns than these: those of a type that is not known.
    pub(super) open: bool,
    /// The piece that its whole row is, once somebody mentioned it.
    pub(super) row: Cell<Option<Id>>,
}

impl<'a> Range<'a> {
    /// A range that is no relation.
    pub(super) fn made(name: Option<&'a str>, columns: Rc<Columns<'a>>) -> Self {
        Self { name, columns, relation: None, aliased: true, open: false, row: Cell::new(None) }
    }

    /// The relation whose system columns can be had.
    fn system(&self) -> Option<&'a Relation> {
        let has = |kind| matches!(kind, Kind::Table | Kind::Partitioned | Kind::Materialized);
        self.relation.filter(|relation| has(relation.kind))
    }

    /// The column of this name, one of the system's among them.
    pub(super) fn column(&self, name: &str) -> Result<Option<Hit>, Error> {
        if let Some(at) = self.columns.named(name)? {
            return Ok(Some(Hit::Column(at)));
        }
        let system = self.system().zip(system_column(name));
        Ok(system.map(|(relation, number)| Hit::System(relation.oid, number)))
    }

    /// Whether a column that was found may be missing.
    pub(super) fn guessed(&self, hit: Hit) -> bool {
        let Hit::Column(at) = hit else { return false };
        self.columns.list.get(at).is_some_and(|column| column.guessed)
    }

    /// Whether it is this relation under its own name.
    fn plainly(&self) -> Option<Oid> {
        self.relation.map(|relation| relation.oid).filter(|_| !self.aliased)
    }
}

/// What a name is in a range.
#[derive(Clone, Copy, Debug)]
pub(super) enum Hit {
    Column(usize),
    System(Oid, i16),
}

/// The numbers of PostgreSQL's `sysattr.h`.
fn system_column(name: &str) -> Option<i16> {
    Some(match name {
        "ctid" => -1,
        "xmin" => -2,
        "cmin" => -3,
        "xmax" => -4,
        "cmax" => -5,
        "tableoid" => -6,
        _ => return None,
    })
}

/// A range, and how it can be named.
#[derive(Clone, Debug)]
pub(super) struct Item<'a> {
    pub(super) range: Rc<Range<'a>>,
    /// Whether its name can stand before a column's.
    pub(super) by_name: bool,
    /// Whether its columns can be had without its name.
    pub(super) by_column: bool,
}

impl<'a> Item<'a> {
    pub(super) fn new(range: Range<'a>) -> Self {
        let by_name = range.name.is_some();
        Self { range: Rc::new(range), by_name, by_column: true }
    }
}

/// A range that was found, and what the name is in it.
pub(super) type Found<'a> = (Rc<Range<'a>>, Hit);

/// Ranges that come into view together.
#[derive(Debug, Default)]
pub(super) struct Frame<'a> {
    pub(super) items: Vec<Item<'a>>,
    /// Whether only what is LATERAL sees them.
    pub(super) lateral: bool,
    /// Whether that may then use them.
    pub(super) usable: bool,
    names: HashMap<&'a str, Vec<usize>>,
    /// By a column's name, the lists of columns that have it, as the items with the first and, if there
    /// is one, another such list.
    columns: HashMap<Cow<'a, str>, (usize, bool)>,
    /// By a list of columns, whether several items share it.
    shared: HashMap<*const Columns<'a>, bool>,
    /// The first item with system columns, and whether there are others.
    system: Option<(usize, bool)>,
    indexed: usize,
}

impl<'a> Frame<'a> {
    pub(super) fn lateral(usable: bool) -> Self {
        Self { lateral: true, usable, ..Self::default() }
    }

    /// Makes them visible to all.
    pub(super) fn open(&mut self) {
        (self.lateral, self.usable) = (false, true);
    }

    /// Puts these beside what is there.
    pub(super) fn extend(&mut self, items: Vec<Item<'a>>) {
        for item in items {
            if let Some(name) = item.range.name.filter(|_| item.by_name) {
                self.names.entry(name).or_default().push(self.items.len());
            }
            self.items.push(item);
        }
    }

    /// Refuses names that are taken, but for two relations of different schemas.
    pub(super) fn refuse_twice(&self, items: &[Item<'a>]) -> Result<(), Error> {
        for item in items.iter().filter(|item| item.by_name) {
            let Some(name) = item.range.name else { continue };
            for known in self.named(name) {
                match (known.plainly(), item.range.plainly()) {
                    (Some(one), Some(other)) if one != other => {}
                    _ => return Err(Error::Twice(name.to_owned())),
                }
            }
        }
        Ok(())
    }

    fn named(&self, name: &str) -> impl Iterator<Item = &Rc<Range<'a>>> {
        let at = self.names.get(name).into_iter().flatten();
        at.filter_map(|at| self.items.get(*at)).map(|item| &item.range)
    }

    /// The ranges of this name; of this relation only, if that was named with its schema.
    fn ranges(&self, name: &str, relation: Option<Oid>) -> Vec<Rc<Range<'a>>> {
        let fits = |range: &&Rc<Range<'a>>| relation.is_none() || range.plainly() == relation;
        self.named(name).filter(fits).cloned().collect()
    }

    /// Takes stock of what was added since the last time.
    fn index(&mut self) {
        for (at, item) in self.items.iter().enumerate().skip(self.indexed) {
            if !item.by_column {
                continue;
            }
            if item.range.system().is_some() {
                self.system = Some(self.system.map_or((at, false), |(first, _)| (first, true)));
            }
            match self.shared.entry(Rc::as_ptr(&item.range.columns)) {
                Entry::Occupied(mut known) => *known.get_mut() = true,
                Entry::Vacant(new) => {
                    new.insert(false);
                    for name in item.range.columns.by_name.keys() {
                        let known = self.columns.entry(name.clone());
                        known.and_modify(|(_, many)| *many = true).or_insert((at, false));
                    }
                }
            }
        }
        self.indexed = self.items.len();
    }

    /// The one column of this name.
    fn column(&mut self, name: &str) -> Result<Option<Found<'a>>, Error> {
        self.index();
        let ambiguous = || Error::Ambiguous(name.to_owned());
        let system = self.system.filter(|_| system_column(name).is_some());
        let (at, mut many) = match (self.columns.get(name).copied(), system) {
            (Some((at, many)), system) => (at, many || system.is_some()),
            (None, Some(found)) => found,
            (None, None) => return Ok(None),
        };
        let Some(item) = self.items.get(at) else { return Ok(None) };
        let Some(hit) = item.range.column(name)? else { return Ok(None) };
        if matches!(hit, Hit::Column(_)) {
            let list = Rc::as_ptr(&item.range.columns);
            many |= self.shared.get(&list).copied().unwrap_or_default();
        }
        match many {
            true => Err(ambiguous()),
            false => Ok(Some((Rc::clone(&item.range), hit))),
        }
    }
}

/// One SELECT, or another statement, with what can be named in it.
#[derive(Debug, Default)]
pub(super) struct Level<'a> {
    pub(super) frames: Vec<Frame<'a>>,
    /// Whether what is being read is LATERAL.
    pub(super) lateral: bool,
    /// Whether it has no WHERE.
    pub(super) unfiltered: bool,
    /// WITH queries, by their numbers.
    pub(super) queries: HashMap<&'a str, usize>,
    /// Named windows.
    pub(super) windows: HashMap<&'a str, Flow>,
}

impl<'a> Level<'a> {
    /// The one column of this name at this level.
    pub(super) fn column(&mut self, name: &str) -> Result<Option<Found<'a>>, Error> {
        let mut found = None;
        let lateral = self.lateral;
        for frame in self.frames.iter_mut().filter(|frame| lateral || !frame.lateral) {
            let Some(here) = frame.column(name)? else { continue };
            if found.is_some() {
                return Err(Error::Ambiguous(name.to_owned()));
            }
            if frame.lateral && !frame.usable {
                return Err(Error::Column(name.to_owned()));
            }
            found = Some(here);
        }
        Ok(found)
    }

    /// The one range of this name at this level.
    pub(super) fn range(
        &self,
        name: &str,
        relation: Option<Oid>,
    ) -> Result<Option<Rc<Range<'a>>>, Error> {
        let mut found = None;
        for frame in self.frames.iter().filter(|frame| self.lateral || !frame.lateral) {
            for range in frame.ranges(name, relation) {
                if found.is_some() {
                    return Err(Error::Ambiguous(name.to_owned()));
                }
                if frame.lateral && !frame.usable {
                    return Err(Error::Qualifier(name.to_owned()));
                }
                found = Some(range);
            }
        }
        Ok(found)
    }
}
