//! On AWS Lambda: a task of Step Functions, ours or a customer's own.

use std::{process::ExitCode, sync::Arc, time::Duration};

use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use request::{Clock as _, Deadline, Mistakes};
use serde_json::Value;

use crate::{Answer, Error, Runner, Task};

/// Runs the function until the platform ends it.
pub async fn run() -> ExitCode {
    doors::ended(serve().await)
}

async fn serve() -> Result<(), Mistakes> {
    let runner = Arc::new(Runner::configured(&doors::lambda::cloud().await?)?);
    let service = service_fn(move |event: LambdaEvent<Value>| {
        let runner = Arc::clone(&runner);
        async move { answer(&runner, event).await.map_err(|error| diagnostic(&error)) }
    });
    lambda_runtime::run(service).await.map_err(doors::mistake)
}

async fn answer(runner: &Runner, event: LambdaEvent<Value>) -> Result<Answer, Error> {
    let until = event.context.deadline.saturating_sub(host::SystemClock.now().0);
    let task = Task::of_event(event.payload).ok_or(Error::Malformed)?;
    runner.work(&task, Deadline::within(Duration::from_millis(until))).await
}

/// A state machine tells errors apart by their names: `Unavailable` is worth another try.
fn diagnostic(error: &Error) -> Diagnostic {
    Diagnostic { error_type: error.name().into(), error_message: error.to_string() }
}
