//! What the ports promise, asked of everything that stands behind them: SQLite and a key in a file,
//! DynamoDB, Secrets Manager and KMS on moto's server, tables on Azurite, Key Vault of the emulator.
//!
//! The adapters find their clouds as in production, by the environment of their process. A test that
//! needs one therefore starts the servers and runs itself once more, as a child, in the environment
//! that a function would have.

// Marked, so that clippy takes helpers for tests as well.
#[cfg(test)]
mod aws;
#[cfg(test)]
mod azure;
#[cfg(test)]
mod certificate;
#[cfg(test)]
mod child;
#[cfg(test)]
mod disk;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod key_vault;
#[cfg(test)]
mod people;
#[cfg(test)]
mod promises;
#[cfg(test)]
mod servers;
#[cfg(test)]
mod signer;
#[cfg(test)]
mod silent;
