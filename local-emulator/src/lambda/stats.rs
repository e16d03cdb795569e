//! What a Lambda service counts and measures.

use std::time::Duration;

/// What happened since the service was started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Requests that were given to an instance.
    pub invocations: u64,
    /// Instances that were started for a request.
    pub cold_starts: u64,
    /// Requests that were turned away because all instances were taken.
    pub throttled: u64,
    /// Invocations that ended without an answer of the function; timeouts are among them.
    pub errors: u64,
    /// Invocations that were killed for the time they took.
    pub timeouts: u64,
    /// Every instance there ever was, oldest first.
    pub instances: Vec<Instance>,
}

impl Stats {
    /// The instances that have not ended.
    pub fn living(&self) -> impl Iterator<Item = &Instance> {
        self.instances.iter().filter(|instance| instance.state != State::Ended)
    }
}

/// One process of the function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// Counted from 1; the log calls it `name#number`.
    pub number: u64,
    /// Its process id, which is also its group's; `None` when it could not be started.
    pub pid: Option<u32>,
    /// What it does now.
    pub state: State,
    /// Answers it gave, errors among them.
    pub answers: u64,
    /// From just before the fork to the first poll.
    pub first_poll: Option<Duration>,
    /// From just before the fork to the first answer.
    pub first_answer: Option<Duration>,
    /// The most memory it was seen to hold, in bytes (VmHWM of proc(5)).
    pub peak_memory: Option<u64>,
}

/// What an instance does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is gone, or about to be.
    Ended,
    /// It has answered, and is frozen once it polls for more.
    Idle,
    /// It works on a request.
    Running,
    /// It has not polled yet.
    Starting,
}
