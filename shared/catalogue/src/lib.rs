//! What a database says it is made of, and what the names of a statement are there.
//!
//! The grammar cannot tell a column from a function that is written like one, nor a table from a view
//! over another. A [`Catalogue`] is a snapshot of one database as one role sees it; [`resolve`] looks
//! every name of a statement up in it by PostgreSQL's own rules.
//!
//! INVARIANT: no clock, no network, no async. What does not resolve to exactly one thing is refused.

mod error;
mod relation;
mod resolve;
mod rests;
mod routine;
mod snapshot;

pub use error::Error;
pub use relation::{Attribute, Kind, Relation, RestsOn};
pub use resolve::{How, Lineage, Output, Qualified, Resolved, Source, Use, resolve};
pub use rests::Rests;
pub use routine::{Collation, Form, Function, Operator, TypeInfo};
pub use snapshot::{Catalogue, Draft};

/// PostgreSQL's number for an object. Those below [`FIRST_NORMAL`] come with every database.
pub type Oid = u32;

/// The least number that an object made by a user can have (PostgreSQL's `FirstNormalObjectId`).
pub const FIRST_NORMAL: Oid = 16_384;
