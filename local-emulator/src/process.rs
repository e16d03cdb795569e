//! A child process that dies with us and is heard line by line.
//!
//! Every child leads a process group of its own, so that a Ctrl-C on our terminal does not reach it
//! before we do, and so that its children go with it. When we are killed ourselves nothing of ours
//! runs any more; the kernel then hangs up on orphaned groups that are stopped, and a Lambda process
//! that runs ends at its next poll.

mod log;

use std::{
    collections::BTreeMap,
    ffi::OsString,
    io,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    process::{ExitStatus, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use tokio::{
    net::TcpStream,
    process::{Child, Command},
    sync::watch,
};

pub use log::Log;

/// Why a process is not there.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It could not be started at all.
    #[error("`{0}` cannot be started")]
    Spawn(PathBuf, #[source] io::Error),
    /// It ended before it was ready.
    #[error("`{0}` ended before it was ready: {1}")]
    Exited(String, ExitStatus),
    /// It did not get ready in time.
    #[error("`{0}` was not ready after {1:?}")]
    Slow(String, Duration),
}

/// What to run. Its environment is this map and nothing else.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// How its lines are marked in the log.
    pub name: String,
    /// The executable.
    pub path: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// Its whole environment.
    pub env: BTreeMap<String, String>,
    /// Where it runs; our own folder if none is given.
    pub folder: Option<PathBuf>,
    /// Where its lines go.
    pub log: Log,
}

impl Program {
    /// Starts it, in a process group of its own. Needs a running tokio runtime.
    ///
    /// # Errors
    /// [`Error::Spawn`]: no such file, not executable, no processes left.
    pub fn start(self) -> Result<Process, Error> {
        let mut command = Command::new(&self.path);
        command.args(&self.args).env_clear().envs(&self.env).process_group(0).kill_on_drop(true);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        let started = Instant::now();
        let child = command.spawn().map_err(|source| Error::Spawn(self.path.clone(), source))?;
        Ok(watch_over(child, self.name, &self.log, started))
    }
}

/// A running process. Dropping it kills its whole group.
#[derive(Debug)]
pub struct Process(Handle);

impl Drop for Process {
    fn drop(&mut self) {
        self.0.kill();
    }
}

impl std::ops::Deref for Process {
    type Target = Handle;

    fn deref(&self) -> &Handle {
        &self.0
    }
}

/// A hold on a process that does not keep it alive.
#[derive(Clone, Debug)]
pub struct Handle(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    name: String,
    pid: u32,
    started: Instant,
    exit: watch::Receiver<Option<ExitStatus>>,
    killed: AtomicBool,
}

impl Handle {
    /// Another hold on it.
    #[must_use]
    pub fn handle(&self) -> Self {
        self.clone()
    }

    /// Its id, which is also its group's.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.0.pid
    }

    /// When it was started, just before the fork.
    #[must_use]
    pub fn started(&self) -> Instant {
        self.0.started
    }

    /// Whether it runs (or is frozen) and has not been told to die.
    #[must_use]
    pub fn alive(&self) -> bool {
        !self.0.killed.load(Ordering::SeqCst) && self.exit_status().is_none()
    }

    /// How it ended, if it did.
    #[must_use]
    pub fn exit_status(&self) -> Option<ExitStatus> {
        *self.0.exit.borrow()
    }

    /// Waits for its end. `None` when the runtime that watched over it is gone.
    pub async fn exited(&self) -> Option<ExitStatus> {
        let mut exit = self.0.exit.clone();
        exit.wait_for(Option::is_some).await.ok().and_then(|status| *status)
    }

    /// Stops its whole group, mid-instruction: SIGSTOP.
    pub fn freeze(&self) {
        self.signal(Signal::SIGSTOP);
    }

    /// Lets its group run on: SIGCONT.
    pub fn thaw(&self) {
        self.signal(Signal::SIGCONT);
    }

    /// Asks it to end: SIGTERM.
    pub fn terminate(&self) {
        self.signal(Signal::SIGTERM);
    }

    /// Asks it to end in an order of its own making: SIGINT.
    pub fn interrupt(&self) {
        self.signal(Signal::SIGINT);
    }

    /// Ends its whole group at once, frozen or not: SIGKILL.
    pub fn kill(&self) {
        self.0.killed.store(true, Ordering::SeqCst);
        self.signal(Signal::SIGKILL);
    }

    /// The most memory it ever held, in bytes (VmHWM of proc(5)); `None` once it has ended.
    #[must_use]
    pub fn peak_memory(&self) -> Option<u64> {
        self.memory("VmHWM:")
    }

    /// The memory it holds now, in bytes (VmRSS of proc(5)); `None` once it has ended.
    #[must_use]
    pub fn resident(&self) -> Option<u64> {
        self.memory("VmRSS:")
    }

    /// Waits until the probe says yes, asking every few milliseconds.
    ///
    /// # Errors
    /// [`Error::Exited`] as soon as the process ends, [`Error::Slow`] after this time.
    pub async fn wait_ready<F: Future<Output = bool>>(
        &self,
        within: Duration,
        probe: impl Fn() -> F,
    ) -> Result<(), Error> {
        let ready = async {
            while !probe().await {
                tokio::time::sleep(BETWEEN_PROBES).await;
            }
        };
        tokio::select! {
            () = ready => Ok(()),
            Some(status) = self.exited() => Err(Error::Exited(self.0.name.clone(), status)),
            () = tokio::time::sleep(within) => Err(Error::Slow(self.0.name.clone(), within)),
        }
    }

    fn signal(&self, signal: Signal) {
        if self.exit_status().is_some() {
            return;
        }
        if let Ok(pid) = i32::try_from(self.0.pid) {
            // It may have ended a moment ago; then there is nobody to tell.
            let _ = killpg(Pid::from_raw(pid), signal);
        }
    }

    fn memory(&self, field: &str) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.pid)).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix(field))?;
        let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
        Some(kilobytes * 1024)
    }
}

/// Whether somebody listens on this loopback port: a probe for [`Handle::wait_ready`].
pub async fn listening(port: u16) -> bool {
    TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await.is_ok()
}

fn watch_over(mut child: Child, name: String, log: &Log, started: Instant) -> Process {
    // Not yet waited for, so the id is there.
    let pid = child.id().unwrap_or_default();
    if let Some(pipe) = child.stdout.take() {
        tokio::spawn(log.clone().drain(name.clone(), pipe));
    }
    if let Some(pipe) = child.stderr.take() {
        tokio::spawn(log.clone().drain(name.clone(), pipe));
    }
    let (told, exit) = watch::channel(None);
    tokio::spawn(async move {
        let status = child.wait().await;
        // INVARIANT: no signal goes to an id that was given back. The kernel hands ids out in a
        // circle, so between the reaping above and the next line nobody else can have got this one.
        told.send_replace(status.ok());
    });
    Process(Handle(Arc::new(Inner { name, pid, started, exit, killed: AtomicBool::new(false) })))
}

/// Short against a start of 2 ms, long against the cost of asking.
const BETWEEN_PROBES: Duration = Duration::from_millis(1);

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Process {
        let program = Program {
            name: "sh".into(),
            path: "/bin/sh".into(),
            args: vec!["-c".into(), script.into()],
            env: BTreeMap::from([("ONLY".into(), "this".into())]),
            ..Program::default()
        };
        program.start().unwrap()
    }

    #[tokio::test]
    async fn a_dropped_process_takes_its_children_with_it() {
        let log = Log::default();
        let mut program =
            Program { path: "/bin/sh".into(), log: log.clone(), ..Program::default() };
        program.args = vec!["-c".into(), "sleep 60 & echo $!; wait".into()];
        let process = program.start().unwrap();
        process.wait_ready(Duration::from_secs(5), async || !log.lines().is_empty()).await.unwrap();
        let child = log.lines()[0].trim_start_matches(": ").to_owned();
        let end = process.handle();
        drop(process);
        end.exited().await;
        let gone = async || {
            // Dead, or dead and waiting for init to collect it.
            std::fs::read_to_string(format!("/proc/{child}/stat"))
                .map_or(true, |stat| stat.contains(") Z "))
        };
        for _ in 0..500 {
            if gone().await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        panic!("the child of the child lives on");
    }

    #[tokio::test]
    async fn nothing_of_our_environment_is_inherited() {
        let log = Log::default();
        let program = Program {
            name: "env".into(),
            path: "/usr/bin/env".into(),
            env: BTreeMap::from([("ONLY".into(), "this".into())]),
            log: log.clone(),
            ..Program::default()
        };
        let process = program.start().unwrap();
        process.exited().await;
        for _ in 0..500 {
            if !log.lines().is_empty() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        assert_eq!(log.lines(), ["env: ONLY=this"]);
    }

    #[tokio::test]
    async fn a_process_that_ends_early_is_told_from_one_that_is_slow() {
        let short = Duration::from_millis(50);
        let ended = shell("exit 3").wait_ready(Duration::from_secs(5), async || false).await;
        assert!(matches!(ended, Err(Error::Exited(_, status)) if status.code() == Some(3)));
        let slow = shell("sleep 60").wait_ready(short, async || false).await;
        assert!(matches!(slow, Err(Error::Slow(..))));
    }

    #[tokio::test]
    async fn memory_is_read_while_it_lives() {
        let process = shell("sleep 60");
        // Hardly any at first: the shell is about to become `sleep`.
        let held = async || process.peak_memory().is_some_and(|bytes| bytes > 100_000);
        process.wait_ready(Duration::from_secs(5), held).await.unwrap();
        process.kill();
        assert!(!process.alive());
        assert!(process.exited().await.is_some_and(|status| !status.success()));
        assert_eq!(process.resident(), None);
    }
}
