//! What the walk writes down about a statement, for the rules that need all of it at once.

use std::collections::BTreeSet;

use crate::Verb;

/// Everything noted about one statement.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// The main verb and what else is done.
    pub(crate) verbs: BTreeSet<Verb>,
    pub(crate) functions: BTreeSet<String>,
    pub(crate) operators: BTreeSet<String>,
    pub(crate) types: BTreeSet<String>,
    pub(crate) collations: BTreeSet<String>,
    /// Every text literal, for what may not be written.
    pub(crate) texts: Vec<String>,
    pub(crate) has_where: bool,
    pub(crate) has_set_operation: bool,
    pub(crate) has_aggregate: bool,
    /// Whether an aggregate leaves rows of its group out, or looks at them in another order or window.
    pub(crate) narrowed: bool,
    pub(crate) parameters: BTreeSet<u16>,
}
