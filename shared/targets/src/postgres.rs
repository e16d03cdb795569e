//! Statements on PostgreSQL: extended protocol only, TLS always, a transaction of ours around it.

mod connection;
pub mod encode;
mod estimate;
mod holder;
pub mod params;
mod pour;
mod proof;
pub mod role;
mod session;
mod survey;

use std::{sync::Arc, time::Duration};

use catalogue::Draft;
use credentials::{Armed, Lent};
use masking::Veil;
use request::Later;
use tokio::time::{Instant, timeout_at};

use crate::{Driver, Error, Estimate, Once};
use connection::{Connection, Connections};
use holder::Holder;
use session::Left;

/// The driver for PostgreSQL. It keeps one idle connection for each target, with nothing of the last
/// caller on it.
pub struct Postgres {
    connections: Connections,
}

impl Postgres {
    /// A driver that trusts these authorities where a target names none of its own.
    #[must_use]
    pub fn new(authorities: Arc<rustls::RootCertStore>) -> Self {
        Self { connections: Connections::new(authorities) }
    }

    /// A connection inside a transaction, in which nothing has been executed yet but what is ours.
    ///
    /// A kept connection may have died while the process was frozen. Nothing of the agent's has been
    /// executed by then, so that a new one is opened.
    async fn begin<H: Holder>(
        &self,
        holder: &mut H,
        until: Instant,
    ) -> Result<(Connection, H::Begun), Error> {
        if let Some(kept) = self.connections.kept(holder) {
            let alive = until.min(Instant::now() + PROBE);
            match holder.begin(&kept, alive, until).await {
                Err(Error::Connection(_) | Error::Timeout) => {}
                begun => return begun.map(|begun| (kept, begun)),
            }
        }
        let opened = timeout_at(until, self.connections.open(holder)).await;
        let connection = opened.map_err(|_| Error::Timeout)??;
        let begun = holder.begin(&connection, until, until).await?;
        Ok((connection, begun))
    }
}

impl Driver for Postgres {
    fn run<'a>(
        &'a self,
        _: Once,
        armed: &'a mut Armed<'_>,
        veil: &'a mut Veil,
        within: Duration,
    ) -> Later<'a, Result<(), Error>> {
        Box::pin(async move {
            let until = Instant::now() + within;
            let (connection, statement) = self.begin(armed, until).await?;
            let left = session::run(&connection, armed, &statement, veil, until).await?;
            if left == Left::Clean {
                self.connections.keep(connection);
            }
            Ok(())
        })
    }

    fn survey<'a>(
        &'a self,
        lent: &'a mut Lent<'_>,
        within: Duration,
    ) -> Later<'a, Result<Draft, Error>> {
        Box::pin(async move {
            let until = Instant::now() + within;
            let (connection, ()) = self.begin(lent, until).await?;
            let survey = survey::survey(&connection, &lent.target().schema);
            let draft = timeout_at(until, survey).await.map_err(|_| Error::Timeout)??;
            self.connections.keep(connection);
            Ok(draft)
        })
    }

    fn estimate<'a>(
        &'a self,
        lent: &'a mut Lent<'_>,
        read: &'a Estimate<'a>,
        within: Duration,
    ) -> Later<'a, Result<u64, Error>> {
        Box::pin(async move {
            let until = Instant::now() + within;
            let (connection, ()) = self.begin(lent, until).await?;
            let estimate = estimate::estimate(&connection.client, read);
            let rows = timeout_at(until, estimate).await.map_err(|_| Error::Timeout)??;
            self.connections.keep(connection);
            Ok(rows)
        })
    }
}

/// A question of ours, with the texts in it that several have in common.
fn stamped(question: &str) -> String {
    question.replace(":stamp", STAMP).replace(":casts", CASTS)
}

const STAMP: &str = include_str!("postgres/stamp.sql");

const CASTS: &str = include_str!("postgres/casts.sql");

/// An idle connection answers within a round trip or is dead.
const PROBE: Duration = Duration::from_millis(500);
