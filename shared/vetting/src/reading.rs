//! What a statement would do, as facts that policy, approvals and drivers decide on.

use std::collections::{BTreeMap, BTreeSet};

use catalogue::{Oid, Output, Rests};
use policy::{Mode, Tags};

use crate::{Class, Relation, Verb};

/// The facts of one statement that may be sent if policy agrees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What kind of statement it is.
    pub class: Class,
    /// What a definition is called: `CREATE TABLE`.
    pub words: Option<&'static str>,
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
    /// Names of all base columns that are used, inserted or set.
    pub columns: BTreeSet<String>,
    /// Functions called, all of them from `pg_catalog`.
    pub functions: BTreeSet<String>,
    /// Tags of the tagged columns in the result.
    pub tags: BTreeSet<String>,
    /// The tags in force on the relations that it mentions and on those that share rows with them.
    pub tagged: Tags,
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
    /// Uses of tagged columns: the tag, and what for, as policies call it.
    pub uses: BTreeSet<(String, &'static str)>,
    /// Every base column that is used, by its relation.
    pub resolved: BTreeMap<Relation, BTreeSet<String>>,
    /// Relations that are read or changed without WHERE.
    pub unfiltered: BTreeSet<Relation>,
    /// The mode that serves it: the target's, or a stricter one where that cannot.
    pub mode: Mode,
    /// The columns of the result, in their order, with the base columns that they are made of.
    pub outputs: Vec<Output>,
    /// For each column of the result, whether it is made of masked values.
    pub masked_outputs: Vec<bool>,
    /// Whether two parameters follow the statement's own: the target's padded mask key, for the
    /// inner and the outer hash.
    pub key_parameters: bool,
    /// By the server's numbers, the names of the columns of all relations that it mentions.
    pub columns_by_number: BTreeMap<(Oid, i16), (String, String)>,
    /// What the verdict rests on, to be proven unchanged where it is run.
    pub rests: Rests,
    /// The statement with every literal replaced by a parameter and every comment left out.
    pub normalized: String,
    /// Equal for statements that differ only in literals, layout and comments. It groups
    /// statements; it does not bind an approval (different relations may share it).
    pub fingerprint: String,
}
