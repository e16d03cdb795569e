//! Tries to put two intents on record for one clearance.

use std::sync::Arc;

use approvals::Cleared;
use audit::{Ledger, Trail};

async fn again(cleared: Cleared, trail: &Arc<Trail>, ledger: &Arc<Ledger>) {
    let _ = audit::intend(cleared, trail, ledger).await;
    let _ = audit::intend(cleared, trail, ledger).await;
}

fn main() {}
