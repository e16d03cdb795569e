//! Key sets as they lie in the store: what `jwks-sync` writes, and everybody else reads.

use std::{collections::BTreeMap, sync::Arc};

use identity::{FetchError, Issuers, KeySource};
use request::{Clock, Later, Millis, json};
use serde_json::{Value, json};
use state::{Item, Key, Partition, Store};

/// The key set of one issuer, and when it was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredKeys {
    /// When its issuer had it.
    pub fetched: Millis,
    /// The document (RFC 7517).
    pub document: Value,
}

impl StoredKeys {
    /// Where the key sets of all issuers lie.
    #[must_use]
    pub fn partition() -> Option<Partition> {
        Partition::new("keys")
    }

    /// The item of this issuer.
    #[must_use]
    pub fn key(alias: &str) -> Option<Key> {
        Key::new(format!("jwks:{alias}"))
    }

    /// Reads an item; `None`: it is not what [`Self::write`] writes.
    #[must_use]
    pub fn read(item: &Item) -> Option<Self> {
        let value = json::strict(&item.value, DEPTH).ok()?;
        let members = value.as_object().filter(|members| members.len() == 2)?;
        let fetched = Millis(members.get("fetched")?.as_u64()?);
        let document = members.get("document").filter(|document| document.is_object())?;
        Some(Self { fetched, document: document.clone() })
    }

    /// The bytes of the item.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        json::canonical(&json!({"document": self.document, "fetched": self.fetched.0}))
    }

    /// Whether it may still be used. A set from the future has no age that could be relied on.
    fn is_fresh(&self, now: Millis) -> bool {
        self.fetched.0 <= now.0.saturating_add(APART_MS)
            && now.0.saturating_sub(self.fetched.0) <= AGE_MS
    }
}

/// Reads key sets from the store.
pub(super) struct Stored {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    aliases: BTreeMap<String, String>,
}

impl Stored {
    pub(super) fn new(issuers: &Issuers, store: &Arc<dyn Store>, clock: &Arc<dyn Clock>) -> Self {
        let all = issuers.key_sets().into_iter();
        let aliases = all.map(|keys| (keys.jwks_uri, keys.alias)).collect();
        Self { store: Arc::clone(store), clock: Arc::clone(clock), aliases }
    }

    async fn look(&self, jwks_uri: &str) -> Result<Vec<u8>, FetchError> {
        let place = self.place(jwks_uri);
        let (partition, key) =
            place.ok_or_else(|| FetchError::new("no issuer has this address"))?;
        let found = self.store.read(&partition, &[key]).await.map_err(FetchError::new)?;
        let Some(item) = found.into_iter().flatten().next() else {
            return Err(FetchError::new("nobody has put the key set into the store"));
        };
        let Some(keys) = StoredKeys::read(&item) else {
            return Err(FetchError::new("the key set in the store cannot be read"));
        };
        if !keys.is_fresh(self.clock.now()) {
            return Err(FetchError::new("the key set in the store is older than a day"));
        }
        Ok(json::canonical(&keys.document))
    }

    fn place(&self, jwks_uri: &str) -> Option<(Partition, Key)> {
        Some((StoredKeys::partition()?, StoredKeys::key(self.aliases.get(jwks_uri)?)?))
    }
}

impl KeySource for Stored {
    fn fetch<'a>(&'a self, jwks_uri: &'a str) -> Later<'a, Result<Vec<u8>, FetchError>> {
        Box::pin(self.look(jwks_uri))
    }
}

/// A key set, and one level around it.
const DEPTH: usize = 9;
/// 24 hours, after which no key set is used by anybody.
const AGE_MS: u64 = 24 * 60 * 60 * 1000;
/// So far may the clocks of two machines be apart: a minute.
const APART_MS: u64 = 60 * 1000;
