//! The rules of hops, each a sentence, over a store in memory and real keys.

mod begin;
mod event;
mod introspect;
mod keys;
mod memory;
mod races;
mod redeem;
mod renew;
mod revoke;
mod spawn;
mod stand;
