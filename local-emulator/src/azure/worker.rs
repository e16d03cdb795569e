//! Keeps one custom handler running.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::{Config, Stats, Worker, environment};
use crate::{
    port::Port,
    process::{self, Handle, Process, Program, listening},
};

/// The handlers of one app, of which at most one serves.
#[derive(Debug)]
pub(super) struct Crew {
    pub(super) config: Config,
    front: SocketAddr,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    closed: bool,
    counts: Stats,
    newest: Option<Handle>,
    held: Option<Port>,
    serving: Option<Serving>,
}

/// Where a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Serving {
    pub(super) port: u16,
    pub(super) number: u64,
}

/// How a request that reached a handler went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Went {
    Answered,
    Wrong,
}

impl Crew {
    pub(super) fn new(config: Config, front: SocketAddr) -> Self {
        Self { config, front, kept: Mutex::default() }
    }

    /// Starts a handler, and has it serve once it listens.
    pub(super) async fn hire(&self) -> Result<Process, process::Error> {
        let number = self.kept().next();
        let unbound = |source| process::Error::Spawn(self.config.program.clone(), source);
        let held = Port::reserve().map_err(unbound)?;
        let port = held.number();
        let process = self.program(number, port).start()?;
        if !self.kept().attach(number, process.handle(), held) {
            process.kill();
        }
        process.wait_ready(self.config.start_timeout, || listening(port)).await?;
        self.kept().serve(Serving { port, number }, process.started());
        Ok(process)
    }

    /// Who gets this request.
    pub(super) fn take(&self) -> Option<Serving> {
        let mut kept = self.kept();
        let serving = kept.serving;
        kept.counts.invocations += u64::from(serving.is_some());
        kept.counts.refused += u64::from(serving.is_none());
        serving
    }

    pub(super) fn done(&self, by: Serving, went: Went) {
        let mut kept = self.kept();
        match went {
            Went::Answered => kept.answered(by.number),
            Went::Wrong => kept.counts.errors += 1,
        }
    }

    pub(super) fn stats(&self) -> Stats {
        let mut kept = self.kept();
        kept.measure();
        kept.counts.clone()
    }

    /// Does this to the handler that runs; false if there is none.
    pub(super) fn with(&self, then: impl FnOnce(&Handle)) -> bool {
        let found = self.kept().newest.clone().filter(Handle::alive);
        found.as_ref().map(then).is_some()
    }

    /// Kills the handler, and starts no further one.
    pub(super) fn close(&self) -> Option<Handle> {
        let mut kept = self.kept();
        kept.closed = true;
        kept.retire();
        let newest = kept.newest.take();
        newest.as_ref().inspect(|process| process.kill());
        newest
    }

    fn program(&self, number: u64, port: u16) -> Program {
        Program {
            name: format!("{}#{number}", self.config.name),
            path: self.config.program.clone(),
            args: Vec::new(),
            env: environment::of(&self.config, self.front, port),
            folder: self.config.program.parent().map(Into::into),
            log: self.config.log.clone(),
        }
    }

    fn say(&self, text: &str) {
        self.config.log.push(&self.config.name, text);
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts a handler whenever one has ended. One that does not even start is tried again after a
/// while that grows.
pub(super) async fn supervise(crew: Arc<Crew>, first: Process) {
    let mut serving = Some(first);
    let mut pause = PAUSE;
    loop {
        if let Some(process) = serving.take() {
            let status = process.exited().await;
            crew.kept().retire();
            crew.say(&format!("the handler ended: {status:?}"));
            pause = PAUSE;
        }
        match crew.hire().await {
            Ok(process) => serving = Some(process),
            Err(error) => {
                crew.say(&format!("the handler did not start: {error}"));
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(PAUSE_MAX);
            }
        }
    }
}

impl Kept {
    fn next(&mut self) -> u64 {
        let number = self.counts.workers.last().map_or(1, |last| last.number + 1);
        self.counts.workers.push(Worker { number, ..Worker::default() });
        number
    }

    /// Says which process it is. False: the host was closed before it began.
    fn attach(&mut self, number: u64, process: Handle, held: Port) -> bool {
        if let Some(worker) = self.worker(number) {
            worker.pid = Some(process.pid());
        }
        self.newest = (!self.closed).then_some(process);
        self.held = Some(held);
        !self.closed
    }

    fn serve(&mut self, serving: Serving, started: Instant) {
        if self.closed {
            return;
        }
        self.serving = Some(serving);
        if let Some(worker) = self.worker(serving.number) {
            worker.serving = true;
            worker.listening = Some(started.elapsed());
        }
    }

    fn answered(&mut self, number: u64) {
        let since = self.newest.as_ref().map(|process| process.started().elapsed());
        let newest = self.counts.workers.last().map(|worker| worker.number);
        if let Some(worker) = self.worker(number) {
            worker.answers += 1;
            let since = since.filter(|_| newest == Some(number));
            worker.first_answer = worker.first_answer.or(since);
        }
    }

    /// No request goes to it any more.
    fn retire(&mut self) {
        self.measure();
        if let Some(serving) = self.serving.take()
            && let Some(worker) = self.worker(serving.number)
        {
            worker.serving = false;
        }
    }

    fn measure(&mut self) {
        let now = self.newest.as_ref().filter(|process| process.alive());
        let peak = now.and_then(Handle::peak_memory);
        if let Some(worker) = self.counts.workers.last_mut() {
            worker.peak_memory = worker.peak_memory.max(peak);
        }
    }

    fn worker(&mut self, number: u64) -> Option<&mut Worker> {
        self.counts.workers.iter_mut().rfind(|worker| worker.number == number)
    }
}

const PAUSE: Duration = Duration::from_millis(100);
const PAUSE_MAX: Duration = Duration::from_secs(5);
