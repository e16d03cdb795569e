//! A request that waits or waited, as it is read from its requester's partition.

use approvals::{Phase, Ticket, Waiting};
use audit::Ledger;
use identity::{Person, Verified};
use request::{Millis, RequestId};
use state::{Item, Key};

use crate::{Error, locate, standing::stands};

/// What the store has of one request.
#[derive(Clone, Debug)]
pub struct Found {
    /// The request, and what was decided.
    pub waiting: Waiting,
    /// What its commitments are salted with.
    pub salt: Vec<u8>,
}

impl Found {
    /// How far it is now.
    #[must_use]
    pub fn phase(&self, now: Millis) -> Phase {
        self.waiting.approval().phase(self.waiting.sealed().document(), now)
    }

    /// Whether somebody is in one of the groups that are asked.
    #[must_use]
    pub fn asks(&self, person: &Person) -> bool {
        let asked = &self.waiting.sealed().document().matter.demand.approvers;
        person.groups().iter().any(|group| asked.contains_key(group.as_str()))
    }
}

/// The request, for somebody who is asked about it; others are told that there is none. Nothing of this
/// is on record, so nothing of it is for eyes: whoever is to see it gets a [`crate::Sheet`].
///
/// # Errors
/// [`Error::Missing`]; [`Error::Ended`]; the store cannot be read, or holds what we do not understand.
pub async fn asked(
    request: &RequestId,
    by: &Verified<Person>,
    on: &Ledger,
) -> Result<Found, Error> {
    stands(by.get(), on).await?;
    let ticket = locate(request, on).await?.ok_or(Error::Missing)?;
    let found = find(&ticket, on).await?.ok_or(Error::Missing)?;
    if found.asks(by.get()) { Ok(found) } else { Err(Error::Missing) }
}

/// Reads it; nothing where there is none.
///
/// # Errors
/// The store cannot be read, or holds what we do not understand.
pub async fn find(ticket: &Ticket, on: &Ledger) -> Result<Option<Found>, Error> {
    let keys = keys(ticket)?;
    let found = on.store().read(&ticket.partition, &keys).await?;
    let mut found = found.into_iter();
    let mut next = || found.next().flatten();
    let (document, approval, salt) = (next(), next(), next());
    let (Some(document), Some(approval), Some(salt)) = (document, approval, salt) else {
        return Ok(None);
    };
    let Item { value: salt, .. } = salt;
    let waiting = Waiting::read(ticket.clone(), document, approval)?;
    Ok(Some(Found { waiting, salt }))
}

fn keys(ticket: &Ticket) -> Result<[Key; 3], Error> {
    let keys = (ticket.document_key(), ticket.approval_key(), audit::salt_key(&ticket.request));
    match keys {
        (Some(document), Some(approval), Some(salt)) => Ok([document, approval, salt]),
        _ => Err(Error::Missing),
    }
}
