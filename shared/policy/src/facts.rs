//! What a statement turned out to be, as policy sees it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde::Serialize;

/// What a statement does to a target; each is an action of the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verb {
    /// Changes what the database is made of.
    Define,
    /// Removes rows.
    Delete,
    /// Asks what the database is made of, and for no rows.
    Describe,
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
            Self::Define => "define",
            Self::Delete => "delete",
            Self::Describe => "describe",
            Self::Insert => "insert",
            Self::Select => "select",
            Self::Update => "update",
        }
    }

    /// Whether the target is changed.
    #[must_use]
    pub fn writes(self) -> bool {
        !matches!(self, Self::Describe | Self::Select)
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
    /// The columns of each of these relations that it uses in any way, as PostgreSQL folded their
    /// names: a whole row or a star are all of them. A relation that is missing here may be used by
    /// any column.
    pub columns_of: BTreeMap<(String, String), BTreeSet<String>>,
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
    /// Relations it reads or changes without a `WHERE`, as `schema.name`.
    pub unfiltered: BTreeSet<String>,
    /// What it does with tagged columns, as `tag:how`: shown, aggregate, filter, join, group, order,
    /// distinct, set-operation, argument, written or target.
    pub uses: BTreeSet<String>,
    /// Every base column it uses, as `schema.relation.column`.
    pub resolved: BTreeSet<String>,
    /// What kind of statement it is: read, describe, explain, write or define.
    pub class: String,
    /// Rows that the target expects it to read or change, where it was asked.
    pub estimated_rows: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_reading_and_describing_leave_a_target_as_it_is() {
        assert!(!Verb::Select.writes() && !Verb::Describe.writes());
        for verb in [Verb::Define, Verb::Delete, Verb::Insert, Verb::Update] {
            assert!(verb.writes(), "{verb}");
        }
    }
}
