//! The log of operations: JSON lines on standard output. What agents did is in the ledger, not here.

use std::io;

use request::{Mistake, Mistakes};
use tracing_subscriber::EnvFilter;

/// Starts logging what passes this filter.
///
/// Standard output, because Azure's host takes every line on standard error for an error.
///
/// # Errors
/// The filter cannot be read, or logging was started before.
pub fn log(filter: &str) -> Result<(), Mistakes> {
    let wrong =
        |text: String| Mistakes(vec![Mistake { file: "environment".into(), line: 0, text }]);
    let filter = EnvFilter::try_new(filter)
        .map_err(|_| wrong("`POSTERN_LOG` is not a filter such as `info`".into()))?;
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_env_filter(filter)
        .with_writer(io::stdout)
        .try_init()
        .map_err(|error| wrong(error.to_string()))
}
