//! What a test may do to a running service: break it, and see what it was asked.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde_json::Value;

/// How a service misbehaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Connections are closed without an answer.
    Down,
    /// Every answer is a 500 in the service's own shape.
    Failing,
    /// Every answer comes so much later.
    Slow(Duration),
    /// Every answer is the service's own way to say that it was asked too often.
    Throttled,
}

/// The switch and the counters of one service. Clones are the same switch.
#[derive(Clone)]
pub struct Control(Arc<Mutex<State>>);

struct State {
    fault: Option<Fault>,
    failure: Value,
    throttled: (StatusCode, Value),
    requests: u64,
    calls: BTreeMap<&'static str, u64>,
}

impl Control {
    /// A service in good health, whose bodies of a failure and of asking it to wait look like this.
    /// It asks with a 429.
    #[must_use]
    pub fn new(failure: Value, throttled: Value) -> Self {
        let throttled = (StatusCode::TOO_MANY_REQUESTS, throttled);
        let calls = BTreeMap::new();
        Self(Arc::new(Mutex::new(State { fault: None, failure, throttled, requests: 0, calls })))
    }

    /// The same, asking to wait with another status.
    #[must_use]
    pub fn throttling_with(self, status: StatusCode) -> Self {
        self.state().throttled.0 = status;
        self
    }

    /// Breaks the service, or mends it with `None`. Holds for open connections too.
    pub fn set(&self, fault: Option<Fault>) {
        self.state().fault = fault;
    }

    /// How it misbehaves now.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        self.state().fault
    }

    /// How many requests reached it, well or broken.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.state().requests
    }

    /// How many calls of this kind it worked on; the service's documentation names the kinds.
    #[must_use]
    pub fn calls(&self, kind: &str) -> u64 {
        self.state().calls.get(kind).copied().unwrap_or_default()
    }

    pub(crate) fn count(&self, kind: &'static str) {
        *self.state().calls.entry(kind).or_default() += 1;
    }

    pub(super) fn arrived(&self) {
        self.state().requests += 1;
    }

    /// The answer that takes the place of the real one, if the fault is of that kind.
    pub(super) fn answer(&self) -> Option<Response> {
        let state = self.state();
        let (status, body) = match state.fault? {
            Fault::Failing => (StatusCode::INTERNAL_SERVER_ERROR, state.failure.clone()),
            Fault::Throttled => state.throttled.clone(),
            Fault::Down | Fault::Slow(_) => return None,
        };
        Some((status, Json(body)).into_response())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
