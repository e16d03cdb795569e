//! Whoever holds the login of a target: a statement on record, or a question of ours.

use credentials::{Armed, Error, Lent, Login};
use policy::Target;
use tokio::time::Instant;
use tokio_postgres::Statement;

use super::{connection::Connection, session};

/// Evidence with a login in it, and how its transaction begins.
pub(super) trait Holder: Send + Sync {
    /// Where to log in.
    fn target(&self) -> &Target;

    /// As whom.
    fn login(&self) -> &Login;

    /// The store's name for this version of the login.
    fn version(&self) -> &str;

    /// Fetches the login anew, once. Whether there is another one to try.
    fn renew(&mut self) -> impl Future<Output = Result<bool, Error>> + Send;

    /// What the server has understood once the transaction is open.
    type Begun: Send;

    /// Opens the transaction. Nothing is executed in it but what is ours. Whether the connection is alive
    /// has to be known at `alive`; the server gives up at `until`.
    fn begin(
        &self,
        on: &Connection,
        alive: Instant,
        until: Instant,
    ) -> impl Future<Output = Result<Self::Begun, crate::Error>> + Send;
}

impl Holder for Armed<'_> {
    fn target(&self) -> &Target {
        self.witnessed().cleared().vetted().permit().target()
    }

    fn login(&self) -> &Login {
        self.login()
    }

    fn version(&self) -> &str {
        self.version()
    }

    async fn renew(&mut self) -> Result<bool, Error> {
        self.renew().await
    }

    type Begun = Statement;

    async fn begin(
        &self,
        on: &Connection,
        alive: Instant,
        until: Instant,
    ) -> Result<Statement, crate::Error> {
        session::parse(on, self.witnessed().cleared().vetted(), alive, until).await
    }
}

impl Holder for Lent<'_> {
    fn target(&self) -> &Target {
        self.target()
    }

    fn login(&self) -> &Login {
        self.login()
    }

    fn version(&self) -> &str {
        self.version()
    }

    async fn renew(&mut self) -> Result<bool, Error> {
        self.renew().await
    }

    type Begun = ();

    async fn begin(
        &self,
        on: &Connection,
        alive: Instant,
        until: Instant,
    ) -> Result<(), crate::Error> {
        session::begin(on, self.target(), alive, until).await
    }
}
