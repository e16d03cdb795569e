//! The decide function's consumer of a Storage Queue, as a custom handler of Azure Functions.

use std::process::ExitCode;

use decide_function::queue::{Queue, handler};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    doors::custom_handler::run(async |cloud| Ok(handler::router(Queue::configured(&cloud)?))).await
}
