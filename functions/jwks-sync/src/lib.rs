//! The function that fetches issuers' keys for those that have no way out.
//!
//! It runs on a schedule, outside of the private network, and is called by nobody else. What it
//! fetched and found good lies in the store afterwards, one item for each issuer, where the other
//! functions read it. What it did not find good changes nothing: the last good set stays, and is not
//! used by anybody once it is a day old.

mod force;
pub mod handler;
#[cfg(feature = "aws")]
pub mod lambda;
mod summary;
mod sync;

pub use force::Force;
pub use summary::Summary;
pub use sync::Sync;
