//! What an agent asks for, before anybody has believed a word of it.
//!
//! Everything here is plain data with a checked shape: lengths, alphabets and JSON are held to
//! their bounds, and nothing is trusted. Each later stage says what it came to trust, in a type of
//! its own.

mod ask;
mod digest;
pub mod json;
mod mistake;
mod names;
mod presented;
mod time;

use std::{future::Future, pin::Pin};

pub use ask::{Ask, Bearer, Params, Reason, Source, Statement, asked};
pub use digest::Digest;
pub use mistake::{Mistake, Mistakes};
pub use names::{IdempotencyKey, RequestId, SecretName, TargetName};
pub use presented::{Over, Presented, Proof, Scheme};
pub use time::{Clock, Deadline, Millis};

/// A future handed out by a port, so that ports can be used as `dyn`.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Why a piece of a request has not the shape it must have. User input never appears in full.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Nothing where something must be.
    #[error("`{0}` is empty")]
    Empty(&'static str),
    /// More than the bound: what, and how much is allowed.
    #[error("`{0}` is longer than {1}")]
    Long(&'static str, usize),
    /// A character outside of the alphabet: what, and what it may be made of.
    #[error("`{0}` may hold {1} only")]
    Alphabet(&'static str, &'static str),
    /// JSON that is not strict: the reason, with no text of the document.
    #[error("not strict JSON: {0}")]
    Json(String),
}
