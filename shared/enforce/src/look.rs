//! The two questions that execute nothing: how far did my request come, and what may I reach.

use audit::Status;
use policy::Target;
use request::{Bearer, RequestId};

use crate::{Cause, Ports, Refusal};

/// The status of one of the caller's own requests; `None` for any other.
///
/// # Errors
/// The caller is not known, or the ledger cannot be read.
pub async fn status(token: &Bearer, id: &RequestId, on: &Ports) -> Result<Option<Status>, Refusal> {
    let who = identity::verify(token, &on.verifier).await?;
    Ok(audit::status(&who, id, &on.ledger).await.map_err(Cause::Ledger)?)
}

/// The targets that the caller may connect to.
///
/// # Errors
/// The caller is not known.
pub async fn reachable<'p>(token: &Bearer, on: &'p Ports) -> Result<Vec<&'p Target>, Refusal> {
    let who = identity::verify(token, &on.verifier).await?;
    Ok(policy::reachable(&who, &on.policies))
}
