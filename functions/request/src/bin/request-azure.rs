//! The request function as a custom handler of Azure Functions.

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    doors::custom_handler::run(request_function::configured).await
}
