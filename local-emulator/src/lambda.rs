//! A Lambda service for one function: real binaries behind a Function URL, one request at a time each.
//!
//! An instance is a process of the function's binary that polls a Runtime API of its own. It is
//! started when a request finds no instance free, frozen (SIGSTOP) as soon as it polls for more,
//! thawed for the next request, and killed when a request outlasts the function's timeout.

mod answer;
mod door;
mod environment;
mod event;
mod instance;
mod invoke;
mod pool;
mod runtime_api;
mod seat;
mod stats;

use std::{collections::BTreeMap, io, path::PathBuf, sync::Arc, time::Duration};

use tokio::net::TcpListener;

use self::pool::Pool;
pub use self::{
    door::Door,
    invoke::{Invoker, Unanswered},
    stats::{Instance, State, Stats},
};
use crate::{
    front::{self, Front},
    process::Log,
};

/// Why the service is not there.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is nothing to run.
    #[error("`{0}` is not a file that can be run")]
    Program(PathBuf, #[source] io::Error),
    /// The port of the Function URL is taken, or none is free.
    #[error("port {0} of 127.0.0.1 cannot be listened on")]
    Listen(u16, #[source] io::Error),
}

/// One function and its settings.
#[derive(Clone, Debug)]
pub struct Config {
    /// The function's name; its instances are `name#1`, `name#2` … in the log.
    pub name: String,
    /// The binary that is called `bootstrap` in a package.
    pub program: PathBuf,
    /// The function's own variables, on top of those that Lambda sets.
    pub env: BTreeMap<String, String>,
    /// What stands between the caller and the function.
    pub door: Door,
    /// The port of the Function URL; 0 takes a free one.
    pub port: u16,
    /// Reserved concurrency: the most instances at a time.
    pub max_instances: usize,
    /// How long one invocation may take; 29 s and less leave an API Gateway its 30.
    pub timeout: Duration,
    /// How long a new process may take until its first poll.
    pub init_timeout: Duration,
    /// After how long without a request an instance is ended; `None`: never.
    pub idle: Option<Duration>,
    /// What the function is told of its memory, in MB. It is not held to it: see
    /// [`Instance::peak_memory`].
    pub memory_mb: u32,
    /// Where it believes to be.
    pub region: String,
    /// Where its lines go.
    pub log: Log,
}

impl Config {
    /// Lambda's own defaults where there are any, and at most 24 instances: a burst of ten does not throttle
    /// others, and one of hundreds does not start as many processes.
    #[must_use]
    pub fn new(name: impl Into<String>, program: impl Into<PathBuf>) -> Self {
        Self {
            name: name.into(),
            program: program.into(),
            env: BTreeMap::new(),
            door: Door::FunctionUrl,
            port: 0,
            max_instances: 24,
            timeout: Duration::from_secs(3),
            init_timeout: Duration::from_secs(10),
            idle: None,
            memory_mb: 128,
            region: "us-east-1".into(),
            log: Log::default(),
        }
    }
}

/// A running service. Dropping it kills the processes that it started, and no others.
#[derive(Debug)]
pub struct Host {
    front: Front,
    pool: Arc<Pool>,
}

impl Host {
    /// Opens the Function URL. No process is started before the first request.
    ///
    /// # Errors
    /// The binary is not there, or the port is not.
    pub async fn start(config: Config) -> Result<Self, Error> {
        let unheard = |source| Error::Listen(config.port, source);
        Self::start_at(front::listen(config.port).await.map_err(unheard)?, config)
    }

    /// The same behind a port that is ours already, whatever the configuration says: for a function
    /// that has to be told its own address.
    pub(crate) fn start_at(listener: TcpListener, mut config: Config) -> Result<Self, Error> {
        let found = config.program.canonicalize().and_then(runnable);
        config.program = found.map_err(|source| Error::Program(config.program.clone(), source))?;
        let (port, door) = (config.port, config.door);
        let unheard = |source| Error::Listen(port, source);
        let pool = Arc::new(Pool::new(config));
        let routes = door::routes(door, Arc::clone(&pool));
        Ok(Self { front: Front::open(listener, routes).map_err(unheard)?, pool })
    }

    /// The Function URL, without a slash at its end.
    #[must_use]
    pub fn url(&self) -> String {
        front::url(self.front.address())
    }

    /// The other way in: `Invoke`, for whatever calls the function by its name.
    #[must_use]
    pub fn invoker(&self) -> Invoker {
        Invoker::new(&self.pool)
    }

    /// What happened so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.pool.stats()
    }

    /// Kills one instance, in the middle of whatever it does. False if there is none of this id.
    #[must_use]
    pub fn kill(&self, pid: u32) -> bool {
        self.pool.with(pid, crate::process::Handle::kill)
    }

    /// Stops one instance in the middle of whatever it does; its timeout goes on. False if there is
    /// none of this id.
    #[must_use]
    pub fn freeze(&self, pid: u32) -> bool {
        self.pool.with(pid, crate::process::Handle::freeze)
    }

    /// Lets a frozen instance run on. False if there is none of this id.
    #[must_use]
    pub fn thaw(&self, pid: u32) -> bool {
        self.pool.with(pid, crate::process::Handle::thaw)
    }

    /// Ends all instances and returns when they are gone.
    pub async fn stop(self) {
        self.front.close();
        for ended in self.pool.close() {
            ended.exited().await;
        }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.pool.close();
    }
}

/// What neither cloud can start is better said before the first request.
pub(crate) fn runnable(path: PathBuf) -> io::Result<PathBuf> {
    use std::os::unix::fs::PermissionsExt as _;
    let about = path.metadata()?;
    if about.is_file() && about.permissions().mode() & 0o111 != 0 {
        Ok(path)
    } else {
        Err(io::ErrorKind::PermissionDenied.into())
    }
}
