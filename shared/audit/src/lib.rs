//! Stage 5, and again at the end: what is about to happen is on record before it happens, and what
//! came of it before anybody is told.
//!
//! Records form one hash chain for each session of an agent. Each is one line of canonical JSON
//! (RFC 8785) in the shape of OCSF's Datastore Activity, and names the SHA-256 of the line before
//! it. Whoever holds the lines can check them without us: see [`verify`].

mod append;
mod budget;
mod entry;
mod event;
mod ledger;
mod note;
pub mod record;
mod status;
mod step;
mod trail;
mod unrun;
pub mod verify;

pub use append::With;
pub use budget::account;
pub use entry::{Open, Witnessed, conclude, intend};
pub use event::{Event, Intent, MaskedCount, NodeEvent, Outcome, Refused, Result as Ended, What};
pub use ledger::{Ledger, Receipt};
pub use note::{About, Note, Subject, note, trail_for, uses};
pub use record::Record;
pub use status::{State, Status, moved, status, status_key};
pub use step::{By, Done, Step};
pub use trail::{Trail, attempt, resume, salt_key, trail};
pub use unrun::{fell, park, refuse};

/// Why the ledger did not take it. Nothing goes on without the ledger.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The chain was being written by too many at once.
    #[error("the ledger is busy")]
    Busy,
    /// A budget on the way from the root to here is used up, or held by requests that still run.
    #[error(transparent)]
    Budget(rights::account::Short),
    /// The chain was revoked, or its proof was used before.
    #[error(transparent)]
    Fallen(#[from] identity::Fallen),
    /// The idempotency key was used for another request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// The evidence and the trail are of different requests; never happens unless we are wrong.
    #[error("the record would not be of this request")]
    Mismatch,
    /// This very request was taken before, under this id.
    #[error("the request was taken before, as `{0}`")]
    Repeated(String),
    /// What was to become true with a record has a condition that does not hold: which.
    #[error("{0}")]
    Unmet(&'static str),
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
