//! What people do about requests that wait: they are shown one whole, decide, think again; its
//! requester takes it back; its time is over.
//!
//! Every step is judged by `approvals`, and is on record in the requester's own chain in the very
//! commit that makes it true. What lies in the partition `approvals` are signposts: they say where a
//! request lies, and decide nothing.
//!
//! INVARIANT: nothing here can run a statement, or read a target's secret.

mod error;
mod found;
mod listed;
mod past;
mod posts;
mod queue;
mod sheet;
mod standing;
mod step;
#[cfg(test)]
mod tests;
mod wake;

use std::sync::Arc;

use approvals::{Approval, Phase, Said, Sealed, Ticket, Verdict, Waiting, Waker};
use audit::{Done, Ledger, Receipt};
use identity::{Chain, Person, Verified};
use request::{RequestId, Source};

pub use error::Error;
pub use found::{Found, asked, find};
pub use listed::Listed;
pub use past::{Past, lately, past};
pub use posts::{locate, note_told, post, told};
pub use queue::{Entry, queue};
pub use sheet::{Sheet, sheet};
pub use wake::leave;

use step::{Change, step};

/// Where people decide.
pub struct Desk {
    /// The store, and where records go.
    pub ledger: Arc<Ledger>,
    /// What wakes the workflows that wait, where there are any.
    pub waker: Option<Arc<dyn Waker>>,
}

/// What became of a step.
pub struct Decided {
    /// Where the request lies.
    pub ticket: Ticket,
    /// The request, which no step changes.
    pub sealed: Sealed,
    /// What was decided, this step included.
    pub approval: Approval,
    /// How far it is.
    pub phase: Phase,
    /// Where the step is on record.
    pub receipt: Receipt,
}

/// Somebody decides about exactly what they have read. Whoever may not is on record as well.
///
/// # Errors
/// [`Error::Missing`]; [`Error::Approvals`] with the rule; the ledger cannot be written.
pub async fn decide(
    request: &RequestId,
    said: Said,
    by: &Verified<Person>,
    source: &Source,
    on: &Desk,
) -> Result<Decided, Error> {
    let person = by.get();
    let change = |waiting: &Waiting, now| {
        let mut next = waiting.approval().clone();
        let said = Said { comment: said.comment.clone(), ..said };
        let (verdict, why) = (said.verdict, said.comment.clone());
        next.decide(waiting.sealed().document(), person, said, now)?;
        let done = match verdict {
            Verdict::Approve => Done::Approved,
            Verdict::Refuse => Done::Refused,
        };
        Ok(Change { by: next.decisions().last().map(audit::By::of), why, ..Change::to(next, done) })
    };
    let decided = step::theirs(request, by, source, &change, on).await?;
    wake::tell(&decided, on).await;
    Ok(decided)
}

/// Somebody takes their approval back before it is used. Whoever has none to take back is on record as
/// well.
///
/// # Errors
/// As for [`decide`].
pub async fn retract(
    request: &RequestId,
    by: &Verified<Person>,
    source: &Source,
    on: &Desk,
) -> Result<Decided, Error> {
    let change = |waiting: &Waiting, now| {
        let (mut next, document) = (waiting.approval().clone(), waiting.sealed().document());
        let said = step::word_of(waiting.approval(), by.get()).ok_or(approvals::Error::Nothing)?;
        next.retract(document, by.get(), now)?;
        Ok(Change { by: Some(audit::By::of(said)), ..Change::to(next, Done::Retracted) })
    };
    step::theirs(request, by, source, &change, on).await
}

/// Its requester, or a hop above it, takes a request back.
///
/// # Errors
/// [`Error::Missing`] where it is nobody's of this chain; as for [`decide`].
pub async fn withdraw(
    who: &Verified<Chain>,
    request: &RequestId,
    source: &Source,
    on: &Desk,
) -> Result<Decided, Error> {
    let (chain, partition) = (who.get(), who.get().partition().clone());
    let ticket = Ticket { partition, request: request.clone() };
    let found = find(&ticket, &on.ledger).await?.ok_or(Error::Missing)?;
    let hops = &found.waiting.sealed().document().matter.hops;
    let node = chain.actor().node().as_str();
    if !hops.iter().any(|hop| hop.node == node) {
        return Err(Error::Missing);
    }
    let change = |waiting: &Waiting, now| {
        let mut next = waiting.approval().clone();
        next.withdraw(waiting.sealed().document(), now)?;
        // The record stands in the requester's chain, and may be of a hop above it.
        Ok(Change { why: Some(format!("by {node}")), ..Change::to(next, Done::Withdrawn) })
    };
    let decided = step(&ticket, source, &change, on).await?;
    wake::tell(&decided, on).await;
    Ok(decided)
}

/// Notes that a request's time is over. One that has ended in another way stays as it is.
///
/// # Errors
/// [`Error::Missing`]; the ledger cannot be written.
pub async fn expire(ticket: &Ticket, on: &Desk) -> Result<Phase, Error> {
    let change = |waiting: &Waiting, now| {
        let mut next = waiting.approval().clone();
        next.expire(waiting.sealed().document(), now)?;
        Ok(Change::to(next, Done::Expired))
    };
    match step(ticket, &Source::default(), &change, on).await {
        Ok(decided) => {
            wake::tell(&decided, on).await;
            Ok(decided.phase)
        }
        Err(Error::Approvals(approvals::Error::Over(_))) => look(ticket, on).await,
        Err(error) => Err(error),
    }
}

/// How far a request is.
///
/// # Errors
/// [`Error::Missing`]; the store cannot be read.
pub async fn look(ticket: &Ticket, on: &Desk) -> Result<Phase, Error> {
    let found = find(ticket, &on.ledger).await?.ok_or(Error::Missing)?;
    Ok(found.phase(on.ledger.now()))
}
