//! The two records of a request that is run.

use std::sync::{Arc, Mutex, PoisonError};

use approvals::{Cleared, TakenUp};
use identity::Revocations;
use policy::{Limits, Permit};
use state::{Item, Key, Write};

use crate::{
    Error, Event, Ledger, Outcome, Receipt, Trail,
    append::{OUTCOME_TRIES, Page, TRIES, append},
    budget::{self, Reserved},
    event::{Intent, Result as Ended},
    record::Query,
    status::{LIFE_S, State, Status, moved},
};

/// A cleared statement whose intent is durably on record.
pub struct Witnessed {
    cleared: Cleared,
    entry: Arc<Entry>,
}

impl Witnessed {
    /// The statement on record.
    #[must_use]
    pub fn cleared(&self) -> &Cleared {
        &self.cleared
    }

    /// What it may show and change at most: what policy allows, and what is left of every budget on
    /// the way.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.entry.reserved.within(self.cleared.vetted().permit().duties().limits())
    }

    /// Puts the id of the transaction on record that is about to write, so that what became of it can
    /// be found out even if we do not live to see it.
    ///
    /// # Errors
    /// The record could not be written, or the chain has been revoked meanwhile; the transaction must
    /// be rolled back.
    pub async fn transaction(&self, xid: String) -> Result<Receipt, Error> {
        self.entry.append(Event::Transaction { xid }).await
    }
}

/// An entry that waits for its outcome.
#[must_use = "an open entry has to be closed with its outcome"]
pub struct Open {
    entry: Arc<Entry>,
}

struct Entry {
    trail: Arc<Trail>,
    query: Query,
    ledger: Arc<Ledger>,
    reserved: Reserved,
}

impl Entry {
    async fn append(&self, event: Event) -> Result<Receipt, Error> {
        let with = |found: &[Option<Item>]| still(&self.trail, found);
        let page = Page {
            trail: &self.trail,
            event,
            query: Some(&self.query),
            tries: TRIES,
            keys: revoked()?,
            with: &with,
        };
        append(&page, &self.ledger).await
    }
}

/// Puts the intent on record, uses up the proof, reserves from every budget, takes the idempotency
/// key, and opens the request's status: all or none.
///
/// # Errors
/// [`Error::Fallen`] for a chain that was revoked or a proof that was used; [`Error::Budget`];
/// [`Error::Repeated`] or [`Error::KeyReused`] for a key that was taken; [`Error::Unmet`] for an approval
/// that is not any more what was read of it; otherwise the ledger cannot be written. Nothing may be run.
pub async fn intend(
    cleared: Cleared,
    trail: &Arc<Trail>,
    on: &Arc<Ledger>,
) -> Result<(Witnessed, Open), Error> {
    let permit = cleared.vetted().permit();
    // INVARIANT: what is put on record is what will run, for the one who asked.
    let same = permit.who().get().session() == trail.chain
        && permit.target().name.as_str() == trail.target
        && cleared.vetted().asked() == trail.asked;
    // INVARIANT: what waited runs with its approval, and what did not wait needs none.
    let taken = cleared.taken_up();
    if !same || taken.is_some() != trail.resumed {
        return Err(Error::Mismatch);
    }
    let reading = cleared.vetted().reading();
    let query =
        Query { query_string: reading.normalized.clone(), uid: reading.fingerprint.clone() };
    let event = Event::Intent(Intent {
        commitment: trail.commit(trail.asked.bytes()),
        policy: permit.policies(),
        policies: permit.spoke().iter().cloned().collect(),
        max_rows: permit.duties().limits().max_rows,
        max_bytes: permit.duties().limits().max_bytes,
        tags: reading.tags.iter().cloned().collect(),
        reason: trail.reason.clone(),
        idempotency_key: trail.idempotency_key.clone(),
        shown: permit.who().get().shown().name().into(),
        approval: taken.map(TakenUp::digest),
    });
    let wanted = Wanted::of(trail, permit)?;
    let used = taken.map(TakenUp::write);
    let with = |found: &[Option<Item>]| {
        let (status, found) = found.split_first().ok_or(Error::Mismatch)?;
        let approvals = usize::from(used.is_some());
        let (approval, found) = found.split_at_checked(approvals).ok_or(Error::Mismatch)?;
        if used.is_some_and(|used| !used.fits(approval.first().and_then(Option::as_ref))) {
            return Err(Error::Unmet("others took it up or decided at the same moment"));
        }
        let mut writes = opened(trail, status.as_ref())?;
        writes.extend(used.cloned());
        writes.extend(wanted.take(found, trail, on.clock.now().seconds())?);
        Ok(writes)
    };
    let mut keys = vec![trail.status_key().ok_or(Error::Mismatch)?];
    keys.extend(used.map(|used| used.key().clone()));
    keys.extend(wanted.keys());
    let page = Page { trail, event, query: Some(&query), tries: TRIES, keys, with: &with };
    append(&page, on).await?;
    let reserved = wanted.reserved()?;
    let (trail, ledger) = (Arc::clone(trail), Arc::clone(on));
    let entry = Arc::new(Entry { trail, query, ledger, reserved });
    Ok((Witnessed { cleared, entry: Arc::clone(&entry) }, Open { entry }))
}

/// What an intent takes from the store beside its record.
struct Wanted<'a> {
    standing: Vec<Key>,
    accounts: Vec<Key>,
    idempotency: Option<Key>,
    limits: &'a Limits,
    // What the last attempt reserved; the one that was committed is the last.
    reserved: Mutex<Option<Reserved>>,
}

impl<'a> Wanted<'a> {
    fn of(trail: &Trail, permit: &'a Permit) -> Result<Self, Error> {
        Ok(Self {
            standing: trail.standing.as_ref().ok_or(Error::Mismatch)?.keys(),
            accounts: budget::accounts(permit)?,
            // One that waited has had it since.
            idempotency: trail.idempotency_item().filter(|_| !trail.resumed),
            limits: permit.duties().limits(),
            reserved: Mutex::default(),
        })
    }

    fn keys(&self) -> Vec<Key> {
        let all = self.standing.iter().chain(&self.accounts).chain(&self.idempotency);
        all.cloned().collect()
    }

    fn take(&self, found: &[Option<Item>], trail: &Trail, now_s: u64) -> Result<Vec<Write>, Error> {
        let short = || Error::Mismatch;
        let (standing, found) = found.split_at_checked(self.standing.len()).ok_or_else(short)?;
        let (accounts, found) = found.split_at_checked(self.accounts.len()).ok_or_else(short)?;
        let mut writes = trail.standing.as_ref().ok_or_else(short)?.hold(standing)?;
        if let (Some(key), Some(found)) = (&self.idempotency, found.first()) {
            writes.push(claim(key, found.as_ref(), trail)?);
        }
        let (more, reserved) = budget::reserve(&self.accounts, accounts, self.limits, now_s)?;
        writes.extend(more);
        *self.reserved.lock().unwrap_or_else(PoisonError::into_inner) = Some(reserved);
        Ok(writes)
    }

    fn reserved(self) -> Result<Reserved, Error> {
        self.reserved.into_inner().unwrap_or_else(PoisonError::into_inner).ok_or(Error::Mismatch)
    }
}

/// The one item that says what was revoked.
fn revoked() -> Result<Vec<Key>, Error> {
    Ok(vec![Revocations::key().ok_or(Error::Mismatch)?])
}

/// Holds a commit to it that the chain has not been revoked, from what was read for [`revoked`].
fn still(trail: &Trail, found: &[Option<Item>]) -> Result<Vec<Write>, Error> {
    let item = found.first().ok_or(Error::Mismatch)?;
    Ok(trail.standing.as_ref().ok_or(Error::Mismatch)?.still(item.as_ref())?)
}

/// Puts the outcome on record, settles the budgets and closes the request's status. `shown` are the
/// bytes that will be released; the record commits to them and holds none of them.
///
/// # Errors
/// [`Error::Fallen`] when the chain was revoked while it ran: that is on record, and nothing may be
/// released. Nor if the ledger cannot be written.
pub async fn conclude(
    open: Open,
    mut outcome: Outcome,
    shown: Option<&[u8]>,
) -> Result<Receipt, Error> {
    let entry = &*open.entry;
    outcome.commitment = shown.map(|bytes| entry.trail.commit(bytes));
    outcome.took_ms = entry.ledger.clock.now().0.saturating_sub(entry.trail.began.0);
    let fallen = match close(entry, &outcome, true).await {
        Err(Error::Fallen(fallen)) => fallen,
        other => return other,
    };
    // What ran has run, and is on record as such; of what it showed, nothing goes out.
    outcome.cause = Some("revoked".into());
    outcome.commitment = None;
    close(entry, &outcome, false).await?;
    Err(Error::Fallen(fallen))
}

async fn close(entry: &Entry, outcome: &Outcome, standing: bool) -> Result<Receipt, Error> {
    let Entry { trail, query, ledger, reserved } = entry;
    let key = trail.status_key().ok_or(Error::Mismatch)?;
    let with = |found: &[Option<Item>]| {
        let (head, accounts) = found.split_at_checked(2).ok_or(Error::Mismatch)?;
        let (revoked, item) = (head.first(), head.get(1).and_then(Option::as_ref));
        let item = item.ok_or(Error::Mismatch)?;
        let (key, version) = (key.clone(), item.version.clone());
        let value = Status::read(item)?.ended(outcome).bytes()?;
        let expires_at = Some(expiry(trail));
        let mut writes = vec![Write::Replace { key, value, version, expires_at }];
        writes.extend(reserved.settle(accounts, outcome, ledger.clock.now().seconds())?);
        if let (true, Some(revoked)) = (standing, revoked) {
            writes.extend(still(trail, std::slice::from_ref(revoked))?);
        }
        Ok(writes)
    };
    let mut keys = revoked()?;
    keys.push(key.clone());
    keys.extend(reserved.keys().iter().cloned());
    let event = Event::Outcome(outcome.clone());
    let (query, tries) = (Some(query), OUTCOME_TRIES);
    append(&Page { trail, event, query, tries, keys, with: &with }, ledger).await
}

/// The status of a request that begins to run: its first, or that of one which waited.
fn opened(trail: &Trail, found: Option<&Item>) -> Result<Vec<Write>, Error> {
    match trail.resumed {
        false => opening(trail, &Status::running(trail)),
        true => Ok(vec![moved(trail.status_key(), found, State::Running, None)?]),
    }
}

/// The request's status, and its salt apart from it: a status may be forgotten, a commitment is
/// worth nothing without its salt.
pub(crate) fn opening(trail: &Trail, status: &Status) -> Result<Vec<Write>, Error> {
    let key = trail.status_key().ok_or(Error::Mismatch)?;
    let salt = trail.salt_item().ok_or(Error::Mismatch)?;
    Ok(vec![
        Write::Create { key, value: status.bytes()?, expires_at: Some(expiry(trail)) },
        Write::Create { key: salt, value: trail.salt.to_vec(), expires_at: None },
    ])
}

/// Takes the idempotency key, or says who has it.
pub(crate) fn claim(key: &Key, found: Option<&Item>, trail: &Trail) -> Result<Write, Error> {
    let asked = trail.asked.to_string();
    if let Some(item) = found {
        let taken = String::from_utf8_lossy(&item.value).into_owned();
        let (digest, request) = taken.split_once(' ').ok_or(Error::KeyReused)?;
        return Err(match digest == asked {
            true => Error::Repeated(request.to_owned()),
            false => Error::KeyReused,
        });
    }
    let value = format!("{asked} {}", trail.request).into_bytes();
    Ok(Write::Create { key: key.clone(), value, expires_at: Some(expiry(trail)) })
}

/// Longer than any queue or workflow goes on retrying, and a week more than a request may wait.
fn expiry(trail: &Trail) -> u64 {
    trail.began.seconds() + LIFE_S
}

impl Status {
    fn ended(self, outcome: &Outcome) -> Self {
        let state = match outcome.result {
            Ended::Done => State::Done,
            Ended::Failed => State::Failed,
            Ended::Unknown => State::Unknown,
        };
        Self {
            state,
            cause: outcome.cause.clone(),
            rows: Some(outcome.rows),
            affected: Some(outcome.affected),
            ..self
        }
    }
}
