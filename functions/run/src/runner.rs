//! One task: look, run, or put on record that time is over.

use std::sync::Arc;

use approvals::{Phase, Ticket};
use decisions::{Desk, Found};
use enforce::{Kind, Ports, Refusal};
use request::Deadline;

use crate::{Answer, Task, What};

/// Why a task was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is no task.
    #[error("this is no task")]
    Malformed,
    /// There is no such request.
    #[error("there is no such request that waits")]
    Missing,
    /// It is approved, and may not run all the same; trying again changes nothing. The stage that
    /// refused and the cause.
    #[error("the request was refused by `{0}`: `{1}`")]
    Refused(&'static str, &'static str),
    /// Something that is needed cannot be reached, or was busy. Trying again is harmless and may help.
    #[error("`{0}` cannot be reached at the moment")]
    Unavailable(&'static str),
}

impl Error {
    /// Its name, for whatever tries again or does not.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Malformed => "Malformed",
            Self::Missing => "Missing",
            Self::Refused(..) => "Refused",
            Self::Unavailable(_) => "Unavailable",
        }
    }
}

impl From<decisions::Error> for Error {
    fn from(error: decisions::Error) -> Self {
        match &error {
            // No step of a person is taken here.
            decisions::Error::Missing | decisions::Error::Ended => Self::Missing,
            decisions::Error::Approvals(why) => Self::Refused("approvals", why.word()),
            decisions::Error::Busy | decisions::Error::Ledger(_) => {
                tracing::warn!(error = %chain(&error), "the store cannot be used");
                Self::Unavailable("the store")
            }
        }
    }
}

/// Everything that tasks need.
pub struct Runner {
    ports: Ports,
    desk: Desk,
}

impl Runner {
    /// Over these ports.
    #[must_use]
    pub fn new(ports: Ports) -> Self {
        // Whoever gave us the task waits for its answer, and for nothing else.
        let desk = Desk { ledger: Arc::clone(&ports.ledger), waker: None };
        Self { ports, desk }
    }

    /// As this process is configured.
    ///
    /// # Errors
    /// Every mistake of the configuration.
    #[cfg(any(feature = "aws", feature = "azure"))]
    pub fn configured(cloud: &doors::Cloud) -> Result<Self, request::Mistakes> {
        let settings = cloud.settings();
        let configuration = host::Configuration::read(&settings.config)?;
        let ports = host::ports(configuration, settings.keys, cloud.store(), cloud.secrets()?)?;
        Ok(Self::new(ports))
    }

    /// Does a task.
    ///
    /// # Errors
    /// [`Error`]; a request is as it was, unless its state says that it was used.
    pub async fn work(&self, task: &Task, deadline: Deadline) -> Result<Answer, Error> {
        let ticket = self.ticket(task).await?;
        let request = ticket.request.as_str();
        let answer = match task.what {
            What::Look => Ok(self.seen(&self.found(&ticket).await?)),
            What::Expire => self.expire(&ticket).await,
            What::Run => self.run(&ticket, deadline).await,
        };
        match &answer {
            Ok(answer) => {
                tracing::info!(request, task = ?task.what, state = answer.state, "task done");
            }
            Err(error) => tracing::warn!(request, task = ?task.what, %error, "task not done"),
        }
        answer
    }

    async fn ticket(&self, task: &Task) -> Result<Ticket, Error> {
        let request = task.request.clone();
        match task.partition.clone() {
            Some(partition) => Ok(Ticket { partition, request }),
            None => decisions::locate(&request, &self.ports.ledger).await?.ok_or(Error::Missing),
        }
    }

    async fn found(&self, ticket: &Ticket) -> Result<Found, Error> {
        decisions::find(ticket, &self.ports.ledger).await?.ok_or(Error::Missing)
    }

    fn seen(&self, found: &Found) -> Answer {
        let phase = found.phase(self.ports.clock.now());
        self.answer(found, phase.name())
    }

    fn answer(&self, found: &Found, state: &'static str) -> Answer {
        let expires = found.waiting.sealed().document().expires;
        let left = expires.0.saturating_sub(self.ports.clock.now().0);
        Answer { state, left_s: left.div_ceil(1000).max(1) }
    }

    async fn expire(&self, ticket: &Ticket) -> Result<Answer, Error> {
        decisions::expire(ticket, &self.desk).await?;
        Ok(self.seen(&self.found(ticket).await?))
    }

    /// Runs what is granted. What may run at another hour only, or has to be fetched by its agent,
    /// stays granted, and nothing is tried in vain: a refusal would be on record.
    async fn run(&self, ticket: &Ticket, deadline: Deadline) -> Result<Answer, Error> {
        let found = self.found(ticket).await?;
        let now = self.ports.clock.now();
        let document = found.waiting.sealed().document();
        let can = document.owner.is_some() && document.matter.demand.open_at(now);
        if found.phase(now) != Phase::Granted || !can {
            return Ok(self.seen(&found));
        }
        match enforce::run(ticket, deadline, &self.ports).await {
            Ok(_) => Ok(self.answer(&found, "done")),
            Err(refusal) => self.ended(ticket, &refusal).await,
        }
    }

    /// Whether it was used up before it failed decides whether it could be run once more.
    async fn ended(&self, ticket: &Ticket, refusal: &Refusal) -> Result<Answer, Error> {
        let (stage, word, kind) =
            (refusal.cause.stage(), refusal.cause.word(), refusal.cause.kind());
        tracing::warn!(request = ticket.request.as_str(), error = %chain(&refusal.cause), "not run");
        let found = self.found(ticket).await?;
        match (found.phase(self.ports.clock.now()), kind) {
            (Phase::Used, Kind::Unknown | Kind::Unavailable) => Ok(self.answer(&found, "unknown")),
            // Another run of it was faster, and knows how it ended.
            (Phase::Used, Kind::Conflict) => Ok(self.answer(&found, Phase::Used.name())),
            (Phase::Used, _) => Ok(self.answer(&found, "failed")),
            (Phase::Granted, Kind::Unavailable | Kind::Held | Kind::Timeout) => {
                Err(Error::Unavailable(stage))
            }
            (Phase::Granted, _) => Err(Error::Refused(stage, word)),
            (phase, _) => Ok(self.answer(&found, phase.name())),
        }
    }
}

/// The causes behind an error, for operators.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
