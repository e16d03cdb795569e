//! The key that nonces are made with: fetched when it is first needed, and anew after a while.

use std::{
    error::Error as StdError,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use request::{Clock, Later, Millis};
use zeroize::Zeroizing;

use crate::Nonces;

/// The key that makes nonces now, and the one before it, which is good for a while longer.
pub type KeyPair = (Zeroizing<[u8; 32]>, Option<Zeroizing<[u8; 32]>>);

/// Where the keys of nonces come from. All instances of a deployment get the same.
pub trait NonceKeys: Send + Sync {
    /// The keys.
    fn fetch(&self) -> Later<'_, Result<KeyPair, NoNonces>>;
}

/// Why there is no key for nonces.
#[derive(Debug)]
pub struct NoNonces(Box<dyn StdError + Send + Sync>);

impl NoNonces {
    /// With its cause.
    pub fn new(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}

impl fmt::Display for NoNonces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the key of nonces cannot be had")
    }
}

impl StdError for NoNonces {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(self.0.as_ref())
    }
}

/// The nonces of a deployment, kept between requests.
pub(crate) struct Kept {
    deployment: String,
    keys: Arc<dyn NonceKeys>,
    made: Mutex<Option<(Arc<Nonces>, Millis)>>,
}

impl Kept {
    pub(crate) fn new(deployment: String, keys: Arc<dyn NonceKeys>) -> Self {
        Self { deployment, keys, made: Mutex::default() }
    }

    pub(crate) async fn nonces(&self, clock: &dyn Clock) -> Result<Arc<Nonces>, NoNonces> {
        let now = clock.now();
        if let Some(made) = self.made(now) {
            return Ok(made);
        }
        // Two requests may both fetch; they get the same.
        let (current, previous) = self.keys.fetch().await?;
        let nonces = Arc::new(Nonces::new(&self.deployment, current, previous));
        *self.lock() = Some((Arc::clone(&nonces), now));
        Ok(nonces)
    }

    fn made(&self, now: Millis) -> Option<Arc<Nonces>> {
        let made = self.lock();
        let (nonces, at) = made.as_ref()?;
        let age = now.0.checked_sub(at.0)?;
        (age < FRESH_MS).then(|| Arc::clone(nonces))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<(Arc<Nonces>, Millis)>> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Five minutes, as for every secret here; a rotated key is good for longer than that.
const FRESH_MS: u64 = 5 * 60 * 1000;
