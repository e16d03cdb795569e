//! What a chain may ask for at most, and how a child is narrower than its parent.
//!
//! Rights are what a token's `authorization_details` (RFC 9396) say, read in a closed world into one
//! normal form. There they have an order, by which a child is held against its parent, and a
//! meaning, by which a statement is held against the rights. The one follows the other: whatever a
//! child's rights allow, its parent's allow too.
//!
//! INVARIANT: no clock, no network, no async, no randomness. The same question has one answer.

pub mod account;
mod action;
mod asked;
mod bounds;
mod budget;
mod error;
mod meet;
mod members;
mod object;
mod objects;
mod order;
mod place;
mod postgres;
mod rights;
mod span;
#[cfg(test)]
mod tests;
mod widening;

pub use action::Action;
pub use asked::{Asked, Use};
pub use bounds::Bounds;
pub use budget::Budget;
pub use error::Error;
pub use rights::Rights;
pub use widening::Widening;

/// How many entries rights may have.
pub const ENTRIES_LIMIT: usize = 16;

/// How many names one list of an entry may hold.
pub const LIST_LIMIT: usize = 64;

/// How long rights may be, in bytes of canonical JSON. A token must fit into a header.
pub const TEXT_LIMIT: usize = 16 * 1024;
