//! Statements on PostgreSQL: extended protocol only, TLS always, a transaction of ours around it.

mod catalogue;
mod connection;
pub mod encode;
pub mod params;
mod pour;
mod session;

use std::{sync::Arc, time::Duration};

use credentials::Armed;
use masking::Veil;
use request::Later;
use tokio::time::{Instant, timeout_at};

use crate::{Driver, Error, Once};
use catalogue::Catalogue;
use connection::{Connection, Connections};
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

    /// A connection inside a transaction, and what the statement's names are there.
    ///
    /// A kept connection may have died while the process was frozen. Nothing of the agent's has been
    /// sent by then, so that a new one is opened.
    async fn begin(
        &self,
        armed: &mut Armed<'_>,
        until: Instant,
    ) -> Result<(Connection, Catalogue), Error> {
        if let Some(kept) = self.connections.kept(armed) {
            let alive = until.min(Instant::now() + PROBE);
            match session::begin(&kept, armed, alive, until).await {
                Err(Error::Connection(_) | Error::Timeout) => {}
                begun => return begun.map(|catalogue| (kept, catalogue)),
            }
        }
        let opened = timeout_at(until, self.connections.open(armed)).await;
        let connection = opened.map_err(|_| Error::Timeout)??;
        let catalogue = session::begin(&connection, armed, until, until).await?;
        Ok((connection, catalogue))
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
            let (connection, catalogue) = self.begin(armed, until).await?;
            let left = session::run(&connection, &catalogue, armed, veil, until).await?;
            if left == Left::Clean {
                self.connections.keep(connection);
            }
            Ok(())
        })
    }
}

/// An idle connection answers within a round trip or is dead.
const PROBE: Duration = Duration::from_millis(500);
