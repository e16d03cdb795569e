//! Tries to arm two executions with one record.

use audit::Witnessed;
use credentials::Vault;

async fn again(witnessed: Witnessed, vault: &Vault) {
    let _ = credentials::arm(witnessed, vault).await;
    let _ = credentials::arm(witnessed, vault).await;
}

fn main() {}
