//! Tries to put a second outcome on record for one intent.

use audit::{Open, Outcome};

async fn again(open: Open, outcome: Outcome) {
    let _ = audit::conclude(open, outcome.clone(), None).await;
    let _ = audit::conclude(open, outcome, None).await;
}

fn main() {}
