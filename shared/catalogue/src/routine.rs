//! Functions, operators, types and collations within reach of a statement's names.

use serde::{Deserialize, Serialize};

use crate::Oid;

/// How a function is called (`pg_proc.prokind` and `proretset`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// It makes one value of values.
    Value,
    /// It makes rows.
    Set,
    /// It makes one value of many rows.
    Aggregate,
    /// It makes one value for each row, of the rows around it.
    Window,
    /// A procedure.
    Procedure,
}

/// One function, of all that may have its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Function {
    /// Its number.
    pub oid: Oid,
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// The types of its input arguments as PostgreSQL writes them, in their order.
    pub arguments: Vec<String>,
    /// How many of the last arguments have defaults.
    #[serde(default)]
    pub defaults: u16,
    /// Whether the last argument may be repeated.
    #[serde(default)]
    pub variadic: bool,
    /// How it is called.
    pub form: Form,
    /// The names of its result's columns, where it has several (`OUT` and `TABLE` arguments).
    #[serde(default)]
    pub columns: Vec<String>,
    /// The type of its result as PostgreSQL writes it.
    pub returns: String,
}

/// One operator, of all that may have its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    /// Its number.
    pub oid: Oid,
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// The type of its left operand; empty for a prefix operator.
    pub left: String,
    /// The type of its right operand.
    pub right: String,
}

/// One type, by the name that statements use for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypeInfo {
    /// Its number.
    pub oid: Oid,
    /// Its schema.
    pub schema: String,
    /// Its name (`pg_type.typname`).
    pub name: String,
    /// `pg_type.typtype`: `b` base, `c` composite, `d` domain, `e` enum, `m` multirange, `p` pseudo,
    /// `r` range.
    pub kind: char,
    /// The fields of a composite type, in their order.
    #[serde(default)]
    pub fields: Vec<String>,
}

/// One collation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Collation {
    /// Its number.
    pub oid: Oid,
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
}
