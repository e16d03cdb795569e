//! What a statement would do, as rights are asked about it.

use std::collections::BTreeSet;

use crate::Action;

/// A statement by what it does, to what, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked<'a> {
    /// The target's name.
    pub target: &'a str,
    /// All that it does. Without an action nothing is allowed.
    pub actions: BTreeSet<Action>,
    /// All that it touches; nothing for `select 1`.
    pub uses: Vec<Use<'a>>,
    /// When, in unix seconds.
    pub at: u64,
}

/// A relation that a statement reads or writes, by its names as PostgreSQL folded them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use<'a> {
    /// The relation's schema.
    pub schema: &'a str,
    /// The relation's name there.
    pub relation: &'a str,
    /// The columns that are mentioned. `None`, or a `*` among them: any column may be meant.
    pub columns: Option<BTreeSet<&'a str>>,
}

impl Use<'_> {
    /// The columns, where they are known one by one.
    pub(crate) fn named(&self) -> Option<&BTreeSet<&str>> {
        self.columns.as_ref().filter(|columns| !columns.contains("*"))
    }
}
