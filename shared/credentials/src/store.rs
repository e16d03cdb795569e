//! The port behind which a cloud keeps the secrets of targets.

use request::{Later, SecretName};

use crate::Secret;

/// A secret as it stands now, with the store's name for this version of it.
pub struct Fetched {
    /// The secret.
    pub secret: Secret,
    /// Which version it is; goes on record, so it must not be derived from the secret.
    pub version: String,
}

/// Why a store gave nothing. The sources never hold the secret.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no secret of that name, or we may not read it.
    #[error("there is no such secret")]
    Missing,
    /// The store could not be reached or did not answer in time.
    #[error("the secret store cannot be reached")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Where the secrets of targets are kept. A store hands over the current version and decides nothing.
pub trait SecretStore: Send + Sync {
    /// The current version of the secret `name`.
    fn fetch<'a>(&'a self, name: &'a SecretName) -> Later<'a, Result<Fetched, StoreError>>;
}
