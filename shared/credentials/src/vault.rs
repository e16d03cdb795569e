//! Credentials kept between requests, for five minutes at most.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use request::SecretName;

use crate::{Error, Login, SecretStore, StoreError};

/// A secret store with a short memory. It remembers by the secret's whole name, so that no target
/// meets another's login.
pub struct Vault {
    store: Arc<dyn SecretStore>,
    kept: Mutex<HashMap<SecretName, Kept>>,
}

/// A login and where it came from.
#[derive(Clone)]
pub(crate) struct Kept {
    pub(crate) login: Arc<Login>,
    pub(crate) version: String,
    since: Instant,
}

impl Vault {
    /// Minutes are the price of a rotation that nobody announces; a password that the target refuses
    /// is fetched anew at once.
    pub const KEEP: Duration = Duration::from_secs(300);

    /// A vault over this store.
    #[must_use]
    pub fn new(store: Arc<dyn SecretStore>) -> Self {
        Self { store, kept: Mutex::default() }
    }

    /// The login under this name: the kept one while it is fresh, else the store's.
    pub(crate) async fn login(&self, name: &SecretName) -> Result<Kept, Error> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
        match kept.filter(|kept| kept.since.elapsed() < Self::KEEP) {
            Some(kept) => Ok(kept),
            None => self.fetch(name).await,
        }
    }

    /// The store's login, whatever is kept.
    pub(crate) async fn fetch(&self, name: &SecretName) -> Result<Kept, Error> {
        let fetched = self.store.fetch(name).await.map_err(|error| match error {
            StoreError::Missing => Error::Missing,
            StoreError::Unavailable(source) => Error::Unavailable(source),
        })?;
        let login = Arc::new(fetched.secret.login().ok_or(Error::Shape)?);
        let kept = Kept { login, version: fetched.version, since: Instant::now() };
        let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(name.clone(), kept.clone());
        Ok(kept)
    }
}
