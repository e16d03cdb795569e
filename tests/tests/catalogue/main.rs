//! What a driver finds out about a PostgreSQL, held against what was made there: its catalogue, the
//! planner's estimates, and the proof that nothing has changed.

// Marked, so that clippy takes helpers for tests as well.
#[cfg(test)]
mod cache;
#[cfg(test)]
#[path = "../stages/stand/door.rs"]
#[expect(dead_code, reason = "it is made for more tests than these")]
mod door;
#[cfg(test)]
mod estimates;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod proof;
#[cfg(test)]
mod reviewed;
#[cfg(test)]
mod scene;
#[cfg(test)]
mod stamps;
#[cfg(test)]
mod survey;
#[cfg(test)]
mod views;

#[cfg(test)]
use scene::{NOW, Still};
