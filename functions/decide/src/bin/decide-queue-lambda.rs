//! The decide function's consumer of SQS on AWS Lambda.

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    decide_function::queue::lambda::run().await
}
