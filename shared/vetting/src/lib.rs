//! Stage 3: what would this statement do, does it keep to the rules, and does policy permit just that.
//!
//! A statement is read with PostgreSQL's own grammar, twice: once by an inventory that sees every
//! piece of syntax there is, and once by a walk that knows what the pieces mean. What the inventory
//! does not know by name is refused, and so is what the walk did not come past.
//!
//! INVARIANT: no clock, no network, no async; nothing here runs anything.

mod builtin;
mod columns;
mod error;
mod expressions;
mod functions;
mod inventory;
mod names;
mod normal;
mod notes;
mod read;
mod reading;
mod selects;
mod sources;
mod statements;
mod vetted;
mod words;

pub use error::Error;
pub use names::{Relation, Scope};
pub use policy::Verb;
pub use read::read;
pub use reading::Reading;
pub use vetted::{Vetted, vet};
