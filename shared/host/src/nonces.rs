//! The keys of nonces, from the secret store.

use std::sync::Arc;

use credentials::SecretStore;
use identity::{NoNonces, NonceKeys};
use request::{Later, SecretName};
use zeroize::Zeroizing;

type KeyPair = (Zeroizing<[u8; 32]>, Option<Zeroizing<[u8; 32]>>);

/// One secret with two keys. It is rotated by putting the current one in the place of the previous.
pub(crate) struct Kept {
    pub(crate) store: Arc<dyn SecretStore>,
    pub(crate) name: SecretName,
}

impl Kept {
    async fn pair(&self) -> Result<KeyPair, NoNonces> {
        let fetched = self.store.fetch(&self.name).await.map_err(NoNonces::new)?;
        let pair = fetched.secret.key_pair();
        pair.ok_or_else(|| NoNonces::new("the secret is not `{\"current\": …, \"previous\": …}`"))
    }
}

impl NonceKeys for Kept {
    fn fetch(&self) -> Later<'_, Result<KeyPair, NoNonces>> {
        Box::pin(self.pair())
    }
}
