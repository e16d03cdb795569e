//! The decide function's page and API on AWS Lambda.

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    doors::lambda::run(decide_function::configured).await
}
