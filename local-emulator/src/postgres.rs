//! A real PostgreSQL on loopback, over TLS alone, with the database `shop` in a temporary folder.

mod cluster;
mod family;

use std::{
    io,
    net::Ipv4Addr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rustls::ClientConfig;
use tokio_postgres::{Client, config::SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;
use uuid::Uuid;

use self::cluster::Cluster;
use crate::{
    ca::{self, Authority},
    port::Port,
    process::{self, Log, Process},
};

/// The database with the demo's data.
pub const DATABASE: &str = "shop";

/// May read `customers`, `orders`, `documents`, `samples` and `bulk`, and write `orders`.
pub const ORDERS_AGENT: &str = "orders_agent";

/// May read `salaries` and nothing else.
pub const PAYROLL_AGENT: &str = "payroll_agent";

/// Why there is no database.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// PostgreSQL refuses to run as root, and there is nobody else to run as.
    #[error("there is no account `postgres` to run PostgreSQL as")]
    Account,
    /// Its server certificate could not be made.
    #[error("the database has no certificate")]
    Certificate(#[from] ca::Error),
    /// It runs and does not take us.
    #[error("the database cannot be reached")]
    Connect(#[source] tokio_postgres::Error),
    /// Its folder could not be made or written to.
    #[error("the folder of the database cannot be written")]
    Folder(#[source] io::Error),
    /// `initdb` failed; the log says why.
    #[error("`initdb` failed")]
    Initdb,
    /// There is no PostgreSQL on this machine.
    #[error("PostgreSQL is not installed under `{0}`")]
    Missing(&'static str),
    /// No free port.
    #[error("there is no free port for the database")]
    Port(#[source] io::Error),
    /// It did not start.
    #[error("the database does not start")]
    Process(#[from] process::Error),
    /// The data could not be loaded.
    #[error("the data cannot be loaded")]
    Seed(#[source] tokio_postgres::Error),
}

/// The passwords of the two agents' roles, and the key of masks. No `Debug`: they are secrets.
#[derive(Clone)]
pub struct Passwords {
    /// Of [`ORDERS_AGENT`].
    pub orders_agent: String,
    /// Of [`PAYROLL_AGENT`].
    pub payroll_agent: String,
    /// 32 letters, whose bytes the tokens of masked columns are made with.
    pub mask_key: String,
}

impl Passwords {
    /// New ones, recognisable in whatever they should never reach.
    #[must_use]
    pub fn canaries() -> Self {
        let mask_key = canary().chars().rev().take(32).collect();
        Self { orders_agent: canary(), payroll_agent: canary(), mask_key }
    }
}

/// A running server. Dropping it ends every process of it and removes its folder.
pub struct Postgres {
    cluster: Cluster,
    port: Port,
    password: String,
    tls: ClientConfig,
    postmaster: Mutex<Option<Process>>,
}

impl Postgres {
    /// Makes a database cluster, starts it on a free port and loads the data: about two seconds.
    /// What the server says goes to the log. Needs the runtime to outlive the server.
    ///
    /// # Errors
    /// PostgreSQL is not installed, does not start, or the data cannot be loaded.
    pub async fn start(
        authority: &Authority,
        passwords: &Passwords,
        log: &Log,
    ) -> Result<Self, Error> {
        let password = canary();
        let cluster = Cluster::make(&authority.issue(&[])?, &password, log).await?;
        let (tls, port) = (authority.client()?, Port::reserve().map_err(Error::Port)?);
        let server = Self { cluster, port, password, tls, postmaster: Mutex::default() };
        server.restart().await?;
        server.seed(passwords).await?;
        Ok(server)
    }

    /// The host name, which its certificate is for.
    #[must_use]
    pub fn host(&self) -> &'static str {
        "localhost"
    }

    /// The port, the same after a restart. It listens on 127.0.0.1 only.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port.number()
    }

    /// A connection to `shop` as this role, TLS verified in full. It closes with the client.
    ///
    /// # Errors
    /// The server is down, or refuses the role or its password.
    pub async fn connect(&self, role: &str, password: &str) -> Result<Client, Error> {
        self.open(role, password, DATABASE).await.map_err(Error::Connect)
    }

    /// A connection to `shop` that may do everything: for tests to look behind the scenes.
    ///
    /// # Errors
    /// The server is down.
    pub async fn superuser(&self) -> Result<Client, Error> {
        self.connect(SUPERUSER, &self.password).await
    }

    /// Gives a role a new password; connections that are open stay open.
    ///
    /// # Errors
    /// The server is down, or there is no such role.
    pub async fn set_password(&self, role: &str, password: &str) -> Result<(), Error> {
        let statement = format!("ALTER ROLE {role} PASSWORD {}", literal(password));
        self.superuser().await?.batch_execute(&statement).await.map_err(Error::Seed)
    }

    /// Ends every process of the server with SIGKILL, as a power cut would; nothing on disk is lost.
    pub async fn crash(&self) {
        if let Some(postmaster) = self.take() {
            family::kill(&postmaster);
            postmaster.exited().await;
        }
    }

    /// Stops every process of the server where it is: connections stay open and nobody answers.
    pub fn freeze(&self) {
        if let Some(postmaster) = self.postmaster().as_ref() {
            family::freeze(postmaster);
        }
    }

    /// Lets a frozen server run on.
    pub fn thaw(&self) {
        if let Some(postmaster) = self.postmaster().as_ref() {
            family::thaw(postmaster);
        }
    }

    /// Rolls open transactions back, closes connections and ends the server.
    pub async fn stop(&self) {
        if let Some(postmaster) = self.take() {
            family::thaw(&postmaster);
            postmaster.interrupt();
            postmaster.exited().await;
        }
    }

    /// Starts a server that crashed or was stopped, on the port it had; a running one is stopped
    /// first.
    ///
    /// # Errors
    /// It does not start.
    pub async fn restart(&self) -> Result<(), Error> {
        self.stop().await;
        let postmaster = self.cluster.run(self.port())?;
        postmaster.wait_ready(PATIENCE, || self.answers()).await?;
        *self.postmaster() = Some(postmaster);
        Ok(())
    }

    /// Listening is not enough: a server that recovers from a crash listens and refuses.
    async fn answers(&self) -> bool {
        let answers = self.open(SUPERUSER, &self.password, "postgres").await.is_ok();
        if !answers {
            // Each attempt costs the server a process.
            tokio::time::sleep(BETWEEN_ATTEMPTS).await;
        }
        answers
    }

    async fn seed(&self, passwords: &Passwords) -> Result<(), Error> {
        let outside =
            self.open(SUPERUSER, &self.password, "postgres").await.map_err(Error::Seed)?;
        outside.batch_execute("CREATE DATABASE shop").await.map_err(Error::Seed)?;
        let shop = self.superuser().await?;
        shop.batch_execute(include_str!("postgres/seed.sql")).await.map_err(Error::Seed)?;
        self.set_password(ORDERS_AGENT, &passwords.orders_agent).await?;
        self.set_password(PAYROLL_AGENT, &passwords.payroll_agent).await
    }

    async fn open(
        &self,
        role: &str,
        password: &str,
        database: &str,
    ) -> Result<Client, tokio_postgres::Error> {
        let mut config = tokio_postgres::Config::new();
        config.host(self.host()).hostaddr(Ipv4Addr::LOCALHOST.into()).port(self.port());
        config.user(role).password(password).dbname(database);
        config.ssl_mode(SslMode::Require).connect_timeout(CONNECT);
        let (client, connection) = config.connect(MakeRustlsConnect::new(self.tls.clone())).await?;
        // It ends when the client is dropped or the server goes; the client tells either.
        tokio::spawn(connection);
        Ok(client)
    }

    fn take(&self) -> Option<Process> {
        self.postmaster().take()
    }

    fn postmaster(&self) -> MutexGuard<'_, Option<Process>> {
        self.postmaster.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(postmaster) = self.take() {
            family::end(&postmaster);
        }
    }
}

/// A string constant of SQL; backslashes stand for themselves in it.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn canary() -> String {
    format!("canary-{}", Uuid::new_v4().simple())
}

const SUPERUSER: &str = "postgres";
const CONNECT: Duration = Duration::from_secs(5);
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(10);
/// A start takes 0.1 s on a quiet machine, longer after a crash.
const PATIENCE: Duration = Duration::from_secs(60);
