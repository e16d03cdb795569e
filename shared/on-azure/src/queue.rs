//! What asks people on Azure: two queues of one storage account, whose messages start functions.
//!
//! In one lie messages for whoever asks people (`parked`, `waits`, `report`), in the other, `runs`,
//! what is to be run. Nothing waits in between: a message that is invisible for a while, at most until
//! a request's time is over, takes the place of a timer.
//!
//! A message is JSON as it is. The functions' `host.json` says so, `"messageEncoding": "none"` under
//! `extensions.queues`; by default the Functions host would take every message for base64.

use std::sync::Arc;

use approvals::{Notice, Phase, Unheard, WakeToken, Waker, Workflow};
use azure_core::{
    credentials::TokenCredential,
    http::{RequestContent, Url},
};
use azure_storage_queue::{
    QueueClient, QueueClientOptions,
    models::{QueueClientSendMessageOptions, QueueMessage},
};
use request::{Clock, Later};
use serde_json::{Value, json};

use crate::{
    Error, address,
    client::{self, PATIENCE},
    failure::{Failure, NO_ANSWER},
};

/// The queue of whoever asks people, and beside it the queue [`Queue::RUNS`].
pub struct Queue {
    approvals: QueueClient,
    runs: QueueClient,
    clock: Arc<dyn Clock>,
}

impl Queue {
    /// The queue that the function listens on which runs what was approved. It is that of a function
    /// app of its own, in the same storage account.
    pub const RUNS: &'static str = "runs";

    /// The queue at this address, such as `https://shop.queue.core.windows.net/approvals`. Both must
    /// exist.
    ///
    /// # Errors
    /// [`Error::Address`] or [`Error::Sdk`].
    pub fn new(
        http: reqwest::Client,
        approvals: &str,
        credential: Arc<dyn TokenCredential>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Error> {
        let approvals = address(approvals)?;
        let wrong = || Error::Address(approvals.clone());
        let (account, _) = approvals.rsplit_once('/').ok_or_else(wrong)?;
        let runs = format!("{account}/{}", Self::RUNS);
        let open = |url: &str| {
            let url = Url::parse(url).map_err(|_| wrong())?;
            let client_options = client::options(http.clone());
            let options = QueueClientOptions { client_options, ..QueueClientOptions::default() };
            QueueClient::new(url, Some(Arc::clone(&credential)), Some(options)).map_err(Error::Sdk)
        };
        Ok(Self { approvals: open(&approvals)?, runs: open(&runs)?, clock })
    }

    /// Asks for a run, or tells how it ended without one.
    async fn end(&self, phase: Phase, notice: &Notice) -> Result<(), Unheard> {
        match phase {
            Phase::Granted => put(&self.runs, &about(notice, "task", "run"), 0).await,
            Phase::Expired | Phase::Refused | Phase::Used | Phase::Withdrawn => {
                let mut message = about(notice, "kind", "report");
                if let Some(members) = message.as_object_mut() {
                    members.insert("phase".to_owned(), phase.name().into());
                }
                put(&self.approvals, &message, 0).await
            }
            Phase::Pending => Ok(()),
        }
    }

    /// How long a reminder takes at most, in seconds. The last comes when the request's time is over.
    pub const REMINDED_S: i32 = 300;

    /// In how many seconds from now to look again: not at once.
    fn delay(&self, notice: &Notice) -> i32 {
        let left = notice.expires.0.saturating_sub(self.clock.now().0).div_ceil(1000);
        i32::try_from(left).unwrap_or(Self::REMINDED_S).clamp(1, Self::REMINDED_S)
    }
}

impl Workflow for Queue {
    fn parked<'a>(&'a self, notice: &'a Notice) -> Later<'a, Result<(), Unheard>> {
        Box::pin(async move { put(&self.approvals, &about(notice, "kind", "parked"), 0).await })
    }
}

impl Waker for Queue {
    fn decided<'a>(
        &'a self,
        notice: &'a Notice,
        phase: Phase,
        _: Option<&'a WakeToken>,
    ) -> Later<'a, Result<(), Unheard>> {
        Box::pin(self.end(phase, notice))
    }

    fn waits<'a>(
        &'a self,
        notice: &'a Notice,
        _: Option<&'a WakeToken>,
    ) -> Later<'a, Result<(), Unheard>> {
        Box::pin(async move {
            let message = about(notice, "kind", "waits");
            put(&self.approvals, &message, self.delay(notice)).await
        })
    }
}

/// What a message says: what is to be done, and about which request.
fn about(notice: &Notice, what: &str, name: &str) -> Value {
    json!({
        what: name,
        "digest": notice.digest,
        "expires": notice.expires,
        "partition": notice.ticket.partition.as_str(),
        "request": notice.ticket.request,
    })
}

/// Puts a message that is seen after so many seconds.
async fn put(queue: &QueueClient, message: &Value, delay: i32) -> Result<(), Unheard> {
    let sent = tokio::time::timeout(PATIENCE, send(queue, message.to_string(), delay)).await;
    let failure = match sent {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(error)) => Failure::of_sdk(SERVICE, &error),
        Err(_) => Failure::new(SERVICE, NO_ANSWER),
    };
    Err(Unheard::Unavailable(failure))
}

async fn send(queue: &QueueClient, text: String, delay: i32) -> azure_core::Result<()> {
    let message: RequestContent<_, _> = QueueMessage { message_text: Some(text) }.try_into()?;
    let options = QueueClientSendMessageOptions {
        visibility_timeout: (delay > 0).then_some(delay),
        message_time_to_live: Some(LIFE),
        ..QueueClientSendMessageOptions::default()
    };
    queue.send_message(message, Some(options)).await.map(drop)
}

/// How long a message is kept that nobody takes: seven days, in seconds.
const LIFE: i32 = 7 * 24 * 3600;

const SERVICE: &str = "Queue Storage";
