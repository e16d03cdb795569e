//! The request function as a custom handler of Azure Functions.

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    request_function::azure::run().await
}
