//! What carries a request that waits for people to its end, on both clouds: just enough of it.
//!
//! On AWS this is [`StepFunctions`]: the calls of Step Functions and SQS that our functions make, and in
//! place of an interpreter the steps of our one machine, `infra-terraform/workflow/approval.asl.json`,
//! written down once more. It runs no other machine. (The definition itself is carried out by moto's
//! interpreter in `tests`.) On Azure it is [`StorageQueues`]: `Put Message`, and a Functions host that
//! takes messages off two queues.

mod deliveries;
mod machine;
mod step_functions;
mod storage_queues;

pub use deliveries::Dead;
pub use step_functions::StepFunctions;
pub use storage_queues::{Error as StorageQueuesError, StorageQueues};
