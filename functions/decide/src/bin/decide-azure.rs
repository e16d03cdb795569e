//! The decide function's page and API as a custom handler of Azure Functions.

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    doors::custom_handler::run(decide_function::configured).await
}
