//! The way of a request, in one function: token → identity → policy → vetting → approval → record →
//! credential → execute behind the veil → record → reply.
//!
//! Every door calls [`enforce`]; nothing else executes anything.

mod explain;
mod look;
mod outcome;
mod refusal;

use std::{panic::AssertUnwindSafe, sync::Arc};

use audit::{Ledger, Trail};
use credentials::Vault;
use futures_util::FutureExt as _;
use identity::{Chain, Verified, Verifier};
use masking::{Masked, Rows};
use policy::Policies;
use request::{Ask, Clock, Deadline, Statement};
use targets::{Driver, Executed, Surveys};
use vetting::Vetted;

pub use approvals::Parked;
pub use audit::Receipt;
pub use explain::{Expected, Explained, explain};
pub use look::{reachable, status};
pub use masking::{Head, MaskedCounts};
pub use policy::Target;
pub use refusal::{Cause, Kind, Refusal};

/// What the way is made of. Each hands over material; the stages decide.
pub struct Ports {
    /// The issuers and their keys.
    pub verifier: Verifier,
    /// The targets and the policies in force.
    pub policies: Arc<Policies>,
    /// Where records go.
    pub ledger: Arc<Ledger>,
    /// Where the targets' secrets are.
    pub vault: Vault,
    /// What runs statements.
    pub driver: Box<dyn Driver>,
    /// What the targets consist of, as far as it was read.
    pub surveys: Surveys,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl Ports {
    /// A nonce for the next proof of a caller; none where none are demanded, or can be made.
    pub async fn nonce(&self) -> Option<String> {
        self.verifier.nonce().await.ok().flatten()
    }
}

/// A masked result together with the proof that it is on record. The only thing that a door may send.
///
/// ```compile_fail
/// fn unrecorded(rows: masking::Masked<masking::Rows>) -> enforce::Released {
///     enforce::Released { rows }
/// }
/// ```
pub struct Released {
    rows: Masked<Rows>,
    receipt: Receipt,
}

impl Released {
    /// The rows.
    #[must_use]
    pub fn rows(&self) -> &Rows {
        self.rows.get()
    }

    /// Where it is on record.
    #[must_use]
    pub fn receipt(&self) -> &Receipt {
        &self.receipt
    }
}

/// Takes one request all the way.
///
/// # Errors
/// [`Refusal`]: nothing is shown. Whoever is refused after identity is on record as such.
pub async fn enforce(ask: Ask, on: &Ports) -> Result<Released, Refusal> {
    let who = identity::verify(&ask.presented, &on.verifier).await?;
    let now = on.clock.now();
    let trail = Arc::new(audit::trail(&who, &ask, now).map_err(Cause::Ledger)?);
    let (id, target, deadline) = (ask.id.clone(), ask.target.clone(), ask.deadline);
    let decided = decide(who, ask, on).await;
    let cleared = decided.and_then(|vetted| Ok(approvals::clear(vetted, &id, now)?));
    let cleared = match cleared {
        Ok(cleared) => cleared,
        Err(cause) => return Err(refuse(cause, &trail, on).await),
    };
    let (witnessed, open) = match audit::intend(cleared, &trail, &on.ledger).await {
        Ok(both) => both,
        Err(error) => return Err(refuse(Cause::of_record(error), &trail, on).await),
    };
    let ran = AssertUnwindSafe(run(witnessed, deadline, on)).catch_unwind().await;
    let ran = ran.unwrap_or(Err(Cause::Broken));
    if matches!(ran, Err(Cause::Targets(targets::Error::Changed))) {
        on.surveys.forget(&target);
    }
    let (outcome, shown) = outcome::of(&ran);
    // INVARIANT: no rows without a receipt.
    let receipt = audit::conclude(open, outcome, shown).await.map_err(Cause::of_outcome)?;
    match ran {
        Ok(executed) => Ok(Released { rows: executed.rows, receipt }),
        Err(cause) => Err(Refusal { cause, receipt: Some(receipt) }),
    }
}

/// identity → policy → vetting: what the request is, and whether it may be. The target is asked what
/// it consists of, and how much to expect; nothing of the agent's is run.
async fn decide(who: Verified<Chain>, ask: Ask, on: &Ports) -> Result<Vetted<Statement>, Cause> {
    let permit = policy::admit(who, &ask.target, &on.policies)?;
    let (vault, driver) = (&on.vault, &*on.driver);
    let known = targets::catalogue(&permit, vault, driver, &on.surveys, ask.deadline).await?;
    let looked = vetting::look(ask.statement, ask.params, permit, &known).inspect_err(|error| {
        if matches!(error, vetting::Error::Unresolved(_)) {
            on.surveys.doubt(&ask.target);
        }
    })?;
    let rows = targets::estimate(&looked, vault, driver, ask.deadline).await?;
    Ok(vetting::vet(looked, rows, ask.reason.is_some())?)
}

/// record → credential → execute behind the veil.
async fn run(
    witnessed: audit::Witnessed,
    deadline: Deadline,
    on: &Ports,
) -> Result<Executed, Cause> {
    let armed = credentials::arm(witnessed, &on.vault).await?;
    Ok(targets::execute(armed, &*on.driver, deadline).await?)
}

/// Puts a refusal on record. When that fails, the caller learns no more than that. Whoever may not act
/// any more learns that, whatever else there was to say.
async fn refuse(cause: Cause, trail: &Trail, on: &Ports) -> Refusal {
    // What could not be written cannot be recorded either; a key that was taken can.
    if cause.is_unrecorded() {
        return cause.into();
    }
    let recorded = match cause.fallen() {
        Some(how) => audit::fell(trail, cause.recorded(), how, &on.ledger).await,
        None => audit::refuse(trail, cause.recorded(), cause.parked(), &on.ledger).await,
    };
    match recorded {
        Ok(receipt) => Refusal { cause, receipt: Some(receipt) },
        Err(audit::Error::Fallen(how)) => {
            let cause = Cause::Identity(how.into());
            match audit::fell(trail, cause.recorded(), how, &on.ledger).await {
                Ok(receipt) => Refusal { cause, receipt: Some(receipt) },
                Err(error) => Cause::Ledger(error).into(),
            }
        }
        Err(error) => Cause::Ledger(error).into(),
    }
}
