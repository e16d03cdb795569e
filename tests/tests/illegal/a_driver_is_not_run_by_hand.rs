//! Tries to have a driver run an armed statement around `execute`, which would let it run again.

use std::time::Duration;

use credentials::Armed;
use masking::Veil;
use targets::{Driver, Once};

async fn again(driver: &dyn Driver, armed: &mut Armed<'_>, veil: &mut Veil) {
    let _ = driver.run(Once(()), armed, veil, Duration::MAX).await;
}

fn main() {}
