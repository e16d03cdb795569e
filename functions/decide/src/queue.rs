//! The queue's side of the function: has people asked, keeps what waits for them alive, and tells them
//! how it ended.
//!
//! A message names a request and decides nothing. What is true is looked up, each time; so a message
//! may come late, twice, or not at all. One that nobody can read is refused, again and again, until the
//! platform puts it aside: into a dead-letter queue on AWS, into `approvals-poison` on Azure.

pub mod handler;
#[cfg(feature = "aws")]
pub mod lambda;
mod message;
mod people;
#[cfg(test)]
mod tests;

use approvals::{Notice, Phase, Unheard, WakeToken};
use decisions::{Desk, Found};

pub use message::{Kind, Message};
pub use people::People;

/// Why a message has to come again.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is no message of ours, or about a request that never waited. It will not get better.
    #[error("this is no message about a request that waits")]
    Poison,
    /// Something that is needed cannot be reached.
    #[error("`{0}` cannot be reached at the moment")]
    Unavailable(&'static str),
}

impl From<decisions::Error> for Error {
    fn from(error: decisions::Error) -> Self {
        match &error {
            decisions::Error::Missing
            | decisions::Error::Ended
            | decisions::Error::Approvals(_) => {
                tracing::error!(%error, "a message is about a request that cannot be read");
                Self::Poison
            }
            decisions::Error::Busy | decisions::Error::Ledger(_) => {
                tracing::warn!(%error, "the store cannot be used");
                Self::Unavailable("the store")
            }
        }
    }
}

/// Everything that messages need.
pub struct Queue {
    desk: Desk,
    people: People,
}

impl Queue {
    /// Over these ports. Whoever reminds us is the desk's waker.
    #[must_use]
    pub fn new(desk: Desk, people: People) -> Self {
        Self { desk, people }
    }

    /// As this process is configured.
    ///
    /// # Errors
    /// Every mistake of the configuration.
    #[cfg(any(feature = "aws", feature = "azure"))]
    pub fn configured(cloud: &doors::Cloud) -> Result<Self, request::Mistakes> {
        let clock = std::sync::Arc::new(host::SystemClock);
        let ledger = std::sync::Arc::new(audit::Ledger::new(cloud.store(), clock));
        let desk = Desk { ledger, waker: cloud.waker()? };
        let settings = cloud.settings();
        let people = People::read(&settings.config, settings.page.clone(), || cloud.secrets())?;
        Ok(Self::new(desk, people))
    }

    /// Does what one message wants.
    ///
    /// # Errors
    /// [`Error`]: it is to come again.
    pub async fn take(&self, message: &[u8]) -> Result<(), Error> {
        let Some(message) = Message::read(message) else {
            // What it says is not told: whatever is in there is not ours.
            tracing::error!(bytes = message.len(), "a message cannot be read");
            return Err(Error::Poison);
        };
        let request = message.notice.ticket.request.as_str();
        tracing::info!(request, kind = message.kind.name(), "message taken");
        match &message.kind {
            Kind::Ask(token) => self.ask(&message.notice, token.as_ref()).await,
            Kind::Report(end) => {
                let found = self.found(&message.notice).await?;
                self.people.told_end(&message.notice, end, &found, &self.desk).await;
                Ok(())
            }
            Kind::Waits(token) => self.remind(&message.notice, token.as_ref()).await,
        }
    }

    /// The token lies there before anybody is asked: who decides in the next moment finds it. Who
    /// decided in the moment before is found here.
    async fn ask(&self, notice: &Notice, token: Option<&WakeToken>) -> Result<(), Error> {
        let found = self.found(notice).await?;
        if let Some(token) = token {
            decisions::leave(&notice.ticket, token, &self.desk).await?;
        }
        if found.phase(self.desk.ledger.now()) == Phase::Pending {
            self.people.asked(&found, &self.desk).await;
        }
        self.remind(notice, token).await
    }

    /// The request, if it is the very one that the message names.
    async fn found(&self, notice: &Notice) -> Result<Found, Error> {
        let found = decisions::find(&notice.ticket, &self.desk.ledger).await?;
        found.filter(|found| found.waiting.sealed().digest() == notice.digest).ok_or(Error::Poison)
    }

    /// Keeps alive what waits, and wakes what need not wait any longer. What is granted is not over:
    /// the one who runs it may not have heard, and may hear it as often as it is said.
    async fn remind(&self, notice: &Notice, token: Option<&WakeToken>) -> Result<(), Error> {
        match decisions::look(&notice.ticket, &self.desk).await? {
            Phase::Pending => self.waits(notice, token).await,
            Phase::Granted => {
                self.decided(notice, Phase::Granted, token).await?;
                self.waits(notice, token).await
            }
            // Whoever waits is told by the step itself.
            Phase::Expired => {
                decisions::expire(&notice.ticket, &self.desk).await?;
                Ok(())
            }
            // Whoever ended it has told so, if they came to it. Only what holds a token still waits.
            phase if token.is_some() => self.decided(notice, phase, token).await,
            Phase::Refused | Phase::Used | Phase::Withdrawn => Ok(()),
        }
    }

    async fn decided(
        &self,
        notice: &Notice,
        phase: Phase,
        token: Option<&WakeToken>,
    ) -> Result<(), Error> {
        match &self.desk.waker {
            Some(waker) => heard(waker.decided(notice, phase, token).await),
            None => Ok(()),
        }
    }

    async fn waits(&self, notice: &Notice, token: Option<&WakeToken>) -> Result<(), Error> {
        match &self.desk.waker {
            Some(waker) => heard(waker.waits(notice, token).await),
            None => Ok(()),
        }
    }
}

/// What is gone was woken, or gave up, and looks for itself.
fn heard(answer: Result<(), Unheard>) -> Result<(), Error> {
    match answer {
        Ok(()) | Err(Unheard::Gone) => Ok(()),
        Err(error @ Unheard::Unavailable(_)) => {
            tracing::warn!(%error, source = ?std::error::Error::source(&error), "nobody was woken");
            Err(Error::Unavailable("the workflow"))
        }
    }
}
