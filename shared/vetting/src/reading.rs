//! What a statement would do, as facts that policy, approvals and drivers decide on.

use std::collections::BTreeSet;

use crate::{Relation, Verb};

/// The facts of one statement that may be sent if policy agrees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The verb of the statement itself.
    pub main: Verb,
    /// The main verb; `Select` when rows are also read (FROM, USING, a sub-select, RETURNING);
    /// `Update` for `ON CONFLICT DO UPDATE`.
    pub verbs: BTreeSet<Verb>,
    /// Relations whose rows are read; that of a write only if it has RETURNING or stands in a
    /// sub-select.
    pub reads: BTreeSet<Relation>,
    /// The relation written.
    pub writes: BTreeSet<Relation>,
    /// Final names of all columns mentioned, inserted or set. `*` stands for all columns of
    /// something: a star, or an INSERT that names no columns.
    pub columns: BTreeSet<String>,
    /// Functions called, all of them from `pg_catalog`.
    pub functions: BTreeSet<String>,
    /// Tags of the tagged columns in the result.
    pub tags: BTreeSet<String>,
    /// Whether a relation with tagged columns is mentioned at all.
    pub tagged_in_scope: bool,
    /// Whether the statement itself has WHERE.
    pub has_where: bool,
    /// Whether UNION, INTERSECT or EXCEPT stands anywhere.
    pub has_set_operation: bool,
    /// Whether rows are aggregated anywhere: an aggregate function without OVER, or GROUP BY.
    pub has_aggregate: bool,
    /// The highest `$n`; every number below it is used.
    pub parameters: u16,
    /// Column references `x.name` and `(x).name` that only a catalogue can tell from the call
    /// `name(x)`: with the relation that must have this column, or `None` where `x` is a query, a
    /// function or an expression. References that a column list of the statement itself proves to
    /// be columns are left out. For `None`, no function by that name may be within reach.
    pub qualified: BTreeSet<(Option<Relation>, String)>,
    /// The statement with every literal replaced by a parameter and every comment left out.
    pub normalized: String,
    /// Equal for statements that differ only in literals, layout and comments. It groups
    /// statements; it does not bind an approval (different relations may share it).
    pub fingerprint: String,
}
