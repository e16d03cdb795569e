//! Telling people what messages are about: with what the store knows of a request, and not with what a
//! message says of it.

use std::{path::Path, sync::Arc, time::Duration};

use approvals::{Notice, Phase};
use credentials::SecretStore;
use decisions::{Desk, Found};
use request::{Deadline, Mistakes};

use crate::notify::{Event, Kind, Notifiers, tell};

/// Everybody who wants to know, and where they read the rest.
pub struct People {
    notifiers: Notifiers,
    page: Option<String>,
}

impl People {
    /// Those of `people.toml` in this folder, led to this page. The secret store is asked for only where
    /// one of them has a secret.
    ///
    /// # Errors
    /// Every mistake of the file.
    pub fn read(
        folder: &Path,
        page: Option<String>,
        secrets: impl FnOnce() -> Result<Arc<dyn SecretStore>, Mistakes>,
    ) -> Result<Self, Mistakes> {
        let notifiers = Notifiers::read(folder, secrets, Arc::new(host::SystemClock))?;
        Ok(Self { notifiers, page })
    }

    /// These, without a page to lead to.
    #[cfg(test)]
    pub(super) fn new(notifiers: Notifiers) -> Self {
        Self { notifiers, page: None }
    }

    /// A request begins to wait for them.
    pub(super) async fn asked(&self, found: &Found, on: &Desk) {
        self.tell(found, Kind::Requested, None, on).await;
    }

    /// A request has ended. What has not, by the store, is not told to have.
    pub(super) async fn told_end(&self, notice: &Notice, said: &str, found: &Found, on: &Desk) {
        let phase = found.phase(on.ledger.now());
        let state = match phase {
            // How it ran knows only the one who ran it.
            Phase::Used if RAN.contains(&said) => said,
            Phase::Granted | Phase::Pending => {
                let request = notice.ticket.request.as_str();
                tracing::warn!(
                    request,
                    phase = phase.name(),
                    "a workflow ended before its request"
                );
                return;
            }
            ended => ended.name(),
        };
        let kind = match phase {
            Phase::Expired => Kind::Expired,
            Phase::Used => Kind::Done,
            _ => Kind::Decided,
        };
        self.tell(found, kind, Some(state.to_owned()), on).await;
    }

    async fn tell(&self, found: &Found, kind: Kind, state: Option<String>, on: &Desk) {
        let (ticket, sealed) = (found.waiting.ticket(), found.waiting.sealed());
        let document = sealed.document();
        let request = ticket.request.clone();
        let link = self.page.as_ref().map(|page| format!("{page}/requests/{request}"));
        let event = Event {
            kind,
            at: on.ledger.now(),
            request,
            target: document.matter.target.clone(),
            class: document.matter.facts.class.clone(),
            approvers: document.matter.demand.approvers.clone(),
            expires: document.expires,
            state,
            link,
        };
        for outcome in tell(&event, Deadline::within(PATIENCE), &self.notifiers).await {
            let (notifier, request) = (outcome.notifier, ticket.request.as_str());
            match outcome.told {
                Ok(_) => tracing::info!(request, notifier, event = event.kind.name(), "told"),
                Err(error) => {
                    tracing::warn!(request, notifier, event = event.kind.name(), %error, "not told");
                }
            }
        }
    }
}

/// How a run ended.
const RAN: [&str; 4] = ["done", "failed", "unknown", "used"];

/// For everybody together: a message is out of sight of others for a minute and more.
const PATIENCE: Duration = Duration::from_secs(20);
