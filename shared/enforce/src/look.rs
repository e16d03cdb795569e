//! The questions that execute nothing: how far did my request come, and what may I reach.

use std::time::Duration;

use approvals::{Phase, Ticket};
use audit::{State, Status};
use identity::{Chain, Verified};
use policy::Target;
use request::{Presented, RequestId};

use crate::{Cause, Ports, Refusal, asking, kept};

/// How far a request came, and its result if that was kept for the one who asks.
pub struct Looked {
    /// How far it came.
    pub status: Status,
    /// Its result, encrypted to the key that its agent had shown: a JWE in its compact form (RFC 7516).
    pub kept: Option<String>,
}

impl Looked {
    /// Whether it will change by itself or by others.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        matches!(self.status.state, State::Parked | State::Running)
    }
}

/// The status of one of the caller's own requests; `None` for any other. While it waits or runs, the
/// answer may be put off for as long as `patience`.
///
/// # Errors
/// The caller is not known, or the ledger cannot be read.
pub async fn status(
    shown: &Presented,
    id: &RequestId,
    patience: Duration,
    on: &Ports,
) -> Result<Option<Looked>, Refusal> {
    let who = known(shown, on).await?;
    let mut left = patience;
    loop {
        let found = audit::status(&who, id, &on.ledger).await.map_err(Cause::Ledger)?;
        let Some(status) = found else { return Ok(None) };
        if !matches!(status.state, State::Parked | State::Running) || left.is_zero() {
            return Ok(Some(looked(&who, id, status, on).await?));
        }
        let pause = left.min(PAUSE);
        tokio::time::sleep(pause).await;
        left -= pause;
    }
}

async fn looked(
    who: &Verified<Chain>,
    id: &RequestId,
    status: Status,
    on: &Ports,
) -> Result<Looked, Cause> {
    let partition = who.get().partition();
    let waits = matches!(status.state, State::Approved | State::Parked);
    let ticket = Ticket { partition: partition.clone(), request: id.clone() };
    let status = match waits && moved_on(&ticket, on).await {
        true => {
            let anew = audit::status(who, id, &on.ledger).await.map_err(Cause::Ledger)?;
            anew.unwrap_or(status)
        }
        false => status,
    };
    // INVARIANT: what was kept is given out only when its outcome is on record, and not that it is
    // withheld.
    let kept = match (status.state, &status.cause) {
        (State::Done, None) => kept::fetch(partition, id, &on.ledger).await.map_err(Cause::Kept)?,
        _ => None,
    };
    Ok(Looked { status, kept })
}

/// Sees to a request that waits: one whose time is over is ended where nobody else does it, and one that
/// was not told of is told of now. Whether its status has changed by it.
async fn moved_on(ticket: &Ticket, on: &Ports) -> bool {
    match see_to(ticket, on).await {
        Ok(ended) => ended,
        Err(error) => {
            let request = &ticket.request;
            tracing::warn!(%request, %error, "a request that waits cannot be seen to");
            false
        }
    }
}

async fn see_to(ticket: &Ticket, on: &Ports) -> Result<bool, decisions::Error> {
    let Some(found) = decisions::find(ticket, &on.ledger).await? else { return Ok(false) };
    match found.phase(on.clock.now()) {
        Phase::Expired => decisions::expire(ticket, &on.desk()).await.map(|_| true),
        Phase::Pending => {
            asking::remind(&found, on).await;
            Ok(false)
        }
        _ => Ok(false),
    }
}

/// The targets that the caller may connect to.
///
/// # Errors
/// The caller is not known.
pub async fn reachable<'p>(shown: &Presented, on: &'p Ports) -> Result<Vec<&'p Target>, Refusal> {
    let who = known(shown, on).await?;
    Ok(policy::reachable(&who, &on.policies))
}

/// Looking uses a proof up like asking does.
async fn known(shown: &Presented, on: &Ports) -> Result<Verified<Chain>, Refusal> {
    let who = identity::verify(shown, &on.verifier).await?;
    audit::uses(&who, &on.ledger).await.map_err(Cause::of_record)?;
    Ok(who)
}

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(500);
