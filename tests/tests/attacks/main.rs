//! The 46 attacks on tokens, proofs, trees and keys that Postern is built to refuse, each with the
//! verdict that it must get. Those that need no state are judged by the verifier itself, the others
//! by the real functions of both clouds.

// Marked, so that clippy takes helpers for tests as well.
#[cfg(test)]
mod claims;
#[cfg(test)]
mod doors;
#[cfg(test)]
mod form;
#[cfg(test)]
mod issuers;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod names;
#[cfg(test)]
mod outage;
#[cfg(test)]
mod proofs;
#[cfg(test)]
mod race;
#[cfg(test)]
mod replays;
#[cfg(test)]
mod served;
#[cfg(test)]
mod signatures;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod stand;
#[cfg(test)]
mod tickets;
#[cfg(test)]
mod trees;
