//! Stage 4: have the people whom policy names agreed to exactly this statement.

mod parked;
mod phase;
mod ports;
mod ticket;

use request::{Millis, RequestId, Statement};
use vetting::Vetted;

pub use parked::Parked;
pub use phase::Phase;
pub use ports::{Unheard, WakeToken, Waker, Workflow};
pub use ticket::{Notice, Ticket};

/// A statement that nobody has to be asked about any more.
///
/// ```compile_fail
/// fn by_hand(vetted: vetting::Vetted<request::Statement>) -> approvals::Cleared {
///     approvals::Cleared(vetted)
/// }
/// ```
pub struct Cleared(Vetted<Statement>);

impl Cleared {
    /// The vetted statement.
    #[must_use]
    pub fn vetted(&self) -> &Vetted<Statement> {
        &self.0
    }
}

/// Why the way pauses or ends here.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request is larger than what can wait for people.
    #[error("the request is too large to wait for approval")]
    Large,
    /// People have to be asked. The request waits under its ticket once this is on record.
    #[error("the request waits for approval")]
    Parked(Box<Parked>),
}

/// Lets the statement pass where policy asks nobody, and parks it otherwise.
///
/// An approval is good for one request with this very digest, policy and caller; there is none that
/// could be found here yet, because deciding is not built: what policy wants approved, waits.
///
/// # Errors
/// [`Error::Parked`] with what has to be kept, or [`Error::Large`].
pub fn clear(
    vetted: Vetted<Statement>,
    request: &RequestId,
    now: Millis,
) -> Result<Cleared, Error> {
    if vetted.permit().duties().approvers().is_empty() {
        return Ok(Cleared(vetted));
    }
    Err(Error::Parked(Box::new(Parked::of(&vetted, request, now)?)))
}
