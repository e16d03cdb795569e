//! The token function on AWS Lambda.

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    doors::lambda::run(token_function::configured).await
}
