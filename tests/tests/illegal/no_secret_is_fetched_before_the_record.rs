//! Tries to fetch the login for a statement whose intent is not on record.

use approvals::Cleared;
use credentials::Vault;

async fn early(cleared: Cleared, vault: &Vault) {
    let _ = credentials::arm(cleared, vault).await;
}

fn main() {}
