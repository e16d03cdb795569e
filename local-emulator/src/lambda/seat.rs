//! What the pool and an instance both know of the instance.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use tokio::sync::mpsc;

use super::{
    instance::Job,
    stats::{Instance, State},
};
use crate::process::Handle;

/// One instance as the pool sees it.
#[derive(Debug)]
pub(super) struct Seat {
    /// Holds one job: the next one, which may wait there for the first poll.
    pub(super) jobs: mpsc::Sender<Job>,
    known: Mutex<Known>,
}

#[derive(Debug)]
struct Known {
    about: Instance,
    process: Option<Handle>,
}

impl Seat {
    pub(super) fn new(number: u64, jobs: mpsc::Sender<Job>) -> Self {
        let about = Instance {
            number,
            pid: None,
            state: State::Starting,
            answers: 0,
            first_poll: None,
            first_answer: None,
            peak_memory: None,
        };
        Self { jobs, known: Mutex::new(Known { about, process: None }) }
    }

    /// Takes it for one job, if it is idle.
    pub(super) fn claim(&self) -> bool {
        let mut known = self.known();
        let idle = known.about.state == State::Idle;
        if idle {
            known.about.state = State::Running;
        }
        idle
    }

    /// Says which process it is. False: it was ended before it began.
    pub(super) fn attach(&self, process: Handle) -> bool {
        let mut known = self.known();
        known.about.pid = Some(process.pid());
        known.process = Some(process);
        known.about.state != State::Ended
    }

    pub(super) fn polled(&self, at: Instant) {
        let mut known = self.known();
        known.about.first_poll = known.since_start(at);
        known.enter(State::Running);
    }

    /// From here on the next job may be put on the seat.
    pub(super) fn answered(&self, at: Instant) {
        let mut known = self.known();
        known.about.answers += 1;
        known.about.first_answer = known.about.first_answer.or(known.since_start(at));
        known.enter(State::Idle);
    }

    /// Takes no further job.
    pub(super) fn end(&self) {
        self.known().about.state = State::Ended;
    }

    pub(super) fn ended(&self) -> bool {
        self.known().about.state == State::Ended
    }

    /// Remembers the most memory; nobody can be asked once the process is gone.
    pub(super) fn measure(&self) {
        self.known().measure();
    }

    pub(super) fn about(&self) -> Instance {
        let mut known = self.known();
        known.measure();
        known.about.clone()
    }

    pub(super) fn process(&self) -> Option<Handle> {
        self.known().process.clone()
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// INVARIANT: an instance that has ended stays so, whatever it still says.
    fn enter(&mut self, state: State) {
        if self.about.state != State::Ended {
            self.about.state = state;
        }
    }

    fn since_start(&self, at: Instant) -> Option<std::time::Duration> {
        self.process.as_ref().map(|process| at.saturating_duration_since(process.started()))
    }

    fn measure(&mut self) {
        let now = self.process.as_ref().filter(|process| process.alive());
        self.about.peak_memory = self.about.peak_memory.max(now.and_then(Handle::peak_memory));
    }
}
