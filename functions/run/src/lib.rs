//! The function that runs what people approved, as a task of a workflow.
//!
//! It has no HTTP door and takes nobody's word: a task names a request that waits, and nothing else.
//! Who asked, for what, and whether it was approved lies in the store; whoever may start this function
//! can have approved requests run a little earlier, and can do no more than that.

pub mod handler;
#[cfg(feature = "aws")]
pub mod lambda;
mod runner;
mod task;

pub use runner::{Error, Runner};
pub use task::{Answer, Task, What};
