//! One run: every issuer's key set, fetched, checked, held against the last one, and kept.

use std::{collections::BTreeSet, slice, sync::Arc};

use futures_util::future;
use host::StoredKeys;
use identity::{BadKeys, FetchError, Issuers, KeySource, KeysOf};
use request::{Clock, json};
use state::{Item, Store, Write};

use crate::{Force, Summary};

/// Why an issuer's last set stays.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Bad(#[from] BadKeys),
    #[error("the new key set has none of the last one's keys")]
    Dropped,
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error("the key set cannot be kept")]
    Store(#[from] state::Error),
    #[error("the last key set cannot be read")]
    Unreadable,
    #[error("the key set has no place in the store")]
    Unnamed,
}

/// Everything that a run needs.
pub struct Sync {
    issuers: Issuers,
    source: Arc<dyn KeySource>,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
}

impl Sync {
    /// Over these ports.
    #[must_use]
    pub fn new(
        issuers: Issuers,
        source: Arc<dyn KeySource>,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { issuers, source, store, clock }
    }

    /// As this process is configured.
    ///
    /// # Errors
    /// Every mistake of the configuration.
    #[cfg(any(feature = "aws", feature = "azure"))]
    pub fn configured(cloud: &doors::Cloud) -> Result<Self, request::Mistakes> {
        let settings = cloud.settings();
        let issuers = host::Configuration::issuers(&settings.config)?;
        let source = host::fetcher(settings.private_keys)?;
        Ok(Self::new(issuers, source, cloud.store(), Arc::new(host::SystemClock)))
    }

    /// Renews the key sets of all issuers. One that cannot be renewed stays as it is, and keeps
    /// nobody else's from being renewed.
    pub async fn run(&self, force: &Force) -> Summary {
        let all = self.issuers.key_sets();
        let runs = all.iter().map(|keys| async {
            let outcome = self.renew(keys, force.means(&keys.alias)).await;
            told(&keys.alias, &outcome);
            (keys.alias.clone(), outcome)
        });
        Summary::of(future::join_all(runs).await)
    }

    /// Gives the number of keys.
    async fn renew(&self, of: &KeysOf, force: bool) -> Result<usize, Error> {
        let fetched = self.clock.now();
        let document = self.source.fetch(&of.jwks_uri).await?;
        let new = self.issuers.check_keys(&of.alias, &document)?;
        let document = json::strict(&document, DEPTH).map_err(|_| Error::Unreadable)?;
        let value = StoredKeys { fetched, document }.write();
        let partition = StoredKeys::partition().ok_or(Error::Unnamed)?;
        let key = StoredKeys::key(&of.alias).ok_or(Error::Unnamed)?;
        let found = self.store.read(&partition, slice::from_ref(&key)).await?;
        let before = found.into_iter().flatten().next();
        if !force {
            self.keeps_one(&of.alias, before.as_ref(), &new)?;
        }
        let write = match before {
            None => Write::Create { key, value, expires_at: None },
            // A version, so that of two runs at once one wins whole.
            Some(item) => Write::Replace { key, value, version: item.version, expires_at: None },
        };
        self.store.commit(&partition, &[write]).await?;
        Ok(new.len())
    }

    /// A rotation publishes the new key beside the old one. Whoever comes with new keys only has lost
    /// the old ones, or is somebody else.
    fn keeps_one(
        &self,
        alias: &str,
        before: Option<&Item>,
        new: &BTreeSet<String>,
    ) -> Result<(), Error> {
        let Some(before) = before else { return Ok(()) };
        let before = StoredKeys::read(before).ok_or(Error::Unreadable)?;
        let document = json::canonical(&before.document);
        match self.issuers.check_keys(alias, &document) {
            Ok(last) if last.is_disjoint(new) => Err(Error::Dropped),
            // A set that is not good by today's configuration has no key that could be lost.
            Ok(_) | Err(_) => Ok(()),
        }
    }
}

fn told(alias: &str, outcome: &Result<usize, Error>) {
    match outcome {
        Ok(keys) => tracing::info!(issuer = alias, keys, "key set written"),
        Err(error) => tracing::warn!(issuer = alias, why = why(error), "the last key set stays"),
    }
}

/// The causes behind an error, for operators. None of them holds a key.
fn why(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// As deep as identity lets a key set be nested.
const DEPTH: usize = 8;
