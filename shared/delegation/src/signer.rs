//! The port to the key that signs our own tokens. It signs, and knows nothing of what it signs.

use std::{error::Error as StdError, fmt};

use request::Later;

/// One P-256 key, wherever it is kept. Which public key belongs to it stands in the configuration.
pub trait Signer: Send + Sync {
    /// The ES256 signature of this message: `r` and `s`, 32 bytes each (RFC 7518, 3.4).
    fn sign<'a>(&'a self, message: &'a [u8]) -> Later<'a, Result<[u8; 64], SignError>>;
}

/// Why there is no signature. What exactly it was is for the log.
#[derive(Debug)]
pub struct SignError(Box<dyn StdError + Send + Sync>);

impl SignError {
    /// With its cause.
    pub fn new(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the token could not be signed")
    }
}

impl StdError for SignError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(self.0.as_ref())
    }
}
