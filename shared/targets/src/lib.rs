//! Stage 7: run it. The only stage that talks to a target.

mod error;
pub mod postgres;
mod surveys;

use std::{sync::Arc, time::Duration};

use catalogue::Draft;
use credentials::{Armed, Lent, Vault};
use masking::{Masked, Rows, Veil};
use request::{Deadline, Later};
use serde_json::Value;
use vetting::Looked;

pub use error::Error;
pub use surveys::{Surveys, catalogue};

/// What can run an armed statement on one kind of target.
///
/// It pours what the target answers into the veil and gives nothing back: a driver has no way of
/// returning a row.
pub trait Driver: Send + Sync {
    /// Runs the statement once, within this time.
    fn run<'a>(
        &'a self,
        once: Once,
        armed: &'a mut Armed<'_>,
        veil: &'a mut Veil,
        within: Duration,
    ) -> Later<'a, Result<(), Error>>;

    /// Asks the target what it is made of, within this time. Nothing of an agent's is sent.
    fn survey<'a>(
        &'a self,
        lent: &'a mut Lent<'_>,
        within: Duration,
    ) -> Later<'a, Result<Draft, Error>>;

    /// Asks the target's planner how many rows it expects, within this time. Nothing is executed.
    fn estimate<'a>(
        &'a self,
        lent: &'a mut Lent<'_>,
        read: &'a Estimate<'a>,
        within: Duration,
    ) -> Later<'a, Result<u64, Error>>;
}

/// A statement of which an estimate is wanted. It was read and found to keep to the rules, and policy
/// has not decided on it.
pub struct Estimate<'a> {
    /// The text.
    pub statement: &'a str,
    /// The values for its parameters.
    pub params: &'a [Value],
    /// Whether two parameters follow for the padded mask key. No key is sent: they are zeros.
    pub key_parameters: bool,
}

/// Leave to run one statement one time. Only [`execute`] makes it, so that a driver cannot be run by
/// hand, or again.
pub struct Once(());

/// What came of an execution.
pub struct Executed {
    /// The rows, masked.
    pub rows: Masked<Rows>,
    /// The version of the login that was used.
    pub credential: String,
}

/// Runs an armed statement once and masks what comes back. It swallows the armed statement, so that
/// nothing runs twice on one record.
///
/// # Errors
/// [`Error`]: nothing is shown. Except for [`Error::Unknown`], nothing of it remains on the target.
pub async fn execute(
    mut armed: Armed<'_>,
    on: &dyn Driver,
    deadline: Deadline,
) -> Result<Executed, Error> {
    let vetted = armed.witnessed().cleared().vetted();
    let policy = Duration::from_millis(vetted.permit().duties().limits().timeout_ms);
    let within = deadline.left().saturating_sub(RESERVE).min(policy);
    if within.is_zero() {
        return Err(Error::Timeout);
    }
    let key = armed.mask_key().map(Arc::clone);
    let mut veil = Veil::over(vetted).within(&armed.witnessed().limits()).with_key(key);
    on.run(Once(()), &mut armed, &mut veil, within).await?;
    let rows = veil.lift()?;
    Ok(Executed { rows, credential: armed.version().to_owned() })
}

/// How many rows the target's planner expects of a statement, where a policy wants to know. The login
/// is that of the statement's own permit.
///
/// # Errors
/// [`Error`]: the statement cannot be put as a question, or the target cannot be asked in time.
pub async fn estimate(
    looked: &Looked,
    vault: &Vault,
    on: &dyn Driver,
    deadline: Deadline,
) -> Result<Option<u64>, Error> {
    let Some(read) = looked.estimable().map_err(Error::Estimate)? else {
        return Ok(None);
    };
    let within = deadline.left().saturating_sub(RESERVE);
    let mut lent = credentials::lend(looked.permit(), vault).await?;
    let read =
        Estimate { statement: &read.sent, params: read.params.values(), key_parameters: false };
    match on.estimate(&mut lent, &read, within).await {
        Ok(rows) => Ok(Some(rows)),
        // What the server says to the statement is told only once policy has permitted it.
        Err(error) if error.is_theirs() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Left of the platform's time for cancelling, for the outcome's record and for the answer.
const RESERVE: Duration = Duration::from_millis(1500);
