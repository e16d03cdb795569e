//! What single stages do, asked with real evidence: a real key signs, a real verifier believes, real
//! policies decide. Nothing leaves the process.

// Marked, so that clippy takes helpers for tests as well.
#[cfg(test)]
mod audit;
#[cfg(test)]
mod chain;
#[cfg(test)]
mod credentials;
#[cfg(test)]
mod policy;
#[cfg(test)]
mod stand;
#[cfg(test)]
mod store;
#[cfg(test)]
mod veil;
#[cfg(test)]
mod vetting;
#[cfg(test)]
mod way;
