//! The two questions that execute nothing: how far did my request come, and what may I reach.

use audit::Status;
use identity::{Chain, Verified};
use policy::Target;
use request::{Presented, RequestId};

use crate::{Cause, Ports, Refusal};

/// The status of one of the caller's own requests; `None` for any other.
///
/// # Errors
/// The caller is not known, or the ledger cannot be read.
pub async fn status(
    shown: &Presented,
    id: &RequestId,
    on: &Ports,
) -> Result<Option<Status>, Refusal> {
    let who = known(shown, on).await?;
    Ok(audit::status(&who, id, &on.ledger).await.map_err(Cause::Ledger)?)
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
