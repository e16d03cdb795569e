//! The key function as a custom handler of Azure Functions.

use std::process::ExitCode;

use jwks_sync_function::{Sync, handler};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    doors::custom_handler::run(async |cloud| {
        Ok(handler::router(Sync::configured(&cloud)?, cloud.sweeper()))
    })
    .await
}
