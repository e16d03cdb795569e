//! Room on the stack for whatever follows how deep a statement is nested.

/// Runs this on a stack on which the deepest statement can be read and written: on the caller's where
/// that has the room, else on one that is made for it.
///
/// The decoder of parse trees goes no deeper than a hundred levels, but one function decodes nodes of
/// every kind, and keeps room for all of them on each level. How much that is, the compiler decides: 0.7
/// megabytes on the deepest statement in a release build, and with a little less optimisation more than
/// the two that Rust's and tokio's threads have. A stack that overflows ends the process.
pub(crate) fn with_room<T>(reads: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(LEAST, MADE, reads)
}

/// More than twice of the most that was measured, and less than the eight megabytes of a process's first
/// thread.
const LEAST: usize = 6 << 20;
const MADE: usize = 16 << 20;
