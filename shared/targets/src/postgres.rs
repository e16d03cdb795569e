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

use crate::{Driver, Error, Once};
use connection::Connections;

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
            let until = tokio::time::Instant::now() + within;
            let connection = tokio::time::timeout_at(until, self.connections.open(armed))
                .await
                .map_err(|_| Error::Timeout)??;
            if session::run(&connection, armed, veil, until).await? == pour::Poured::Whole {
                self.connections.keep(connection).await;
            }
            Ok(())
        })
    }
}
