//! Hops: how one is made, renewed and ended, each narrower than the one above it.
//!
//! A principal with its issuer's token begins a tree ([`exchange()`]); a node makes a child and gets a
//! ticket for it ([`spawn()`]); the child brings the ticket and its own key ([`redeem()`]) and has a
//! token of its own, of which its parent never sees a byte. A node with a key renews its token
//! ([`exchange()`] again). Ending a node ends all below it ([`revoke()`], [`event()`]).
//!
//! Everything of a tree lies in one partition of the store, so that each of these is one commit:
//! what becomes true, the record of it, and the condition that nothing above was revoked. A token
//! leaves only after its commit, and only if [`identity`] believes it as it would anybody's.
//!
//! | item | what it holds |
//! |---|---|
//! | `node:…` | a node: its way down from the root, its ticket or its key, how many children it has |
//! | `account:…` | the budget of a node that has one |
//! | `revoked` | the nodes that were ended; who is below one of them is ended too |
//! | `root:…` (of a principal) | a tree that the principal began |
//! | `event:…` (of a principal) | an event of its issuer that was heard to the end |

mod actor;
mod begin;
mod call;
mod error;
mod event;
mod exchange;
mod introspect;
mod mint;
mod node;
mod redeem;
mod renew;
mod revoke;
mod signer;
mod spawn;
mod ticket;
mod wish;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use audit::Ledger;
use identity::{Own, Verifier};
use policy::Policies;
use request::{Clock, Millis};

pub use call::Call;
pub use error::{Code, Error};
pub use event::event;
pub use exchange::{Exchange, exchange};
pub use introspect::{Introspect, introspect};
pub use mint::Issued;
pub use redeem::{Redeem, redeem};
pub use revoke::{Revoke, revoke};
pub use signer::{SignError, Signer};
pub use spawn::{Spawn, Spawned, spawn};
pub use ticket::Ticket;
pub use wish::Wish;

/// What the making and ending of nodes needs.
pub struct Ports {
    /// Believes callers, and knows our own issuer.
    pub verifier: Arc<Verifier>,
    /// Says who may hand what on.
    pub policies: Arc<Policies>,
    /// Keeps the nodes, and the record of what became of them.
    pub ledger: Arc<Ledger>,
    /// Signs our tokens.
    pub signer: Arc<dyn Signer>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl Ports {
    /// Our own issuer.
    ///
    /// # Errors
    /// [`Error::Off`]: this deployment issues no tokens.
    pub fn own(&self) -> Result<&Own, Error> {
        self.verifier.own().ok_or(Error::Off)
    }

    pub(crate) fn now(&self) -> Millis {
        self.clock.now()
    }
}
