//! Stage 4: have the people whom policy names agreed to exactly this statement.
//!
//! A request that policy wants approved is parked as a [`Document`]: who asks, what, of which target,
//! what it was found to be, under which policies. Its SHA-256 is what people approve. When it is taken
//! up, it is vetted anew, and must be the same in everything; the approval is used up in the commit
//! that puts the intent on record.
//!
//! INVARIANT: no clock and no network; every step is judged here, and committed by whoever records it.

mod approval;
mod document;
mod eligible;
mod parked;
mod phase;
mod ports;
mod quorum;
mod taken;
mod ticket;

use request::Statement;
use vetting::Vetted;

pub use approval::{Approval, Decision, Said, Verdict};
pub use document::{Asked, Bounds, Column, Document, LIFE_S, Matter, Member, Resolved, Sealed};
pub use eligible::{HopOf, Ineligible, eligible};
pub use parked::Parked;
pub use phase::Phase;
pub use ports::{Unheard, WakeToken, Waker, Workflow};
pub use quorum::missing;
pub use taken::{TakenUp, Waiting, take_up};
pub use ticket::{Notice, Ticket};

/// A statement that nobody has to be asked about any more.
///
/// ```compile_fail
/// fn by_hand(vetted: vetting::Vetted<request::Statement>) -> approvals::Cleared {
///     approvals::Cleared { vetted, taken: None }
/// }
/// ```
pub struct Cleared {
    vetted: Vetted<Statement>,
    taken: Option<TakenUp>,
}

impl Cleared {
    pub(crate) fn approved(vetted: Vetted<Statement>, taken: TakenUp) -> Self {
        Self { vetted, taken: Some(taken) }
    }

    /// The vetted statement.
    #[must_use]
    pub fn vetted(&self) -> &Vetted<Statement> {
        &self.vetted
    }

    /// The approval that is used up with it, where people were asked.
    #[must_use]
    pub fn taken_up(&self) -> Option<&TakenUp> {
        self.taken.as_ref()
    }
}

/// Why the way pauses or ends here, or a step of people is not taken.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What was approved, or read, is not what this is.
    #[error("it is not what was approved; ask anew")]
    Changed,
    /// This person may not decide about it.
    #[error(transparent)]
    Ineligible(#[from] Ineligible),
    /// The request is larger than what can wait for people.
    #[error("the request is too large to wait for approval")]
    Large,
    /// They have not decided anything that they could take back.
    #[error("there is no decision to take back")]
    Nothing,
    /// It is too late, or too early: this is how far it is.
    #[error("the request is {}", .0.name())]
    Over(Phase),
    /// People have to be asked. The request waits under its ticket once this is on record.
    #[error("the request waits for approval")]
    Parked(Box<Parked>),
    /// They have decided before.
    #[error("this person has decided before")]
    Twice,
    /// What the store has cannot be read; what cannot be read is not run.
    #[error("what was kept of the request cannot be read")]
    Unreadable,
    /// It may run at other hours only.
    #[error("the request may not run at this hour")]
    Window,
}

impl Error {
    /// A stable word for the cause.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Ineligible(why) => why.word(),
            Self::Large => "large",
            Self::Nothing => "nothing",
            Self::Over(phase) => phase.name(),
            Self::Parked(_) => "parked",
            Self::Twice => "twice",
            Self::Unreadable => "unreadable",
            Self::Window => "window",
        }
    }
}

/// Lets the statement pass where policy asks nobody, and parks it otherwise.
///
/// # Errors
/// [`Error::Parked`] with what has to be kept; [`Error::Large`].
pub fn clear(vetted: Vetted<Statement>, asked: &Asked<'_>) -> Result<Cleared, Error> {
    let permit = vetted.permit();
    if permit.duties().approvers().is_empty() {
        return Ok(Cleared { vetted, taken: None });
    }
    let partition = permit.who().get().partition().clone();
    Err(Error::Parked(Box::new(Parked::of(&vetted, &partition, asked)?)))
}
