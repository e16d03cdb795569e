//! What people have approved comes back: taken up by its agent, or run for it by a workflow. Either
//! way the stored bytes run, and the whole way is gone anew.

use std::sync::Arc;

use approvals::Ticket;
use audit::{About, Trail};
use decisions::Found;
use identity::{Chain, OwnerKey, Verified};
use request::{Deadline, Presented, RequestId, Source};

use crate::{
    Begun, Cause, Ports, Refusal, Released, Wanted, carry_out, decide, intend, kept::Keeper,
    refuse_about,
};

/// An agent that comes for what it had asked for.
pub struct Redemption {
    /// What it shows of itself.
    pub presented: Presented,
    /// The request that waited.
    pub request: RequestId,
    /// Where the agent is.
    pub source: Source,
    /// When an answer must be out.
    pub deadline: Deadline,
}

/// Takes up a request that people have approved, for the agent that made it.
///
/// # Errors
/// [`Refusal`]: nothing has run. Whoever is refused after identity is on record as such.
pub async fn redeem(come: Redemption, on: &Ports) -> Result<Released, Refusal> {
    let who = identity::verify(&come.presented, &on.verifier).await?;
    let partition = who.get().partition().clone();
    let ticket = Ticket { partition, request: come.request };
    let attempt = attempt(&who, &ticket, &come.source, on)?;
    let found = match theirs(&who, &ticket, on).await {
        Ok(found) => found,
        Err(cause) => return Err(refuse_about(cause, &attempt, Some(&ticket), on).await),
    };
    match take_up(who, &found, &come.source, come.deadline, on).await {
        Ok(begun) => carry_out(begun, come.deadline, None, on).await,
        Err(cause) => Err(refuse_about(cause, &attempt, Some(&ticket), on).await),
    }
}

/// Runs a request that people have approved from what was stored of it, for an agent that is away. Its
/// result is kept for the agent, encrypted to the key that it had shown.
///
/// # Errors
/// [`Refusal`]: nothing has run. [`Cause::Ownerless`]: only the agent itself can take it up.
pub async fn run(ticket: &Ticket, deadline: Deadline, on: &Ports) -> Result<Released, Refusal> {
    let found = decisions::find(ticket, &on.ledger).await.map_err(Cause::from)?;
    let found = found.ok_or(Cause::Missing)?;
    let document = found.waiting.sealed().document();
    let who = identity::resume(&document.chain, on.clock.now())?;
    let (source, owner) = (Source::default(), document.owner.clone());
    let attempt = attempt(&who, ticket, &source, on)?;
    let Some(owner) = owner else {
        return Err(refuse_about(Cause::Ownerless, &attempt, Some(ticket), on).await);
    };
    match take_up(who, &found, &source, deadline, on).await {
        Ok(begun) => carry_out(begun, deadline, Some(&keeper(ticket, &owner)), on).await,
        Err(cause) => Err(refuse_about(cause, &attempt, Some(ticket), on).await),
    }
}

/// Takes a request back, for whoever made it or stands above them.
///
/// # Errors
/// [`Refusal`]: it is as it was. Whoever is refused after identity is on record as such.
pub async fn withdraw(
    presented: &Presented,
    request: &RequestId,
    source: &Source,
    on: &Ports,
) -> Result<audit::Receipt, Refusal> {
    let who = identity::verify(presented, &on.verifier).await?;
    let partition = who.get().partition().clone();
    let ticket = Ticket { partition, request: request.clone() };
    let attempt = attempt(&who, &ticket, source, on)?.used();
    audit::uses(&who, &on.ledger).await.map_err(Cause::of_record)?;
    match decisions::withdraw(&who, request, source, &on.desk()).await {
        Ok(withdrawn) => Ok(withdrawn.receipt),
        Err(error) => Err(refuse_about(error.into(), &attempt, Some(&ticket), on).await),
    }
}

fn keeper<'a>(ticket: &Ticket, owner: &'a OwnerKey) -> Keeper<'a> {
    Keeper { owner, partition: ticket.partition.clone(), request: ticket.request.clone() }
}

/// A request of this very node. To others, a ticket that they found or stole is none.
async fn theirs(who: &Verified<Chain>, ticket: &Ticket, on: &Ports) -> Result<Found, Cause> {
    let found = decisions::find(ticket, &on.ledger).await?.ok_or(Cause::Missing)?;
    let last = found.waiting.sealed().document().matter.hops.last();
    match last.is_some_and(|hop| hop.node == who.get().actor().node().as_str()) {
        true => Ok(found),
        false => Err(Cause::Missing),
    }
}

/// policy → vetting → approval → record, with the stored bytes and what is in force now.
async fn take_up(
    who: Verified<Chain>,
    found: &Found,
    source: &Source,
    deadline: Deadline,
    on: &Ports,
) -> Result<Begun, Cause> {
    let now = on.clock.now();
    // What could not run anyway does not get as far as the target.
    found.waiting.ready(now)?;
    let document = found.waiting.sealed().document();
    let trail = audit::resume(&who, &found.waiting, &found.salt, source, now);
    let trail = Arc::new(trail.map_err(Cause::Ledger)?);
    let (target, statement, params) = document.stored()?;
    let reason_given = document.reason.is_some();
    let wanted = Wanted { target, statement, params, reason_given, deadline };
    let vetted = decide(who, wanted, on).await?;
    let cleared = approvals::take_up(vetted, &found.waiting, now).map_err(Cause::from);
    match intend(cleared, &trail, on).await {
        Err(Cause::Ledger(audit::Error::Unmet(_))) => {
            Err(overtaken(found.waiting.ticket(), on).await)
        }
        other => other,
    }
}

/// Why it cannot be taken up after others have changed it: as it is now.
async fn overtaken(ticket: &Ticket, on: &Ports) -> Cause {
    match decisions::find(ticket, &on.ledger).await {
        Ok(Some(found)) => match found.waiting.ready(on.clock.now()) {
            Err(error) => error.into(),
            // They have decided anew, and it may be taken up anew.
            Ok(()) => decisions::Error::Busy.into(),
        },
        Ok(None) => Cause::Missing,
        Err(error) => error.into(),
    }
}

/// Under a name of its own, so that whatever is refused leaves the request that waits as it is.
fn attempt(
    who: &Verified<Chain>,
    ticket: &Ticket,
    source: &Source,
    on: &Ports,
) -> Result<Trail, Cause> {
    let asked = request::Digest::of(ticket.request.as_str().as_bytes());
    let (request, source) = (RequestId::fresh(), source.clone());
    let about = About { request, what: "approval", asked, source };
    audit::attempt(who, about, on.clock.now()).map_err(Cause::Ledger)
}
