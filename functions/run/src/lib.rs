//! Runs what was approved, as a task of a workflow; it has no HTTP door.
