//! On AWS Lambda: started by a schedule of EventBridge, answering with what became of each set.

use std::{process::ExitCode, sync::Arc};

use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use request::Mistakes;
use serde_json::Value;

use crate::{Force, Summary, Sync};

/// Runs the function until the platform ends it.
pub async fn run() -> ExitCode {
    doors::ended(serve().await)
}

async fn serve() -> Result<(), Mistakes> {
    let sync = Arc::new(Sync::configured(&doors::lambda::cloud().await?)?);
    let service = service_fn(move |event: LambdaEvent<Value>| {
        let sync = Arc::clone(&sync);
        async move { answer(sync.run(&Force::of(&event.payload)).await) }
    });
    lambda_runtime::run(service).await.map_err(doors::mistake)
}

/// An error is what alarms hang on, and what EventBridge tries again after.
fn answer(summary: Summary) -> Result<Summary, Diagnostic> {
    if !summary.is_failure() {
        return Ok(summary);
    }
    let error_message = summary.lines().join("; ");
    Err(Diagnostic { error_type: "NothingRenewed".into(), error_message })
}
