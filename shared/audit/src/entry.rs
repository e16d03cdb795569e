//! The two records of a request that is run, and the one of a request that is not.

use std::sync::Arc;

use approvals::{Cleared, Parked};
use state::{Item, Key, Write};

use crate::{
    Error, Event, Ledger, Outcome, Receipt, Refused, Trail,
    append::{Page, append},
    record::{Intent, Query, Result as Ended},
    status::{State, Status},
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

    /// Puts the id of the transaction on record that is about to write, so that what became of it can
    /// be found out even if we do not live to see it.
    ///
    /// # Errors
    /// The record could not be written; the transaction must be rolled back.
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
}

impl Entry {
    async fn append(&self, event: Event) -> Result<Receipt, Error> {
        let with = |_: &[Option<Item>]| Ok(Vec::new());
        let page = Page {
            trail: &self.trail,
            event,
            query: Some(&self.query),
            keys: Vec::new(),
            with: &with,
        };
        append(&page, &self.ledger).await
    }
}

/// Puts the intent on record, takes the idempotency key, and opens the request's status: all or none.
///
/// # Errors
/// [`Error::Repeated`] or [`Error::KeyReused`] for a key that was taken; otherwise the ledger cannot
/// be written, and nothing may be run.
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
    if !same {
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
    });
    let key = trail.idempotency_item();
    let with = |found: &[Option<Item>]| {
        let mut writes = opening(trail, &Status::running(trail))?;
        if let (Some(key), Some(found)) = (&key, found.first()) {
            writes.push(claim(key, found.as_ref(), trail)?);
        }
        Ok(writes)
    };
    let page = Page {
        trail,
        event,
        query: Some(&query),
        keys: key.iter().cloned().collect(),
        with: &with,
    };
    append(&page, on).await?;
    let entry = Arc::new(Entry { trail: Arc::clone(trail), query, ledger: Arc::clone(on) });
    Ok((Witnessed { cleared, entry: Arc::clone(&entry) }, Open { entry }))
}

/// Puts the outcome on record and closes the request's status. `shown` are the bytes that will be
/// released; the record commits to them and holds none of them.
///
/// # Errors
/// The ledger cannot be written: nothing may be released.
pub async fn conclude(
    open: Open,
    mut outcome: Outcome,
    shown: Option<&[u8]>,
) -> Result<Receipt, Error> {
    let Entry { trail, query, ledger } = &*open.entry;
    outcome.commitment = shown.map(|bytes| trail.commit(bytes));
    outcome.took_ms = ledger.clock.now().0.saturating_sub(trail.began.0);
    let status = Status::running(trail).ended(&outcome);
    let key = trail.status_key().ok_or(Error::Mismatch)?;
    let with = |found: &[Option<Item>]| {
        let item = found.first().and_then(Option::as_ref).ok_or(Error::Mismatch)?;
        Ok(vec![Write::Replace {
            key: key.clone(),
            value: status.bytes()?,
            version: item.version.clone(),
            expires_at: Some(expiry(trail)),
        }])
    };
    let page = Page {
        trail,
        event: Event::Outcome(outcome),
        query: Some(query),
        keys: vec![key.clone()],
        with: &with,
    };
    append(&page, ledger).await
}

/// Puts on record that a known caller was refused, or that the request waits for people.
///
/// # Errors
/// The ledger cannot be written; the caller is then told that, and nothing else.
pub async fn refuse(
    trail: &Trail,
    mut why: Refused,
    parked: Option<&Parked>,
    on: &Ledger,
) -> Result<Receipt, Error> {
    why.commitment = trail.commit(trail.asked.bytes());
    why.reason = trail.reason.clone();
    let state = match parked {
        None => State::Refused,
        Some(parked) => {
            why.approvers =
                parked.approvers().iter().map(|(group, n)| format!("{n} of {group}")).collect();
            State::Parked
        }
    };
    let status = Status { state, cause: Some(why.cause.clone()), ..Status::running(trail) };
    let with = |_: &[Option<Item>]| {
        let mut writes = opening(trail, &status)?;
        writes.extend(parked.map(|parked| parked.item().clone()));
        Ok(writes)
    };
    let event = Event::Refusal(why);
    append(&Page { trail, event, query: None, keys: Vec::new(), with: &with }, on).await
}

/// The request's status, and its salt apart from it: a status may be forgotten, a commitment is
/// worth nothing without its salt.
fn opening(trail: &Trail, status: &Status) -> Result<Vec<Write>, Error> {
    let key = trail.status_key().ok_or(Error::Mismatch)?;
    let salt = Key::new(format!("salt:{}", trail.request)).ok_or(Error::Mismatch)?;
    Ok(vec![
        Write::Create { key, value: status.bytes()?, expires_at: Some(expiry(trail)) },
        Write::Create { key: salt, value: trail.salt.to_vec(), expires_at: None },
    ])
}

/// Takes the idempotency key, or says who has it.
fn claim(key: &Key, found: Option<&Item>, trail: &Trail) -> Result<Write, Error> {
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

/// A week: longer than any queue or workflow goes on retrying.
fn expiry(trail: &Trail) -> u64 {
    trail.began.seconds() + 7 * 24 * 3600
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
