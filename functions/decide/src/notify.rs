//! Telling people that a request waits, and how it ended: webhooks, Slack, Teams.
//!
//! What is told leaves our hands, so it is told that there is something to read and where, never what:
//! no statement, no parameter, no reason, no comment. Nobody can approve from a message: whoever decides
//! has read the request whole. That somebody cannot be told changes nothing; the request waits all the
//! same.

mod chat;
mod event;
mod plan;
mod post;
mod sign;
#[cfg(test)]
mod tests;

use std::{path::Path, sync::Arc};

use credentials::SecretStore;
use futures_util::future;
use request::{Clock, Deadline, Mistake, Mistakes};

pub(crate) use event::{Event, Kind};
pub(crate) use plan::Plan;
pub(crate) use post::Outcome;

use post::{Clients, Notifier};

/// Everybody who is told, and what it takes.
pub(crate) struct Notifiers {
    all: Vec<Notifier>,
    clients: Clients,
    secrets: Option<Arc<dyn SecretStore>>,
    clock: Arc<dyn Clock>,
}

impl Notifiers {
    /// Those of `people.toml` in this folder; nobody where there is no such file. The secret store is
    /// asked for only where a notifier has a secret.
    ///
    /// # Errors
    /// Every mistake of the file; TLS cannot be set up.
    pub(crate) fn read(
        folder: &Path,
        secrets: impl FnOnce() -> Result<Arc<dyn SecretStore>, Mistakes>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Mistakes> {
        let path = folder.join(FILE);
        if !path.exists() {
            return Self::new(Vec::new(), secrets, clock);
        }
        let text = std::fs::read_to_string(&path)
            .map_err(|error| mistake(format!("cannot be read: {error}")))?;
        Self::new(Plan::all(FILE, &text)?, secrets, clock)
    }

    /// These.
    ///
    /// # Errors
    /// There is no secret store, and there has to be; TLS cannot be set up.
    pub(crate) fn new(
        plans: Vec<Plan>,
        secrets: impl FnOnce() -> Result<Arc<dyn SecretStore>, Mistakes>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Mistakes> {
        let secrets = plans.iter().any(Plan::has_secret).then(secrets).transpose()?;
        let clients = Clients::new().map_err(|error| mistake(error.to_string()))?;
        let all = plans.into_iter().map(Notifier::new).collect();
        Ok(Self { all, clients, secrets, clock })
    }
}

/// Tells everybody whom it concerns, all at once, and comes back when each has been told or there is no
/// time left. Whoever calls goes on, whatever came of it.
pub(crate) async fn tell(event: &Event, within: Deadline, on: &Notifiers) -> Vec<Outcome> {
    let concerned = on.all.iter().filter(|one| one.plan().concerns(event));
    future::join_all(concerned.map(|one| one.tell(event, within, on))).await
}

fn mistake(text: String) -> Mistakes {
    Mistakes(vec![Mistake { file: FILE.into(), line: 0, text }])
}

const FILE: &str = "people.toml";
