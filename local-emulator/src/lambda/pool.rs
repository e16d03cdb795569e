//! Who gets a request: an instance that is free, a new one, or nobody.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use tokio::sync::{mpsc, oneshot};

use super::{
    Config,
    instance::{self, Failure, Job},
    seat::Seat,
    stats::{Instance, Stats},
};
use crate::process::Handle;

/// Why a request got no answer of the function.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    /// The service is being stopped.
    #[error("the service is being stopped")]
    Closed,
    /// The function had it and did not answer.
    #[error(transparent)]
    Failed(Failure),
    /// As many instances as there may be are taken.
    #[error("all instances are taken")]
    Throttled,
}

/// The instances of one function.
#[derive(Debug)]
pub(super) struct Pool {
    config: Arc<Config>,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    closed: bool,
    counts: Stats,
    /// In the order of their start.
    seats: Vec<Arc<Seat>>,
    past: Vec<Instance>,
}

impl Pool {
    pub(super) fn new(config: Config) -> Self {
        Self { config: Arc::new(config), kept: Mutex::default() }
    }

    /// Has this event answered. The request id is the caller's to choose, and must be new.
    pub(super) async fn invoke(&self, request_id: &str, event: Bytes) -> Result<Bytes, Error> {
        let mut first = true;
        loop {
            let (answer, heard) = oneshot::channel();
            let job = Job { request_id: request_id.into(), event: event.clone(), answer };
            self.kept().place(job, &self.config, first)?;
            first = false;
            // Nobody answers when the instance ended before it was given the event. Then the
            // function has not seen it, and another instance may.
            if let Ok(answer) = heard.await {
                return answer.map_err(|failure| self.failed(request_id, failure));
            }
        }
    }

    pub(super) fn stats(&self) -> Stats {
        let mut kept = self.kept();
        kept.sort_out();
        let mut stats = kept.counts.clone();
        stats.instances = kept.past.clone();
        stats.instances.extend(kept.seats.iter().map(|seat| seat.about()));
        stats.instances.sort_by_key(|instance| instance.number);
        stats
    }

    /// Does this to the living instance of this process id; false if there is none.
    pub(super) fn with(&self, pid: u32, then: impl FnOnce(&Handle)) -> bool {
        let asked = |process: &Handle| process.pid() == pid && process.alive();
        let found = self.kept().processes().find(asked);
        found.as_ref().map(then).is_some()
    }

    /// Kills all instances and starts no further one. Returns those that were there.
    pub(super) fn close(&self) -> Vec<Handle> {
        let mut kept = self.kept();
        kept.closed = true;
        let processes: Vec<Handle> = kept.processes().collect();
        kept.seats.iter().for_each(|seat| seat.end());
        processes.iter().for_each(Handle::kill);
        processes
    }

    fn failed(&self, request_id: &str, failure: Failure) -> Error {
        let mut kept = self.kept();
        kept.counts.errors += 1;
        kept.counts.timeouts += u64::from(matches!(failure, Failure::Timeout(_)));
        self.config.log.push(&self.config.name, &format!("request {request_id} failed: {failure}"));
        Error::Failed(failure)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn place(&mut self, job: Job, config: &Arc<Config>, first: bool) -> Result<(), Error> {
        if self.closed {
            return Err(Error::Closed);
        }
        self.sort_out();
        if let Some(job) = self.offer(job) {
            if self.seats.len() >= config.max_instances {
                self.counts.throttled += 1;
                return Err(Error::Throttled);
            }
            self.start(job, config);
        }
        self.counts.invocations += u64::from(first);
        Ok(())
    }

    /// Gives the job to an idle instance, or back. The oldest come first, so that what is not needed
    /// stays idle long enough to be ended.
    fn offer(&mut self, mut job: Job) -> Option<Job> {
        for seat in self.seats.iter().filter(|seat| seat.claim()) {
            match seat.jobs.try_send(job) {
                Ok(()) => return None,
                // It ended just now.
                Err(refused) => job = refused.into_inner(),
            }
        }
        Some(job)
    }

    fn start(&mut self, job: Job, config: &Arc<Config>) {
        self.counts.cold_starts += 1;
        let (jobs, waiting) = mpsc::channel(1);
        // The channel is new and holds one.
        let _ = jobs.try_send(job);
        let seat = Arc::new(Seat::new(self.counts.cold_starts, jobs));
        self.seats.push(Arc::clone(&seat));
        tokio::spawn(instance::run(Arc::clone(config), seat, waiting));
    }

    fn sort_out(&mut self) {
        for gone in self.seats.extract_if(.., |seat| seat.ended()) {
            self.past.push(gone.about());
        }
    }

    fn processes(&self) -> impl Iterator<Item = Handle> {
        self.seats.iter().filter_map(|seat| seat.process())
    }
}
