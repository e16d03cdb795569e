//! Connections: TLS with the host's name checked, a login from the vault, at most one kept idle.

use std::{
    collections::HashMap,
    future::poll_fn,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::{Duration, Instant},
};

use policy::Target;
use request::TargetName;
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use tokio::task::JoinHandle;
use tokio_postgres::{Client, Config, Statement, config::SslMode, error::SqlState};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{
    holder::Holder,
    proof,
    role::{self, Asked, GRAMMAR},
};
use crate::Error;

/// A connection in use by one request.
pub(super) struct Connection {
    pub(super) client: Client,
    pub(super) tls: MakeRustlsConnect,
    /// The question of [`super::proof`], prepared as the connection is opened.
    pub(super) question: OnceLock<Statement>,
    target: TargetName,
    version: String,
    since: Instant,
    major: Option<u32>,
    wire: JoinHandle<()>,
}

impl Connection {
    /// The server's major version; one that is not known is newer than any.
    pub(super) fn major(&self) -> u32 {
        self.major.unwrap_or(u32::MAX)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // What is dropped and not kept is closed at once; the server rolls back whatever was open.
        self.wire.abort();
    }
}

/// How connections are made, and the idle ones.
pub(super) struct Connections {
    authorities: Arc<RootCertStore>,
    idle: Mutex<HashMap<TargetName, Connection>>,
}

impl Connections {
    pub(super) fn new(authorities: Arc<RootCertStore>) -> Self {
        Self { authorities, idle: Mutex::default() }
    }

    /// A new connection to the target of whoever holds its login, under that login. A login that the server
    /// refuses is fetched anew, once: it may have been rotated a moment ago.
    pub(super) async fn open(&self, holder: &mut impl Holder) -> Result<Connection, Error> {
        let connection = match self.connect(holder).await {
            Err(error) if refused_login(&error) => {
                if !holder.renew().await? {
                    return Err(Error::Login);
                }
                self.connect(holder).await.map_err(|error| match refused_login(&error) {
                    true => Error::Login,
                    false => Error::Connection(Box::new(error)),
                })
            }
            Err(error) => Err(Error::Connection(Box::new(error))),
            Ok(connection) => Ok(connection),
        }
        .and_then(known_version)?;
        role::refuse(&connection.client, &Asked::of(holder.target())).await?;
        proof::prepare(&connection).await?;
        Ok(connection)
    }

    /// Keeps a connection for the next request. Nothing of this one may be left on it.
    pub(super) fn keep(&self, connection: Connection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.insert(connection.target.clone(), connection);
    }

    /// The idle connection, if it is still one of this login. Whether it is alive, the first
    /// statement on it will tell.
    pub(super) fn kept(&self, holder: &impl Holder) -> Option<Connection> {
        let target = &holder.target().name;
        let kept = self.idle.lock().unwrap_or_else(PoisonError::into_inner).remove(target)?;
        let usable = kept.version == holder.version()
            && kept.since.elapsed() < LONGEST
            && !kept.client.is_closed();
        usable.then_some(kept)
    }

    async fn connect(&self, holder: &impl Holder) -> Result<Connection, tokio_postgres::Error> {
        let target = holder.target();
        let tls = MakeRustlsConnect::new(self.tls(target));
        let config = config(target, holder.login());
        let (client, mut wire) = config.connect(tls.clone()).await?;
        let major = server_major(wire.parameter("server_version"));
        // Notices are read and dropped here: they may quote values.
        let wire = tokio::spawn(async move {
            while let Some(Ok(_)) = poll_fn(|context| wire.poll_message(context)).await {}
        });
        Ok(Connection {
            client,
            tls,
            question: OnceLock::new(),
            target: target.name.clone(),
            version: holder.version().to_owned(),
            since: Instant::now(),
            major,
            wire,
        })
    }

    /// Only the target's own authority where it has one. A broken file leaves no authority at all, so
    /// that nothing is trusted.
    fn tls(&self, target: &Target) -> ClientConfig {
        let roots = match &target.authority {
            None => Arc::clone(&self.authorities),
            Some(pem) => Arc::new(authority(pem)),
        };
        ClientConfig::builder().with_root_certificates(roots).with_no_client_auth()
    }
}

#[expect(clippy::disallowed_methods, reason = "the driver that logs in")]
fn config(target: &Target, login: &credentials::Login) -> Config {
    let mut config = Config::new();
    config
        .host(&target.host)
        .port(target.port)
        .dbname(&target.database)
        .user(login.username())
        .password(login.expose_password())
        .application_name("postern")
        .ssl_mode(SslMode::Require)
        .connect_timeout(CONNECT);
    config
}

fn authority(pem: &str) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()).flatten() {
        // One that is no certificate adds no trust.
        let _ = roots.add(certificate);
    }
    roots
}

fn refused_login(error: &tokio_postgres::Error) -> bool {
    matches!(
        error.code(),
        Some(&SqlState::INVALID_PASSWORD | &SqlState::INVALID_AUTHORIZATION_SPECIFICATION)
    )
}

/// A newer server may read a statement otherwise than our grammar does.
fn known_version(connection: Connection) -> Result<Connection, Error> {
    match connection.major {
        Some(major) if major <= GRAMMAR => Ok(connection),
        _ => Err(Error::Version),
    }
}

/// The major version in `15.18 (Debian 15.18-0+deb12u1)`.
fn server_major(version: Option<&str>) -> Option<u32> {
    version?.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Name lookup, TCP, TLS and login.
const CONNECT: Duration = Duration::from_secs(5);

/// As long as a credential is kept.
const LONGEST: Duration = credentials::Vault::KEEP;
