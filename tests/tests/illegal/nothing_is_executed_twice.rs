//! Tries to execute a statement a second time on one record. All before the last line is in order.

use std::sync::Arc;

use approvals::Cleared;
use audit::{Ledger, Trail};
use credentials::Vault;
use request::Deadline;
use targets::Driver;

async fn again(
    cleared: Cleared,
    trail: &Arc<Trail>,
    ledger: &Arc<Ledger>,
    vault: &Vault,
    driver: &dyn Driver,
    deadline: fn() -> Deadline,
) -> Option<()> {
    let (witnessed, _open) = audit::intend(cleared, trail, ledger).await.ok()?;
    let armed = credentials::arm(witnessed, vault).await.ok()?;
    targets::execute(armed, driver, deadline()).await.ok()?;
    targets::execute(armed, driver, deadline()).await.ok()?;
    Some(())
}

fn main() {}
