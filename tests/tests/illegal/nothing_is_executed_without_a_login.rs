//! Tries to execute a statement that is on record but not armed.

use audit::Witnessed;
use request::Deadline;
use targets::Driver;

async fn skip(witnessed: Witnessed, driver: &dyn Driver, deadline: Deadline) {
    let _ = targets::execute(witnessed, driver, deadline).await;
}

fn main() {}
