//! An approval that is being used: what was agreed to is what is about to run.

use request::{Digest, Millis, Statement};
use state::{Item, Key, Write};
use vetting::Vetted;

use crate::{Approval, Cleared, Error, Matter, Sealed, Ticket};

/// A request that waits or waited, as the store has it.
#[derive(Clone, Debug)]
pub struct Waiting {
    ticket: Ticket,
    sealed: Sealed,
    approval: Approval,
    item: Item,
}

impl Waiting {
    /// Reads what was found under the ticket's two keys.
    ///
    /// # Errors
    /// [`Error::Unreadable`]: they do not belong together, or are not what we write.
    pub fn read(ticket: Ticket, document: Item, approval: Item) -> Result<Self, Error> {
        let sealed = Sealed::read(document.value)?;
        let read = Approval::from_bytes(&approval.value)?;
        let same = read.digest() == sealed.digest()
            && sealed.document().request == ticket.request.as_str();
        match same {
            true => Ok(Self { ticket, sealed, approval: read, item: approval }),
            false => Err(Error::Unreadable),
        }
    }

    /// Where it lies.
    #[must_use]
    pub fn ticket(&self) -> &Ticket {
        &self.ticket
    }

    /// The request as it is approved.
    #[must_use]
    pub fn sealed(&self) -> &Sealed {
        &self.sealed
    }

    /// What was decided.
    #[must_use]
    pub fn approval(&self) -> &Approval {
        &self.approval
    }

    /// Whether it could be taken up at this time, as far as its people, its time and its hours go.
    ///
    /// # Errors
    /// [`Error::Over`]; [`Error::Window`].
    pub fn ready(&self, now: Millis) -> Result<(), Error> {
        self.approval.clone().take_up(self.sealed.document(), now)
    }

    /// The write that changes what was decided to `next`, if nobody else has changed it meanwhile.
    ///
    /// # Errors
    /// [`Error::Unreadable`]: its name is none.
    pub fn change(&self, next: &Approval) -> Result<Write, Error> {
        Ok(Write::Replace {
            key: self.key()?,
            value: next.to_bytes(),
            version: self.item.version.clone(),
            expires_at: Some(self.sealed.document().forgotten_s()),
        })
    }

    fn key(&self) -> Result<Key, Error> {
        self.ticket.approval_key().ok_or(Error::Unreadable)
    }
}

/// What has to become true together with the intent of an approved request.
#[derive(Clone, Debug)]
pub struct TakenUp {
    digest: Digest,
    write: Write,
}

impl TakenUp {
    /// What was approved.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The write that uses the approval up. It succeeds once.
    #[must_use]
    pub fn write(&self) -> &Write {
        &self.write
    }
}

/// Clears a statement that was vetted anew by the approval of what it was when it was parked.
///
/// # Errors
/// [`Error::Changed`]: it is not what was approved; [`Error::Over`]; [`Error::Window`].
pub fn take_up(
    vetted: Vetted<Statement>,
    waiting: &Waiting,
    now: Millis,
) -> Result<Cleared, Error> {
    let document = waiting.sealed.document();
    // INVARIANT: every hop, byte, fact, bound and policy is as it was shown to those who agreed.
    if Matter::of(&vetted) != document.matter || grown(&vetted, document.estimated_rows) {
        return Err(Error::Changed);
    }
    let mut next = waiting.approval.clone();
    next.take_up(document, now)?;
    let taken = TakenUp { digest: waiting.sealed.digest(), write: waiting.change(&next)? };
    Ok(Cleared::approved(vetted, taken))
}

/// Statistics move a little all the time, and nobody would agree anew to a few rows more. What is
/// shown stays within the limits that were approved in any case.
fn grown(vetted: &Vetted<Statement>, approved: Option<u64>) -> bool {
    match (vetted.estimated_rows(), approved) {
        (Some(now), Some(then)) => now > then.saturating_mul(2).max(SMALL),
        (None, None) => false,
        _ => true,
    }
}

/// Rows: below this, an estimate says little.
const SMALL: u64 = 1000;
