//! Stage 7: what comes back from a target is seen only through the veil.
//!
//! Drivers pour cells into a [`Veil`] and get nothing back, so that a row which was not masked never
//! exists as a value that could be returned by mistake. What the veil gives away at the end is
//! [`Masked`].

mod cell;
mod column;
mod content;
pub mod detect;
mod digits;
mod mark;
mod masked;
mod round;
mod rules;
mod treatment;
mod veil;
mod year;

pub use cell::Cell;
pub use column::{Column, Origin};
pub use mark::{mark, message, token};
pub use masked::{Head, Masked, MaskedCounts, Rows};
pub use veil::Veil;

/// Why nothing comes through the veil. None of these holds a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A row has another number of cells than the result has columns.
    #[error("a row does not have the shape of its result")]
    Shape,
    /// A column that the target should have masked came straight from the table.
    #[error("a tagged column came back unmasked and is withheld")]
    Tripwire,
    /// A value is not what its type says.
    #[error("a value does not have the form of its type")]
    Value,
}
