//! What an Azure Functions host counts and measures.

use std::time::Duration;

/// What happened since the host was started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Requests that were given to a handler.
    pub invocations: u64,
    /// Requests that found no handler: 503.
    pub refused: u64,
    /// Requests that a handler had and did not answer: 502, and 504 for the time it took.
    pub errors: u64,
    /// Every handler there ever was, oldest first; all but the first are restarts.
    pub workers: Vec<Worker>,
}

/// One process of the custom handler.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Worker {
    /// Counted from 1; the log calls it `name#number`.
    pub number: u64,
    /// Its process id, which is also its group's; `None` when it could not be started.
    pub pid: Option<u32>,
    /// Whether it is the one that gets requests.
    pub serving: bool,
    /// Answers it gave.
    pub answers: u64,
    /// From just before the fork until it listened.
    pub listening: Option<Duration>,
    /// From just before the fork to the head of its first answer.
    pub first_answer: Option<Duration>,
    /// The most memory it was seen to hold, in bytes (VmHWM of proc(5)).
    pub peak_memory: Option<u64>,
}
