//! Many times of the same thing, as the two that are told.

use std::time::Duration;

use serde::Serialize;

/// The median and the 99th percentile, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(super) struct Spread {
    pub(super) p50_ms: f64,
    pub(super) p99_ms: f64,
    pub(super) max_ms: f64,
}

impl Spread {
    /// By nearest rank: each is a time that was measured. Zero where nothing was.
    pub(super) fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let rank = |percent: usize| {
            let at = (times.len() * percent).div_ceil(100).saturating_sub(1);
            times.get(at).copied().map_or(0.0, milliseconds)
        };
        Self { p50_ms: rank(50), p99_ms: rank(99), max_ms: rank(100) }
    }
}

/// Rounded to the microsecond; nothing here is measured better than that.
pub(super) fn milliseconds(time: Duration) -> f64 {
    rounded(time.as_secs_f64() * 1e3)
}

/// To three decimals.
pub(super) fn rounded(value: f64) -> f64 {
    (value * 1e3).round() / 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_times_that_were_measured() {
        let times = (1..=200).rev().map(Duration::from_millis).collect();
        assert_eq!(Spread::of(times), Spread { p50_ms: 100.0, p99_ms: 198.0, max_ms: 200.0 });
    }

    #[test]
    fn of_few_times_the_99th_percentile_is_the_longest() {
        let times = (1..=3).map(Duration::from_millis).collect();
        assert_eq!(Spread::of(times), Spread { p50_ms: 2.0, p99_ms: 3.0, max_ms: 3.0 });
        assert_eq!(Spread::of(Vec::new()), Spread { p50_ms: 0.0, p99_ms: 0.0, max_ms: 0.0 });
    }
}
