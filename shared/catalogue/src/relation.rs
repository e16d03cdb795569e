//! Relations: tables, views and what else has columns.

use serde::{Deserialize, Serialize};

use crate::Oid;

/// What a relation is (`pg_class.relkind`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A plain table.
    Table,
    /// A partitioned table.
    Partitioned,
    /// A view.
    View,
    /// A materialised view: it has rows of its own, copied when it was refreshed.
    Materialized,
    /// A foreign table: its rows are somewhere else.
    Foreign,
    /// A sequence, an index, a composite type: nothing that a statement may read.
    Other,
}

/// One relation as its target's role sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relation {
    /// Its number.
    pub oid: Oid,
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Its live columns in their order; dropped ones leave gaps in the numbers.
    pub columns: Vec<Attribute>,
    /// The relations that it inherits from or is a partition of.
    #[serde(default)]
    pub parents: Vec<Oid>,
    /// The columns that a view's query mentions anywhere (`pg_depend` of its rule).
    #[serde(default)]
    pub rests_on: Vec<RestsOn>,
    /// Functions made by users that a view's query calls: what they read, nobody knows.
    #[serde(default)]
    pub calls: Vec<Oid>,
    /// Whether rewrite rules other than a view's own hang on it.
    #[serde(default)]
    pub has_rules: bool,
    /// Whether the role may read it, or some column of it.
    #[serde(default = "yes")]
    pub readable: bool,
    /// Rows, as the planner believes (`pg_class.reltuples`); none where nobody has counted.
    #[serde(default)]
    pub rows: Option<u64>,
    /// A digest of all rows of the system catalogue that describe it: another digest, another
    /// relation.
    #[serde(default)]
    pub stamp: String,
}

/// A live column of a relation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    /// Its number (`attnum`), from 1.
    pub number: i16,
    /// Its name.
    pub name: String,
    /// Its type's number.
    pub type_oid: Oid,
    /// Its type as PostgreSQL writes it, with its modifier: `character varying(20)`.
    pub type_name: String,
    /// Whether its value is computed from other columns.
    #[serde(default)]
    pub generated: bool,
}

/// A relation, or one column of it, that a view's query mentions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RestsOn {
    /// The relation.
    pub relation: Oid,
    /// The column's number; 0 for the relation as a whole.
    pub column: i16,
}

impl Relation {
    /// A plain table with these columns, as (name, type as PostgreSQL writes it). The types have no
    /// numbers, as in a catalogue that was written by hand.
    #[must_use]
    pub fn table(oid: Oid, schema: &str, name: &str, columns: &[(&str, &str)]) -> Self {
        let column = |(number, (name, type_name)): (i16, &(&str, &str))| Attribute {
            number,
            name: (*name).to_owned(),
            type_oid: 0,
            type_name: (*type_name).to_owned(),
            generated: false,
        };
        Self {
            oid,
            schema: schema.to_owned(),
            name: name.to_owned(),
            kind: Kind::Table,
            columns: (1..).zip(columns).map(column).collect(),
            parents: Vec::new(),
            rests_on: Vec::new(),
            calls: Vec::new(),
            has_rules: false,
            readable: true,
            rows: None,
            stamp: String::new(),
        }
    }

    /// The column of exactly this name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Attribute> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The column of this number.
    #[must_use]
    pub fn numbered(&self, number: i16) -> Option<&Attribute> {
        self.columns.iter().find(|column| column.number == number)
    }

    /// `schema.name`.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{}.{}", self.schema, self.name)
    }
}

fn yes() -> bool {
    true
}
