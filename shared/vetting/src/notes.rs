//! What the walk writes down about a statement, for the rules that need all of it at once.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use crate::{Relation, Verb};

/// Names of columns, shared by all that have them.
pub(crate) type Columns<'t> = Rc<BTreeSet<&'t str>>;

/// Everything noted about one statement.
#[derive(Debug, Default)]
pub(crate) struct Notes<'t> {
    /// The main verb and what else is done.
    pub(crate) verbs: BTreeSet<Verb>,
    pub(crate) reads: BTreeSet<Relation>,
    pub(crate) writes: BTreeSet<Relation>,
    /// Names of columns written, inserted or joined by; the mentions are kept apart.
    pub(crate) columns: BTreeSet<String>,
    pub(crate) functions: BTreeSet<String>,
    /// Whatever a column may be qualified with.
    pub(crate) ranges: Vec<Range<'t>>,
    pub(crate) mentions: Vec<Mention<'t>>,
    /// `(x).name`: the name of `x` if it is a single one, and `name`.
    pub(crate) fields: Vec<(Option<&'t str>, &'t str)>,
    /// Columns that joins compare by name.
    pub(crate) using: Vec<&'t str>,
    /// Whether a join compares whatever columns have the same name.
    pub(crate) natural: bool,
    /// Aliases over joins, with the ranges that they stand for.
    pub(crate) joins: Vec<(&'t str, std::ops::Range<usize>)>,
    /// Whether the outermost result is ordered or grouped by position.
    pub(crate) position: bool,
    /// Whether the outermost select is DISTINCT.
    pub(crate) distinct: bool,
    pub(crate) conflict: Option<Conflict<'t>>,
    pub(crate) has_where: bool,
    pub(crate) has_set_operation: bool,
    pub(crate) has_aggregate: bool,
    pub(crate) parameters: BTreeSet<u16>,
}

/// One thing that a FROM clause, or the statement itself, gives a name to.
#[derive(Debug)]
pub(crate) struct Range<'t> {
    pub(crate) name: &'t str,
    /// Which select it belongs to; 0 is the outermost statement.
    pub(crate) level: usize,
    pub(crate) source: Source,
    /// Columns that it is known to have, because the statement itself names them.
    pub(crate) known: Columns<'t>,
}

/// Where the rows of a range come from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// A function, a sub-select, a WITH query or a join.
    Made,
    /// A table or view, with the tags of its columns.
    Relation(Relation, Option<BTreeMap<String, String>>),
}

impl Range<'_> {
    /// The tags of its columns, if it is a tagged relation.
    pub(crate) fn tags(&self) -> Option<&BTreeMap<String, String>> {
        match &self.source {
            Source::Made => None,
            Source::Relation(_, tags) => tags.as_ref(),
        }
    }
}

/// One column reference.
#[derive(Debug)]
pub(crate) struct Mention<'t> {
    /// Its parts, without the star.
    pub(crate) parts: Vec<&'t str>,
    pub(crate) star: bool,
    pub(crate) level: usize,
    pub(crate) place: Place<'t>,
}

/// Where a column reference stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place<'t> {
    /// Anywhere else.
    Inside,
    /// In ORDER BY, GROUP BY or DISTINCT ON of the outermost select, where a name may mean a column
    /// of the result.
    Ordering,
    /// By itself in the outermost select list or RETURNING, with the name it is given there.
    Shown(&'t str),
}

/// What ON CONFLICT compares.
#[derive(Debug)]
pub(crate) struct Conflict<'t> {
    pub(crate) columns: Vec<&'t str>,
    /// Whether it compares these columns and nothing else.
    pub(crate) plain: bool,
}
