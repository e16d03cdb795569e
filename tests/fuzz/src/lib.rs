//! What strangers send, taken in by the front doors that they send it to.
//!
//! A target is a function of any bytes. It must come to an end without a panic and without growing,
//! and what it is believed to be must hold together; it fails by an assertion. The bytes are what a
//! stranger could sign, too: a claim behind a signature that nobody can make is never read, so that
//! the targets sign what they are given, by keys of their own.
//!
//! INVARIANT: the time and all keys that an input can hold are fixed. The same bytes go the same way in
//! every process, so that what was found once can be found again.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "what fails here has failed the test"
)]

mod event;
mod input;
pub mod memory;
mod proof;
mod rights;
mod signer;
mod stand;
mod token;

pub use event::event;
pub use proof::proof;
pub use rights::rights;
pub use token::token;

/// A function that takes anything.
pub type Target = fn(&[u8]);

/// All of them, by the name of their seeds and of their program for libFuzzer.
pub const TARGETS: [(&str, Target); 4] =
    [("event", event), ("proof", proof), ("rights", rights), ("token", token)];
