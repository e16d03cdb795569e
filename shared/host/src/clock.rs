//! The wall clock, read in one place.

use std::time::{SystemTime, UNIX_EPOCH};

use request::{Clock, Millis};

/// The clock of the machine.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the clock is read")]
    fn now(&self) -> Millis {
        // A clock before 1970 makes every token one of the future, so that all are refused.
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Millis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    }
}
