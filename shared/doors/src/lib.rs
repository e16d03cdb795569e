//! The edge of every function: from a platform's event to its router, and from its settings to its
//! ports.
//!
//! The same router serves Lambda, Azure Functions and the emulator. What differs between platforms
//! is put beside a request as a [`host::Place`] by `lambda` and `custom_handler`. What a function
//! does is its own business; how it says no is the same everywhere: problem documents (RFC 9457)
//! and challenges (RFC 6750, RFC 9449, RFC 9728).

mod bounded;
mod challenge;
#[cfg(any(feature = "aws", feature = "azure"))]
mod cloud;
#[cfg(feature = "azure")]
pub mod custom_handler;
pub mod invocation;
#[cfg(feature = "aws")]
pub mod lambda;
pub mod openapi;
mod presented;
mod problem;
#[cfg(any(feature = "aws", feature = "azure"))]
mod start;
mod sweeper;

pub use bounded::bounded;
pub use challenge::{PROOFS, Wanted, metadata};
#[cfg(any(feature = "aws", feature = "azure"))]
pub use cloud::Cloud;
pub use presented::{one, over, presented, proof};
pub use problem::Problem;
#[cfg(any(feature = "aws", feature = "azure"))]
pub use start::{ended, mistake};
pub use sweeper::Sweeper;
