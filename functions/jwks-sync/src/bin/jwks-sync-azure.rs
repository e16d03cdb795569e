//! The key function as a custom handler of Azure Functions.

use std::{process::ExitCode, sync::Arc};

use jwks_sync_function::{Sync, handler};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    doors::custom_handler::run(async |cloud| {
        Ok(handler::router(Arc::new(Sync::configured(&cloud)?)))
    })
    .await
}
