//! Stage 6: the secret of the one target, for as long as one execution.

mod armed;
mod held;
mod lent;
mod mask_key;
mod secret;
mod store;
mod vault;

pub use armed::{Armed, arm};
pub use lent::{Lent, lend};
pub use mask_key::MaskKey;
pub use secret::{Key, Login, Secret};
pub use store::{Fetched, SecretStore, StoreError};
pub use vault::Vault;

/// Why there is no credential. Nothing of the secret, and not its name, is in here.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store has no such secret for us.
    #[error("the target's secret does not exist")]
    Missing,
    /// The secret is not `{"username": …, "password": …}`, or that of the masks not `{"key": …}`.
    #[error("a secret of the target has not the shape that it must have")]
    Shape,
    /// The store did not answer.
    #[error("the secret store cannot be reached")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}
