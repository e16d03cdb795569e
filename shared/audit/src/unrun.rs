//! The one record of a request that is not run: it was refused, or it waits for people.

use approvals::Parked;
use identity::Fallen;
use state::{Item, Key};

use crate::{
    Error, Event, Ledger, Receipt, Refused, Trail,
    append::{Page, TRIES, With, append},
    entry::{claim, opening},
    note::tally,
    status::{State, Status},
    step::Step,
};

/// Puts on record that a known caller was refused. It uses up the proof like a request that is run.
///
/// # Errors
/// [`Error::Fallen`]: the chain was revoked or its proof used before; that is what [`fell`] records.
/// Otherwise the ledger cannot be written; the caller is then told that, and nothing else.
pub async fn refuse(trail: &Trail, why: Refused, on: &Ledger) -> Result<Receipt, Error> {
    let standing = trail.standing.as_ref().ok_or(Error::Mismatch)?;
    let with = |found: &[Option<Item>]| Ok(standing.hold(found)?);
    refused(trail, why, standing.keys(), &with, on).await
}

/// Puts on record that people are asked, keeps the request for them, and takes its idempotency key:
/// whoever sends it again is told of this one.
///
/// # Errors
/// As for [`crate::intend`]: nothing waits then.
pub async fn park(trail: &Trail, parked: &Parked, on: &Ledger) -> Result<Receipt, Error> {
    let standing = trail.standing.as_ref().ok_or(Error::Mismatch)?;
    let status =
        Status { state: State::Parked, cause: Some("parked".into()), ..Status::running(trail) };
    let (mut keys, claimed) = (standing.keys(), trail.idempotency_item());
    keys.extend(claimed.clone());
    let with = |found: &[Option<Item>]| {
        let (held, taken) = found.split_at_checked(standing.keys().len()).ok_or(Error::Mismatch)?;
        let mut writes = opening(trail, &status)?;
        writes.extend(standing.hold(held)?);
        if let (Some(key), Some(found)) = (&claimed, taken.first()) {
            writes.push(claim(key, found.as_ref(), trail)?);
        }
        writes.extend(parked.items().map_err(|_| Error::Mismatch)?);
        Ok(writes)
    };
    let event = Event::Approval(Step::asked(parked, trail.commit(trail.asked.bytes())));
    let (query, tries) = (None, TRIES);
    append(&Page { trail, event, query, tries, keys, with: &with }, on).await
}

/// Puts on record that a known caller may not act any more, or not with this proof. A replay is
/// counted: with the last one that is borne, the node is revoked.
///
/// # Errors
/// The ledger cannot be written.
pub async fn fell(trail: &Trail, why: Refused, how: Fallen, on: &Ledger) -> Result<Receipt, Error> {
    let standing = trail.standing.as_ref().ok_or(Error::Mismatch)?;
    let counted = how == Fallen::Replayed;
    let keys = if counted { standing.tally_keys() } else { Vec::new() };
    let with = |found: &[Option<Item>]| match counted {
        true => tally(trail, found, on.clock.now()),
        false => Ok(Vec::new()),
    };
    refused(trail, why, keys, &with, on).await
}

async fn refused(
    trail: &Trail,
    mut why: Refused,
    keys: Vec<Key>,
    more: &With<'_>,
    on: &Ledger,
) -> Result<Receipt, Error> {
    why.commitment = trail.commit(trail.asked.bytes());
    why.reason = trail.reason.clone();
    let (state, cause) = (State::Refused, Some(why.cause.clone()));
    let status = Status { state, cause, ..Status::running(trail) };
    let with = |found: &[Option<Item>]| {
        let mut writes = opening(trail, &status)?;
        writes.extend(more(found)?);
        Ok(writes)
    };
    let (event, query, tries) = (Event::Refusal(why), None, TRIES);
    append(&Page { trail, event, query, tries, keys, with: &with }, on).await
}
