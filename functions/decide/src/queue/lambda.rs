//! On AWS Lambda: fed by SQS, a batch at a time. Which messages failed is told one by one
//! (`ReportBatchItemFailures`), so that none keeps another from being done.

use std::{process::ExitCode, sync::Arc};

use futures_util::future;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use request::Mistakes;
use serde::{Deserialize, Serialize};

use super::Queue;

/// Runs the function until the platform ends it.
pub async fn run() -> ExitCode {
    doors::ended(serve().await)
}

async fn serve() -> Result<(), Mistakes> {
    let queue = Arc::new(Queue::configured(&doors::lambda::cloud().await?)?);
    let service = service_fn(move |event: LambdaEvent<Batch>| {
        let queue = Arc::clone(&queue);
        async move { Ok::<_, Error>(take(&queue, event.payload).await) }
    });
    lambda_runtime::run(service).await.map_err(doors::mistake)
}

/// Some messages.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Batch {
    records: Vec<Record>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    message_id: String,
    body: String,
}

/// Those that are to come again.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Failures {
    batch_item_failures: Vec<Failure>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Failure {
    item_identifier: String,
}

async fn take(queue: &Queue, batch: Batch) -> Failures {
    let taken = batch.records.into_iter().map(|record| async move {
        let taken = queue.take(record.body.as_bytes()).await;
        let error = taken.err()?;
        tracing::warn!(message = record.message_id, %error, "a message will come again");
        Some(Failure { item_identifier: record.message_id })
    });
    let failures = future::join_all(taken).await.into_iter().flatten().collect();
    Failures { batch_item_failures: failures }
}
