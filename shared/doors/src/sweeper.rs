//! Forgetting what is over, where a store does not do it by itself.

use std::error::Error;

use request::Later;

/// Somebody who comes round now and then. What is over is read as over in any case; this is so that it is
/// not kept for ever.
pub trait Sweeper: Send + Sync {
    /// Deletes some of what is over, and gives how much.
    fn sweep(&self) -> Later<'_, Result<usize, Box<dyn Error + Send + Sync>>>;
}
