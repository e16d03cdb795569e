//! The way of a request, in one function: token → identity → policy → vetting → approval → record →
//! credential → execute behind the veil → record → reply.
//!
//! Every door calls [`enforce`]; nothing else executes anything.

mod again;
mod asking;
mod body;
mod envelope;
mod explain;
mod kept;
mod look;
mod outcome;
mod refusal;

use std::{panic::AssertUnwindSafe, sync::Arc};

use approvals::{Asked, Cleared, Waker, Workflow};
use audit::{Ledger, Open, Refused, Trail, Witnessed};
use credentials::Vault;
use decisions::Desk;
use futures_util::FutureExt as _;
use identity::{Chain, Verified, Verifier};
use masking::{Masked, Rows};
use policy::Policies;
use request::{Ask, Clock, Deadline, Params, RequestId, Statement, TargetName};
use targets::{Driver, Executed, Surveys};
use vetting::Vetted;

use kept::Keeper;

pub use again::{Redemption, redeem, run, withdraw};
pub use approvals::{Parked, Ticket};
pub use audit::Receipt;
pub use explain::{Expected, Explained, explain};
pub use kept::Unkept;
pub use look::{Looked, reachable, status};
pub use masking::{Head, MaskedCounts};
pub use policy::Target;
pub use refusal::{Cause, Kind, Refusal};
pub use vetting::Readings;

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
    /// What was read of statements that were asked before.
    pub readings: Readings,
    /// What asks people about requests that wait, where something does.
    pub workflow: Option<Arc<dyn Workflow>>,
    /// What is woken when one is taken back.
    pub waker: Option<Arc<dyn Waker>>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl Ports {
    /// A nonce for the next proof of a caller; none where none are demanded, or can be made.
    pub async fn nonce(&self) -> Option<String> {
        self.verifier.nonce().await.ok().flatten()
    }

    /// Where steps of people are taken.
    pub(crate) fn desk(&self) -> Desk {
        Desk { ledger: Arc::clone(&self.ledger), waker: self.waker.clone() }
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

    /// The JSON of the result, as its owner gets it.
    #[must_use]
    pub fn body(&self, id: &RequestId) -> Option<Vec<u8>> {
        body::body(id, self.rows())
    }

    /// Where it is on record.
    #[must_use]
    pub fn receipt(&self) -> &Receipt {
        &self.receipt
    }
}

/// Takes one request all the way, or as far as the people who have to agree to it.
///
/// # Errors
/// [`Refusal`]: nothing is shown. Whoever is refused after identity is on record as such.
pub async fn enforce(ask: Ask, on: &Ports) -> Result<Released, Refusal> {
    let who = identity::verify(&ask.presented, &on.verifier).await?;
    let now = on.clock.now();
    let trail = Arc::new(audit::trail(&who, &ask, now).map_err(Cause::Ledger)?);
    let (id, reason, key) = (ask.id.clone(), ask.reason.clone(), ask.idempotency_key.clone());
    let (deadline, wanted) = (ask.deadline, Wanted::from(ask));
    let decided = decide(who, wanted, on).await;
    let asked = Asked {
        request: &id,
        reason: reason.as_ref().map(|reason| reason.text()),
        idempotency_key: key.as_ref().map(|key| key.as_str()),
        now,
    };
    let cleared = decided.and_then(|vetted| Ok(approvals::clear(vetted, &asked)?));
    match intend(cleared, &trail, on).await {
        Ok(begun) => carry_out(begun, deadline, None, on).await,
        Err(cause) => Err(refuse(cause, &trail, on).await),
    }
}

/// What is wanted of a target, whoever asks.
pub(crate) struct Wanted {
    pub(crate) target: TargetName,
    pub(crate) statement: Statement,
    pub(crate) params: Params,
    pub(crate) reason_given: bool,
    pub(crate) deadline: Deadline,
}

impl From<Ask> for Wanted {
    fn from(ask: Ask) -> Self {
        let Ask { target, statement, params, reason, deadline, .. } = ask;
        Self { target, statement, params, reason_given: reason.is_some(), deadline }
    }
}

/// identity → policy → vetting: what the request is, and whether it may be. The target is asked what
/// it consists of, and how much to expect; nothing of the agent's is run.
pub(crate) async fn decide(
    who: Verified<Chain>,
    wanted: Wanted,
    on: &Ports,
) -> Result<Vetted<Statement>, Cause> {
    let Wanted { target, statement, params, reason_given, deadline } = wanted;
    let permit = policy::admit(who, &target, &on.policies)?;
    let (vault, driver) = (&on.vault, &*on.driver);
    let known = targets::catalogue(&permit, vault, driver, &on.surveys, deadline).await?;
    let looked = on.readings.look(statement, params, permit, &known).inspect_err(|error| {
        if matches!(error, vetting::Error::Unresolved(_)) {
            on.surveys.doubt(&target);
        }
    })?;
    let rows = targets::estimate(&looked, vault, driver, deadline).await?;
    Ok(vetting::vet(looked, rows, reason_given)?)
}

/// record: what is cleared is on record before anything of it runs.
pub(crate) async fn intend(
    cleared: Result<Cleared, Cause>,
    trail: &Arc<Trail>,
    on: &Ports,
) -> Result<Begun, Cause> {
    audit::intend(cleared?, trail, &on.ledger).await.map_err(Cause::of_record)
}

/// What is on record as about to run, and the record's other half that has to follow.
pub(crate) type Begun = (Witnessed, Open);

/// credential → execute behind the veil → record → reply: the one way on which anything runs.
pub(crate) async fn carry_out(
    (witnessed, open): Begun,
    deadline: Deadline,
    keeper: Option<&Keeper<'_>>,
    on: &Ports,
) -> Result<Released, Refusal> {
    let target = witnessed.cleared().vetted().permit().target().name.clone();
    let ran = AssertUnwindSafe(run_on(witnessed, deadline, on)).catch_unwind().await;
    let ran = ran.unwrap_or(Err(Cause::Broken));
    if matches!(ran, Err(Cause::Targets(targets::Error::Changed))) {
        on.surveys.forget(&target);
    }
    if let (Ok(executed), Some(keeper)) = (&ran, keeper) {
        kept::keep_or_say(executed.rows.get(), keeper, on).await;
    }
    let (outcome, shown) = outcome::of(&ran);
    // INVARIANT: no rows without a receipt.
    let receipt = audit::conclude(open, outcome, shown).await.map_err(Cause::of_outcome)?;
    match ran {
        Ok(executed) => Ok(Released { rows: executed.rows, receipt }),
        Err(cause) => Err(Refusal { cause, receipt: Some(receipt) }),
    }
}

/// credential → execute behind the veil.
async fn run_on(witnessed: Witnessed, deadline: Deadline, on: &Ports) -> Result<Executed, Cause> {
    let armed = credentials::arm(witnessed, &on.vault).await?;
    Ok(targets::execute(armed, &*on.driver, deadline).await?)
}

/// Puts a refusal on record, or that the request waits for people. When that fails, the caller learns
/// no more than that. Whoever may not act any more learns that, whatever else there was to say.
async fn refuse(cause: Cause, trail: &Trail, on: &Ports) -> Refusal {
    refuse_about(cause, trail, None, on).await
}

/// The same for somebody who came for a request that waits, which the record then names.
pub(crate) async fn refuse_about(
    cause: Cause,
    trail: &Trail,
    ticket: Option<&Ticket>,
    on: &Ports,
) -> Refusal {
    let cause = match asking::park(cause, trail, on).await {
        Ok(parked) => return parked,
        Err(cause) => cause,
    };
    // What could not be written cannot be recorded either; a key that was taken can.
    if cause.is_unrecorded() {
        return cause.into();
    }
    match recorded(&cause, trail, ticket, on).await {
        Ok(receipt) => Refusal { cause, receipt: Some(receipt) },
        Err(audit::Error::Fallen(how)) => {
            let cause = Cause::Identity(how.into());
            match recorded(&cause, trail, ticket, on).await {
                Ok(receipt) => Refusal { cause, receipt: Some(receipt) },
                Err(error) => Cause::Ledger(error).into(),
            }
        }
        Err(error) => Cause::Ledger(error).into(),
    }
}

async fn recorded(
    cause: &Cause,
    trail: &Trail,
    ticket: Option<&Ticket>,
    on: &Ports,
) -> Result<Receipt, audit::Error> {
    let ticket = ticket.map(|ticket| ticket.request.to_string());
    let why = Refused { ticket, ..cause.recorded() };
    match cause.fallen() {
        Some(how) => audit::fell(trail, why, how, &on.ledger).await,
        None => audit::refuse(trail, why, &on.ledger).await,
    }
}
