//! Both clouds on one machine, for development, demonstrations and tests.
//!
//! The functions are the real binaries. Around them: the two platforms that start, feed, freeze and
//! kill them ([`lambda`], [`azure`]), the services that they call, and an agent that calls them.

pub mod agent;
pub mod azure;
pub mod bench;
pub mod binaries;
pub mod ca;
pub mod cli;
pub mod configuration;
pub mod doctor;
pub mod emulator;
mod front;
pub mod issuer;
pub mod key;
pub mod key_vault;
pub mod lambda;
pub mod ledger;
pub mod lines;
pub mod managed_identity;
pub mod port;
pub mod postgres;
pub mod process;
pub mod program;
pub mod schema;
pub mod secrets_manager;
pub mod serve;
pub mod story;
pub mod workflow;
