//! Stage 5, and again at the end: what is about to happen is on record before it happens, and what
//! came of it before anybody is told.
//!
//! Records form one hash chain for each session of an agent. Each is one line of canonical JSON
//! (RFC 8785) in the shape of OCSF's Datastore Activity, and names the SHA-256 of the line before
//! it. Whoever holds the lines can check them without us: see [`verify`].

mod append;
mod entry;
mod ledger;
pub mod record;
mod status;
mod trail;
pub mod verify;

pub use entry::{Open, Witnessed, conclude, intend, refuse};
pub use ledger::{Ledger, Receipt};
pub use record::{Event, MaskedCount, Outcome, Record, Refused, Result as Ended};
pub use status::{State, Status, status};
pub use trail::{Trail, trail};

/// Why the ledger did not take it. Nothing goes on without the ledger.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The chain was being written by too many at once.
    #[error("the ledger is busy")]
    Busy,
    /// The idempotency key was used for another request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// The evidence and the trail are of different requests; never happens unless we are wrong.
    #[error("the record would not be of this request")]
    Mismatch,
    /// This very request was taken before, under this id.
    #[error("the request was taken before, as `{0}`")]
    Repeated(String),
    /// The store could not be reached, or holds what we do not understand.
    #[error("the ledger cannot be written")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<state::Error> for Error {
    fn from(error: state::Error) -> Self {
        match error {
            state::Error::Conflict => Self::Busy,
            other => Self::Unavailable(Box::new(other)),
        }
    }
}
