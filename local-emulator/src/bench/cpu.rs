//! The time that a thread of ours has computed: what others do on the same machine is not in it.

use std::{hint::black_box, time::Duration};

use nix::time::{ClockId, clock_gettime};

/// What somebody makes, and how long this thread computed for it.
pub(super) fn timed<T>(make: impl FnOnce() -> T) -> (T, Duration) {
    let began = now();
    let made = black_box(make());
    (made, now().saturating_sub(began))
}

/// A clock that cannot be read stands still, and what it timed took no time at all.
fn now() -> Duration {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).map_or(Duration::ZERO, Duration::from)
}
