//! An Azure Functions host for one function app: a real custom handler behind an HTTP front.
//!
//! Its `host.json` would say `enableForwardingHttpRequest` and an empty route prefix: requests reach
//! the handler as they came. The handler is started at once, and again whenever it ends.

mod environment;
mod forward;
mod stats;
mod worker;

use std::{collections::BTreeMap, io, path::PathBuf, sync::Arc, time::Duration};

use tokio::{net::TcpListener, task::JoinHandle};

pub use self::stats::{Stats, Worker};
use self::worker::Crew;
use crate::{
    front::{self, Front},
    lambda::runnable,
    process::{self, Log},
};

/// Why the host is not there.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is nothing to run.
    #[error("`{0}` is not a file that can be run")]
    Program(PathBuf, #[source] io::Error),
    /// The port of the front is taken, or none is free.
    #[error("port {0} of 127.0.0.1 cannot be listened on")]
    Listen(u16, #[source] io::Error),
    /// The first handler did not start.
    #[error("the custom handler did not start")]
    Handler(#[source] process::Error),
}

/// One function app and its settings.
#[derive(Clone, Debug)]
pub struct Config {
    /// The app's name; its handlers are `name#1`, `name#2` … in the log.
    pub name: String,
    /// The binary that `customHandler.description.defaultExecutablePath` names.
    pub program: PathBuf,
    /// The app settings, on top of those that the platform sets.
    pub env: BTreeMap<String, String>,
    /// The port of the front; 0 takes a free one.
    pub port: u16,
    /// How long a handler may take until it listens.
    pub start_timeout: Duration,
    /// How long a request may take. 230 s is when Azure's load balancer gives up.
    pub answer_timeout: Duration,
    /// How the app believes its region to be called.
    pub region: String,
    /// Where its lines go.
    pub log: Log,
}

impl Config {
    /// Azure's own defaults.
    #[must_use]
    pub fn new(name: impl Into<String>, program: impl Into<PathBuf>) -> Self {
        Self {
            name: name.into(),
            program: program.into(),
            env: BTreeMap::new(),
            port: 0,
            start_timeout: Duration::from_secs(30),
            answer_timeout: Duration::from_secs(230),
            region: "West Europe".into(),
            log: Log::default(),
        }
    }
}

/// A running host. Dropping it kills the processes that it started, and no others.
#[derive(Debug)]
pub struct Host {
    front: Front,
    crew: Arc<Crew>,
    supervisor: JoinHandle<()>,
}

impl Host {
    /// Opens the front and starts a handler; returns when the handler listens.
    ///
    /// # Errors
    /// The binary or the port is not there, or the handler ended or was too slow.
    pub async fn start(config: Config) -> Result<Self, Error> {
        let unheard = |source| Error::Listen(config.port, source);
        Self::start_at(front::listen(config.port).await.map_err(unheard)?, config).await
    }

    /// The same behind a port that is ours already, whatever the configuration says: for an app that
    /// has to be told its own address.
    pub(crate) async fn start_at(listener: TcpListener, mut config: Config) -> Result<Self, Error> {
        let found = config.program.canonicalize().and_then(runnable);
        config.program = found.map_err(|source| Error::Program(config.program.clone(), source))?;
        let port = config.port;
        let unheard = |source| Error::Listen(port, source);
        let address = listener.local_addr().map_err(unheard)?;
        let crew = Arc::new(Crew::new(config, address));
        let first = crew.hire().await.map_err(Error::Handler)?;
        let front = Front::open(listener, forward::routes(Arc::clone(&crew))).map_err(unheard)?;
        let supervisor = tokio::spawn(worker::supervise(Arc::clone(&crew), first));
        Ok(Self { front, crew, supervisor })
    }

    /// Where the app is, without a slash at its end.
    #[must_use]
    pub fn url(&self) -> String {
        front::url(self.front.address())
    }

    /// What happened so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.crew.stats()
    }

    /// Kills the handler, in the middle of whatever it does; another follows. False if none runs.
    #[must_use]
    pub fn kill(&self) -> bool {
        self.crew.with(process::Handle::kill)
    }

    /// Stops the handler in the middle of whatever it does. False if none runs.
    #[must_use]
    pub fn freeze(&self) -> bool {
        self.crew.with(process::Handle::freeze)
    }

    /// Lets a frozen handler run on. False if none runs.
    #[must_use]
    pub fn thaw(&self) -> bool {
        self.crew.with(process::Handle::thaw)
    }

    /// Ends the handler and returns when it is gone.
    pub async fn stop(self) {
        self.front.close();
        self.supervisor.abort();
        if let Some(ended) = self.crew.close() {
            ended.exited().await;
        }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.supervisor.abort();
        self.crew.close();
    }
}
