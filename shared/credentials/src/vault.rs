//! Credentials kept between requests, for five minutes at most.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use request::SecretName;

use crate::{Error, Login, MaskKey, Secret, SecretStore, StoreError};

/// A secret store with a short memory. It remembers by the secret's whole name, so that no target
/// meets another's login.
pub struct Vault {
    store: Arc<dyn SecretStore>,
    logins: Shelf<Login>,
    mask_keys: Shelf<MaskKey>,
}

/// Secrets of one kind, by name.
type Shelf<T> = Mutex<HashMap<SecretName, Kept<T>>>;

/// A secret and where it came from.
pub(crate) struct Kept<T> {
    pub(crate) secret: Arc<T>,
    pub(crate) version: String,
    since: Instant,
}

impl<T> Clone for Kept<T> {
    fn clone(&self) -> Self {
        let (secret, version) = (Arc::clone(&self.secret), self.version.clone());
        Self { secret, version, since: self.since }
    }
}

impl Vault {
    /// Minutes are the price of a rotation that nobody announces; a password that the target refuses
    /// is fetched anew at once.
    pub const KEEP: Duration = Duration::from_secs(300);

    /// A vault over this store.
    #[must_use]
    pub fn new(store: Arc<dyn SecretStore>) -> Self {
        Self { store, logins: Mutex::default(), mask_keys: Mutex::default() }
    }

    /// The login under this name: the kept one while it is fresh, else the store's.
    pub(crate) async fn login(&self, name: &SecretName) -> Result<Kept<Login>, Error> {
        match fresh(&self.logins, name) {
            Some(kept) => Ok(kept),
            None => self.renewed(name).await,
        }
    }

    /// The store's login, whatever is kept.
    pub(crate) async fn renewed(&self, name: &SecretName) -> Result<Kept<Login>, Error> {
        self.fetch(name, &self.logins, Secret::login).await
    }

    /// The key of masks under this name: the kept one while it is fresh, else the store's.
    pub(crate) async fn mask_key(&self, name: &SecretName) -> Result<Arc<MaskKey>, Error> {
        match fresh(&self.mask_keys, name) {
            Some(kept) => Ok(kept.secret),
            None => Ok(self.fetch(name, &self.mask_keys, Secret::mask_key).await?.secret),
        }
    }

    async fn fetch<T>(
        &self,
        name: &SecretName,
        shelf: &Shelf<T>,
        read: fn(&Secret) -> Option<T>,
    ) -> Result<Kept<T>, Error> {
        let fetched = self.store.fetch(name).await.map_err(|error| match error {
            StoreError::Missing => Error::Missing,
            StoreError::Unavailable(source) => Error::Unavailable(source),
        })?;
        let secret = Arc::new(read(&fetched.secret).ok_or(Error::Shape)?);
        let kept = Kept { secret, version: fetched.version, since: Instant::now() };
        let mut all = shelf.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(name.clone(), kept.clone());
        Ok(kept)
    }
}

fn fresh<T>(shelf: &Shelf<T>, name: &SecretName) -> Option<Kept<T>> {
    let kept = shelf.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
    kept.filter(|kept| kept.since.elapsed() < Vault::KEEP)
}
