//! The run function as a custom handler of Azure Functions.

use std::process::ExitCode;

use run_function::{Runner, handler};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    doors::custom_handler::run(async |cloud| {
        let (runner, waker) = (Runner::configured(&cloud)?, cloud.waker()?);
        Ok(handler::router(handler::App { runner, waker }))
    })
    .await
}
