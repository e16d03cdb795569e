//! Stage 7: run it. The only stage that talks to a target.

mod error;
pub mod postgres;

use std::time::Duration;

use credentials::Armed;
use masking::{Masked, Rows, Veil};
use request::{Deadline, Later};

pub use error::Error;

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
    let mut veil = Veil::over(vetted).within(&armed.witnessed().limits());
    on.run(Once(()), &mut armed, &mut veil, within).await?;
    let rows = veil.lift()?;
    Ok(Executed { rows, credential: armed.version().to_owned() })
}

/// Left of the platform's time for cancelling, for the outcome's record and for the answer.
const RESERVE: Duration = Duration::from_millis(1500);
