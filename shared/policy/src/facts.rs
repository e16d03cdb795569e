//! What a statement turned out to be, as policy sees it.

use std::{collections::BTreeSet, fmt};

use serde::Serialize;

/// What a statement does to a target; each is an action of the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verb {
    /// Removes rows.
    Delete,
    /// Adds rows.
    Insert,
    /// Reads rows.
    Select,
    /// Changes rows.
    Update,
}

impl Verb {
    /// The action's name in the schema.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Delete => "delete",
            Self::Insert => "insert",
            Self::Select => "select",
            Self::Update => "update",
        }
    }

    /// Whether the target is changed.
    #[must_use]
    pub fn writes(self) -> bool {
        self != Self::Select
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The facts that vetting read out of a statement. They are the context of the second question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// All that it does: an `INSERT … SELECT` is an insert and a select, and both must be permitted.
    pub verbs: BTreeSet<Verb>,
    /// Relations it reads, as `schema.name`.
    pub reads: BTreeSet<String>,
    /// Relations it changes, as `schema.name`.
    pub writes: BTreeSet<String>,
    /// All of them, schema and name apart.
    pub relations: BTreeSet<(String, String)>,
    /// The last names of all columns it mentions.
    pub columns: BTreeSet<String>,
    /// Functions it calls.
    pub functions: BTreeSet<String>,
    /// Tags of the tagged columns it shows.
    pub tags: BTreeSet<String>,
    /// Whether a relation with tagged columns is mentioned.
    pub tagged: bool,
    /// Whether its outermost statement has a `WHERE`.
    pub has_where: bool,
    /// Whether it has a `UNION`, `INTERSECT` or `EXCEPT`.
    pub has_set_operation: bool,
    /// Whether it aggregates.
    pub has_aggregate: bool,
    /// How many parameters it takes.
    pub parameters: u16,
}
