//! What targets are made of, remembered between requests, and looked at by one request at a time.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use catalogue::Catalogue;
use credentials::Vault;
use policy::Permit;
use request::{Deadline, TargetName};
use tokio::time::timeout;

use crate::{Driver, Error};

/// The catalogues of targets, each with its age. A catalogue that is behind its target does no harm:
/// whatever rests on it is proven where it runs.
#[derive(Default)]
pub struct Surveys(Mutex<HashMap<TargetName, Kept>>);

/// What is known of one target.
#[derive(Default)]
struct Kept {
    known: Option<Known>,
    /// How often it was forgotten: a survey that began before says nothing of the time after.
    forgotten: u64,
    /// Held by whoever surveys.
    flight: Arc<tokio::sync::Mutex<()>>,
}

struct Known {
    catalogue: Arc<Catalogue>,
    since: Instant,
}

impl Surveys {
    /// As long as logins are kept. What changes on a target within it is found by the proof.
    pub const KEEP: Duration = Duration::from_secs(300);

    /// Nothing known yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets a target's catalogue, and what is being found out about it at this moment.
    pub fn forget(&self, target: &TargetName) {
        if let Some(kept) = self.all().get_mut(target) {
            kept.known = None;
            kept.forgotten += 1;
        }
    }

    /// Whether a target's catalogue is older than this, or there is none.
    #[must_use]
    pub fn older_than(&self, target: &TargetName, age: Duration) -> bool {
        let all = self.all();
        let known = all.get(target).and_then(|kept| kept.known.as_ref());
        known.is_none_or(|known| known.since.elapsed() > age)
    }

    /// Forgets a target's catalogue unless it was read a moment ago: a name that is not in it may be
    /// of something new. Whoever mentions what is not there does not have the target asked each time.
    pub fn doubt(&self, target: &TargetName) {
        if self.older_than(target, MOMENT) {
            self.forget(target);
        }
    }

    fn fresh(&self, target: &TargetName) -> Option<Arc<Catalogue>> {
        let all = self.all();
        let known = all.get(target)?.known.as_ref()?;
        (known.since.elapsed() < Self::KEEP).then(|| Arc::clone(&known.catalogue))
    }

    fn flight(&self, target: &TargetName) -> Arc<tokio::sync::Mutex<()>> {
        Arc::clone(&self.all().entry(target.clone()).or_default().flight)
    }

    fn forgotten(&self, target: &TargetName) -> u64 {
        self.all().get(target).map_or(0, |kept| kept.forgotten)
    }

    fn keep(&self, target: &TargetName, known: Known, forgotten: u64) {
        let mut all = self.all();
        let kept = all.entry(target.clone()).or_default();
        if kept.forgotten == forgotten {
            kept.known = Some(known);
        }
    }

    fn all(&self) -> MutexGuard<'_, HashMap<TargetName, Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the permit's target is made of: as it is known, while that is fresh, else as the target says.
/// Of several requests at once, one asks and the others wait for it.
///
/// # Errors
/// [`Error`]: there is no login, or the target cannot be asked in time.
pub async fn catalogue(
    permit: &Permit,
    vault: &Vault,
    driver: &dyn Driver,
    surveys: &Surveys,
    deadline: Deadline,
) -> Result<Arc<Catalogue>, Error> {
    let target = &permit.target().name;
    if let Some(catalogue) = surveys.fresh(target) {
        return Ok(catalogue);
    }
    let looked = async {
        let flight = surveys.flight(target);
        let _flying = flight.lock().await;
        match surveys.fresh(target) {
            Some(catalogue) => Ok(catalogue),
            None => look(permit, vault, driver, surveys, deadline).await,
        }
    };
    timeout(deadline.left(), looked).await.map_err(|_| Error::Timeout)?
}

async fn look(
    permit: &Permit,
    vault: &Vault,
    driver: &dyn Driver,
    surveys: &Surveys,
    deadline: Deadline,
) -> Result<Arc<Catalogue>, Error> {
    let target = &permit.target().name;
    // Counted from before the question, so that it is not taken for younger than it is.
    let (since, forgotten) = (Instant::now(), surveys.forgotten(target));
    let mut lent = credentials::lend(permit, vault).await?;
    let draft = driver.survey(&mut lent, deadline.left().min(LONGEST)).await?;
    let catalogue = Arc::new(Catalogue::of(draft)?);
    let known = Known { catalogue: Arc::clone(&catalogue), since };
    surveys.keep(target, known, forgotten);
    Ok(catalogue)
}

/// Less than it takes a person to make a table and try it.
const MOMENT: Duration = Duration::from_secs(5);

/// A database of 10,000 tables takes a second.
const LONGEST: Duration = Duration::from_secs(10);
