//! The key function on AWS Lambda.

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    jwks_sync_function::lambda::run().await
}
