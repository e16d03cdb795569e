//! The questions that execute nothing: how far did my request come, and what may I reach.

use std::time::Duration;

use approvals::Ticket;
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
    if status.state == State::Parked {
        remind(Ticket { partition: partition.clone(), request: id.clone() }, on).await;
    }
    // INVARIANT: what was kept is given out only when its outcome is on record.
    let kept = match status.state {
        State::Done => kept::fetch(partition, id, &on.ledger).await.map_err(Cause::Kept)?,
        _ => None,
    };
    Ok(Looked { status, kept })
}

/// A request that waits and was not told of is told of now.
async fn remind(ticket: Ticket, on: &Ports) {
    match decisions::find(&ticket, &on.ledger).await {
        Ok(Some(found)) => asking::remind(&found, on).await,
        Ok(None) => {}
        Err(error) => {
            tracing::warn!(request = %ticket.request, %error, "a request that waits cannot be read");
        }
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
