//! Puts masks into a statement: each relation that is to be masked gives way to a select that masks it.
//!
//! The text is spliced where the parser says that the relation is named, and stays as it was
//! everywhere else. The result is parsed again and compared with the tree of what was asked: it must be
//! that tree, with just those relations replaced. INVARIANT: no text leaves [`rewrite`] that was not
//! proven so.

mod canon;
mod floor;
mod proof;
mod proven;
mod splice;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use catalogue::{Oid, Resolved};
use pg_query::protobuf::ParseResult;

use crate::masks::Replacement;

pub(crate) use floor::at_least_of;
pub(crate) use proof::prove;
pub(crate) use proven::Proven;

/// Why a statement cannot be masked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Error {
    /// With the masks in it, it is nested deeper than the reader follows, or not SQL at all.
    #[error("the statement cannot be read with its masks in it; write it with fewer levels")]
    Unread,
    /// Positions that do not fit the text.
    #[error("a name is not where the statement was read to have it")]
    Place,
    /// A column written with its schema, whose relation's name means something else as well.
    #[error("`{0}` is written with its schema, and something else is called so; use an alias")]
    Clash(String),
    /// A relation that should be masked, where nobody found it to be named.
    #[error("`{0}` could not be masked everywhere it is named")]
    Missed(String),
    /// The result is another statement than the one that was asked, masked.
    #[error("the statement with its masks in it is not the one that was asked")]
    Differs,
    /// An outermost select to which no HAVING can be added.
    #[error("write one plain select, without parentheses around it, set operation or VALUES")]
    Shape,
}

impl Error {
    /// One word for the cause.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Unread => "unread",
            Self::Place => "place",
            Self::Clash(_) => "clash",
            Self::Missed(_) => "missed",
            Self::Differs => "differs",
            Self::Shape => "shape",
        }
    }
}

/// The statement with every relation in `replaced` masked wherever it is read.
///
/// # Errors
/// [`Error`]: it cannot be done, or not be proven to have been done.
pub(crate) fn rewrite(
    text: &str,
    tree: &ParseResult,
    resolved: &Resolved,
    replaced: &BTreeMap<Oid, Replacement>,
) -> Result<String, Error> {
    let masked = splice::masked(text, resolved, replaced)?;
    prove(&masked, tree, resolved, replaced)?;
    Ok(masked)
}

/// One statement as a tree; the text is one of ours.
pub(crate) fn parse(text: &str) -> Result<ParseResult, Error> {
    Ok(pg_query::parse(text, 0).map_err(|_| Error::Unread)?.protobuf)
}
