//! Stage 3: what would this statement do, does it keep to the rules, and does policy permit just that.
//!
//! A statement is read with PostgreSQL's own grammar, twice: once by an inventory that sees every
//! piece of syntax there is, and once by a walk that knows what the pieces mean. What the inventory
//! does not know by name is refused, and so is what the walk did not come past. Then every name is
//! looked up in the target's catalogue, and every use of a tagged column is held against its mode.
//!
//! INVARIANT: no clock, no network, no async; nothing here runs anything.

mod casts;
mod classes;
mod error;
mod expressions;
mod facts;
mod functions;
mod inventory;
mod judge;
pub mod masks;
mod names;
mod normal;
mod notes;
mod plan;
mod read;
mod reading;
mod readings;
mod reviewed;
mod rewrite;
mod room;
mod selects;
mod sources;
mod statements;
mod tags;
mod vetted;
mod words;

pub use classes::Class;
pub use error::Error;
pub use names::{Relation, Scope};
pub use plan::Estimable;
pub use policy::Verb;
pub use read::read;
pub use reading::Reading;
pub use readings::{Readings, look};
pub use reviewed::{built_in, draft};
pub use vetted::{Looked, Vetted, vet};
