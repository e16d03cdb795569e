//! What the names of one statement are, by PostgreSQL's rules of scope (`parse_relation.c`).

mod calls;
mod clauses;
mod conflict;
mod expressions;
mod fields;
mod flow;
mod from;
mod kinds;
mod lookup;
mod names;
mod rows;
mod scope;
mod select;
mod walk;
mod with;
mod write;

use std::collections::BTreeSet;

use pg_query::NodeEnum;

use crate::{Catalogue, Error, Oid};

/// What the names of one statement turned out to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resolved {
    /// Every relation named in FROM, USING or as what is written, in the order of the text.
    pub sources: Vec<Source>,
    /// Every use of a base column. A column that a sub-select or WITH query hands on is used where it
    /// ends up, and so may be in here several times.
    pub uses: BTreeSet<Use>,
    /// The columns of the outermost result (or RETURNING), in their order.
    pub outputs: Vec<Output>,
    /// Relations read by a select that has no WHERE.
    pub unfiltered: BTreeSet<Oid>,
    /// Columns written `schema.relation.column`.
    pub qualified: Vec<Qualified>,
}

/// One place where a relation is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The relation.
    pub relation: Oid,
    /// Where its name begins in the text, in bytes.
    pub at: usize,
    /// The name by which its columns can be had there.
    pub name: String,
    /// Whether it was given an alias.
    pub aliased: bool,
    /// Whether its children are left out (`ONLY`).
    pub only: bool,
    /// Whether it is what the statement writes.
    pub written: bool,
}

/// One use of one base column.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    /// The relation as it was named; a view is not followed here.
    pub relation: Oid,
    /// The column's number; 0 for a whole row, below 0 for a system column (`ctid` is -1).
    pub column: i16,
    /// What for.
    pub how: How,
    /// Whether it is the column's own value there, not one computed from it.
    pub straight: bool,
}

/// What a column is used for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// It is handed on by a sub-select or WITH query whose column nobody mentions.
    Passed,
    /// It becomes a column of the outermost result, or of RETURNING.
    Shown,
    /// It is an argument of this aggregate or window function, wherever that stands.
    Aggregate(String),
    /// It is compared or computed with in WHERE, HAVING or FILTER, or decides in LIMIT.
    Filter,
    /// Joins compare it: ON, USING or NATURAL.
    Join,
    /// Rows are grouped or partitioned by it.
    Group,
    /// Rows are sorted by it.
    Order,
    /// Rows are told apart by it: DISTINCT, DISTINCT ON.
    Distinct,
    /// UNION, INTERSECT or EXCEPT compare it.
    SetOperation,
    /// An argument of a function in FROM.
    Argument,
    /// It flows into what is written: SET, VALUES or SELECT of an INSERT, ON CONFLICT.
    Written,
    /// It is the column that is assigned to, or inserted into.
    Target,
}

/// One column of the outermost result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Its name, as PostgreSQL gives it.
    pub name: String,
    /// Where its values come from.
    pub lineage: Lineage,
}

/// Where the values of a column come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lineage {
    /// Every base column (relation, number) whose value may be in it, or decides what is in it within
    /// the expression.
    pub columns: BTreeSet<(Oid, i16)>,
    /// Whether it is one base column as it is.
    pub straight: bool,
}

/// One column written with its schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Qualified {
    /// Its relation.
    pub relation: Oid,
    /// Where it begins in the text, in bytes.
    pub at: usize,
}

/// Looks up every name of a statement: SELECT, INSERT, UPDATE or DELETE.
///
/// # Errors
/// [`Error`] for the first name that is not exactly one thing, as PostgreSQL would look it up with the
/// catalogue's schema as its search path.
pub fn resolve(statement: &NodeEnum, on: &Catalogue) -> Result<Resolved, Error> {
    let mut walk = walk::Walk::new(on);
    let outs = walk.statement(statement)?;
    walk.done(outs)
}
