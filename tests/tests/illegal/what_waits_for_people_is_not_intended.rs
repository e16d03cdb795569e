//! Tries to go on with a request that is parked.

use std::sync::Arc;

use approvals::Parked;
use audit::{Ledger, Trail};

async fn hurry(parked: Parked, trail: &Arc<Trail>, ledger: &Arc<Ledger>) {
    let _ = audit::intend(parked, trail, ledger).await;
}

fn main() {}
