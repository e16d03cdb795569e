//! The keys of one issuer: kept, refreshed inside a request, never trusted for over a day.
//!
//! There is no background task, because a function is frozen between two requests. Whoever is to
//! refresh does so alone; the others go on with what there is.

use std::{
    collections::VecDeque,
    error::Error as StdError,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use request::{Clock, Digest, Later, Millis};

use crate::{
    Error,
    config::Issuer,
    keys::{BadSet, Key, KeySet},
};

/// A set this young is used as it is: 10 minutes.
const FRESH_MS: u64 = 10 * 60 * 1000;
/// A set this old is not used at all: 24 hours.
const DEAD_MS: u64 = 24 * 60 * 60 * 1000;
/// Between two fetches lie 30 seconds, whatever happens.
const COOLDOWN_MS: u64 = 30 * 1000;
/// How many unknown key ids are remembered, each for the length of the cooldown.
const UNKNOWN_LIMIT: usize = 256;

/// Where key sets come from. It hands over bytes, and judges nothing.
pub trait KeySource: Send + Sync {
    /// The document at `jwks_uri`. It must come over TLS, without following a redirect, with status
    /// 200, cut off beyond 256 KiB, and within 3 seconds; anything else is an error.
    fn fetch<'a>(&'a self, jwks_uri: &'a str) -> Later<'a, Result<Vec<u8>, FetchError>>;
}

/// Why a key set could not be fetched. What exactly it was is for the log.
#[derive(Debug)]
pub struct FetchError(Box<dyn StdError + Send + Sync>);

impl FetchError {
    /// With its cause.
    pub fn new(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the key set could not be fetched")
    }
}

impl StdError for FetchError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(self.0.as_ref())
    }
}

/// Why there are no keys to check a token with.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct NoKeys(#[from] Cause);

#[derive(Debug, thiserror::Error)]
enum Cause {
    #[error(transparent)]
    Bad(#[from] BadSet),
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error("the key set was asked for less than 30 seconds ago, in vain")]
    Waiting,
}

/// One issuer and what is known of its keys.
pub(crate) struct Desk {
    issuer: Issuer,
    known: Mutex<Known>,
    // Held by the one who fetches.
    flight: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Known {
    set: Option<(Arc<KeySet>, Taken)>,
    tried: Option<Millis>,
    unknown: VecDeque<(Digest, Millis)>,
}

/// When a set came in. One that was shipped with the package is of unknown age: good enough to
/// start with, never good enough to stay with.
#[derive(Clone, Copy)]
enum Taken {
    Fetched(Millis),
    Shipped(Millis),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Age {
    Fresh,
    Stale,
    Dead,
}

impl Taken {
    fn age(self, now: Millis) -> Age {
        let (at, fresh) = match self {
            Self::Fetched(at) => (at, FRESH_MS),
            Self::Shipped(at) => (at, 0),
        };
        // A set from the future says that the clock was set back: its age is not known.
        match now.0.checked_sub(at.0) {
            Some(age) if age < fresh => Age::Fresh,
            Some(age) if age > DEAD_MS => Age::Dead,
            _ => Age::Stale,
        }
    }
}

impl Desk {
    /// Without keys yet.
    pub(crate) fn new(issuer: Issuer) -> Self {
        Self { issuer, known: Mutex::default(), flight: tokio::sync::Mutex::default() }
    }

    /// With the keys of the package.
    pub(crate) fn shipped(self, document: &[u8], now: Millis) -> Result<Self, BadSet> {
        let set = Arc::new(self.issuer.key_set(document)?);
        self.known().set = Some((set, Taken::Shipped(now)));
        Ok(self)
    }

    /// Whose desk this is.
    pub(crate) fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    /// Step 5: the key that the token names, from this issuer's keys alone.
    pub(crate) async fn key(
        &self,
        kid: Option<&str>,
        source: &dyn KeySource,
        clock: &dyn Clock,
    ) -> Result<Arc<Key>, Error> {
        let set = self.set(source, clock).await?;
        match (set.find(kid), kid) {
            (Some(key), _) => Ok(key),
            (None, Some(kid)) => self.key_anew(kid, source, clock).await,
            // Without an id there is nothing that a newer set could have more of.
            (None, None) => Err(self.no_key()),
        }
    }

    /// A set that may be used now.
    async fn set(&self, source: &dyn KeySource, clock: &dyn Clock) -> Result<Arc<KeySet>, Error> {
        match self.current(clock.now()) {
            Some((set, Age::Fresh)) => Ok(set),
            Some((old, _)) => {
                // Whoever comes while another fetches goes on with the old set.
                if let Ok(_flight) = self.flight.try_lock() {
                    // A failure leaves the old set, and is in the log.
                    _ = self.refresh(source, clock).await;
                }
                Ok(self.current(clock.now()).map_or(old, |(set, _)| set))
            }
            None => {
                let _flight = self.flight.lock().await;
                if let Some((set, _)) = self.current(clock.now()) {
                    return Ok(set);
                }
                self.refresh(source, clock).await.map_err(|cause| self.unavailable(cause))
            }
        }
    }

    /// The key of an id that the set does not hold: perhaps the issuer has a new one.
    async fn key_anew(
        &self,
        kid: &str,
        source: &dyn KeySource,
        clock: &dyn Clock,
    ) -> Result<Arc<Key>, Error> {
        if self.known().is_unknown(kid, clock.now()) {
            return Err(self.no_key());
        }
        let _flight = self.flight.lock().await;
        let newer = self.current(clock.now()).and_then(|(set, _)| set.find(Some(kid)));
        if let Some(key) = newer {
            return Ok(key);
        }
        let set = self.refresh(source, clock).await.ok();
        set.and_then(|set| set.find(Some(kid))).ok_or_else(|| {
            self.known().remember(kid, clock.now());
            self.no_key()
        })
    }

    /// Fetches, unless that was done a moment ago. The caller holds the flight. What comes in and
    /// is not a good set changes nothing: the last good one stays.
    async fn refresh(
        &self,
        source: &dyn KeySource,
        clock: &dyn Clock,
    ) -> Result<Arc<KeySet>, Cause> {
        if !self.known().may_try(clock.now()) {
            return Err(Cause::Waiting);
        }
        let fetched = source.fetch(self.issuer.jwks_uri()).await;
        let read = fetched
            .map_err(Cause::from)
            .and_then(|document| self.issuer.key_set(&document).map_err(Cause::from));
        match read {
            Ok(set) => Ok(self.known().take(Arc::new(set), clock.now())),
            Err(cause) => {
                let (alias, why) = (self.issuer.alias().as_str(), in_full(&cause));
                tracing::warn!(issuer = alias, why, "no new key set, the last one stays");
                Err(cause)
            }
        }
    }

    fn current(&self, now: Millis) -> Option<(Arc<KeySet>, Age)> {
        let known = self.known();
        let (set, taken) = known.set.as_ref()?;
        let age = taken.age(now);
        (age != Age::Dead).then(|| (set.clone(), age))
    }

    fn no_key(&self) -> Error {
        Error::Key(self.issuer.alias().clone())
    }

    fn unavailable(&self, cause: Cause) -> Error {
        Error::Unavailable { issuer: self.issuer.alias().clone(), source: NoKeys(cause) }
    }

    /// Never held across an await. A panic elsewhere leaves nothing half-written in it.
    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// Whether the cooldown is over; if so, it begins anew.
    fn may_try(&mut self, now: Millis) -> bool {
        let over = self.tried.is_none_or(|at| elapsed(at, now, COOLDOWN_MS));
        if over {
            self.tried = Some(now);
        }
        over
    }

    fn take(&mut self, set: Arc<KeySet>, now: Millis) -> Arc<KeySet> {
        self.set = Some((set.clone(), Taken::Fetched(now)));
        self.unknown.clear();
        set
    }

    fn is_unknown(&mut self, kid: &str, now: Millis) -> bool {
        self.unknown.retain(|(_, at)| !elapsed(*at, now, COOLDOWN_MS));
        let kid = Digest::of(kid.as_bytes());
        self.unknown.iter().any(|(known, _)| *known == kid)
    }

    fn remember(&mut self, kid: &str, now: Millis) {
        if self.unknown.len() >= UNKNOWN_LIMIT {
            self.unknown.pop_front();
        }
        self.unknown.push_back((Digest::of(kid.as_bytes()), now));
    }
}

/// An error and all that caused it, in one line.
fn in_full(error: &dyn StdError) -> String {
    let causes = std::iter::successors(Some(error), |error| (**error).source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Whether so much time has passed; a clock that was set back does not make anybody wait longer.
fn elapsed(since: Millis, now: Millis, length: u64) -> bool {
    now.0.checked_sub(since.0).is_none_or(|passed| passed >= length)
}
