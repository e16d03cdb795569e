//! Masks as SQL: the expressions that show a tagged column, and the select that shows all of a relation.
//!
//! Every function, operator and type in them is named with `pg_catalog`, and nothing is left for the
//! search path to decide. INVARIANT: NULL stays NULL, and no value of a key stands in a text.

mod expressions;
mod marks;
#[cfg(test)]
mod tests;

use catalogue::{Attribute, Relation};
use policy::{Family, Mask};

pub use expressions::expression;
pub use marks::holds_mark;

/// The numbers of the two parameters that carry the key, beyond the last one of the caller's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyParameters {
    /// The key with each byte xor `0x36`, padded to 64 bytes (RFC 2104), as `bytea`.
    pub inner: u16,
    /// The key with each byte xor `0x5c`, padded likewise.
    pub outer: u16,
}

impl KeyParameters {
    /// The two after this many of the caller's own.
    #[must_use]
    pub fn after(last: u16) -> Self {
        Self { inner: last.saturating_add(1), outer: last.saturating_add(2) }
    }
}

/// Where an expression finds the key that tokens are made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key<'k> {
    /// Nowhere: what should be a token is redacted.
    Absent,
    /// In parameters of the statement.
    Parameters(KeyParameters),
    /// Where these expressions find it, each a `bytea`: a sub-select in parentheses, for example.
    Texts {
        /// The inner padded key.
        inner: &'k str,
        /// The outer padded key.
        outer: &'k str,
    },
}

impl Key<'_> {
    /// What the mask comes to for a column of this type, and with this key.
    fn settle(&self, mask: Mask, family: Family) -> Mask {
        match (mask.over(family), self) {
            // Format-preserving encryption is nothing that a database could do.
            (Mask::Fpe, _) | (Mask::Token, Self::Absent) => Mask::Redact,
            (mask, _) => mask,
        }
    }
}

/// The select that shows a relation masked: all of its live columns, in their order and under their
/// names. `mask` tells how each is shown, with its tag; `None` is one without a tag.
#[must_use]
pub fn select<'t>(
    relation: &Relation,
    only: bool,
    mask: &dyn Fn(&Attribute) -> Option<(Mask, &'t str)>,
    key: &Key<'_>,
) -> String {
    Replacement::of(relation, mask, key).select(only)
}

/// An identifier in double quotes, as it is.
#[must_use]
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// What a relation is replaced by, wherever it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    schema: String,
    name: String,
    list: String,
    keyed: bool,
}

impl Replacement {
    /// Of this relation, under these masks.
    #[must_use]
    pub fn of<'t>(
        relation: &Relation,
        mask: &dyn Fn(&Attribute) -> Option<(Mask, &'t str)>,
        key: &Key<'_>,
    ) -> Self {
        let mut list = Vec::with_capacity(relation.columns.len());
        let mut keyed = false;
        for column in &relation.columns {
            let name = quoted(&column.name);
            let shown = mask(column).filter(|(mask, _)| *mask != Mask::Bare);
            list.push(match shown {
                None => name,
                Some((mask, tag)) => {
                    keyed |= key.settle(mask, Family::of(&column.type_name)) == Mask::Token;
                    let masked = expression(mask, tag, &column.name, &column.type_name, key);
                    format!("{masked} AS {name}")
                }
            });
        }
        let (schema, name) = (relation.schema.clone(), relation.name.clone());
        Self { schema, name, list: list.join(", "), keyed }
    }

    /// The select, of the relation's own rows or of its children's as well.
    #[must_use]
    pub fn select(&self, only: bool) -> String {
        let only = if only { "ONLY " } else { "" };
        let (schema, name) = (quoted(&self.schema), quoted(&self.name));
        format!("SELECT {} FROM {only}{schema}.{name}", self.list)
    }

    /// Whether the select takes the key: where none does, no parameters must be bound for it.
    #[must_use]
    pub fn keyed(&self) -> bool {
        self.keyed
    }

    pub(crate) fn schema(&self) -> &str {
        &self.schema
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}
