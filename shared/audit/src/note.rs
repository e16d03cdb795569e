//! Records of what happens beside statements: to nodes, and to proofs that are used up by looking.

use identity::{Chain, Grant, Hop, Verified};
use request::{Digest, Millis, RequestId, Source};
use state::{Item, Key, Partition, Write};

use crate::{
    Error, Event, Ledger, Receipt, Trail,
    append::{self, Page, With, append},
    trail::{hop, salt},
};

/// Whose record it is.
pub struct Subject {
    /// Where it is kept.
    pub partition: Partition,
    /// The chain of records that it stands in.
    pub session: Digest,
    /// Every hop, root first.
    pub hops: Vec<Hop>,
}

impl From<&Chain> for Subject {
    fn from(chain: &Chain) -> Self {
        Self {
            partition: chain.partition().clone(),
            session: chain.session(),
            hops: chain.hops().to_vec(),
        }
    }
}

impl TryFrom<&Grant> for Subject {
    type Error = Error;

    fn try_from(grant: &Grant) -> Result<Self, Error> {
        Ok(Self {
            partition: grant.partition().ok_or(Error::Mismatch)?,
            session: grant.session(),
            hops: grant.hops(),
        })
    }
}

/// What it is about.
pub struct About<'a> {
    /// The HTTP request that caused it.
    pub request: RequestId,
    /// What it addressed, in a word.
    pub what: &'a str,
    /// The digest of what was asked.
    pub asked: Digest,
    /// Where it came from.
    pub source: Source,
}

/// A trail for something that is no statement. Being able to record is not being allowed to do.
///
/// # Errors
/// No randomness for the salt.
pub fn trail_for(subject: Subject, about: About<'_>, now: Millis) -> Result<Trail, Error> {
    Ok(Trail {
        partition: subject.partition,
        chain: subject.session,
        hops: subject.hops.iter().map(hop).collect(),
        request: about.request.to_string(),
        target: about.what.to_owned(),
        asked: about.asked,
        salt: salt()?,
        reason: None,
        idempotency_key: None,
        ip: about.source.ip.map_or_else(|| "unknown".into(), |ip| ip.to_string()),
        began: now,
        standing: None,
        resumed: false,
    })
}

/// One record, and what becomes true with it.
pub struct Note<'a> {
    /// Whose, and about what.
    pub trail: &'a Trail,
    /// What happened.
    pub event: Event,
    /// Items to read first, for `with`.
    pub keys: Vec<Key>,
    /// The writes that go with the record, from what was read for `keys`. It is asked again when
    /// others were first.
    pub with: &'a With<'a>,
}

/// Writes it down, and makes true what has to become true with it: both or neither.
///
/// # Errors
/// What `with` refuses, or the ledger cannot be written; then nothing was done.
pub async fn note(note: &Note<'_>, on: &Ledger) -> Result<Receipt, Error> {
    let page = Page {
        trail: note.trail,
        event: note.event.clone(),
        query: None,
        tries: append::TRIES,
        keys: note.keys.clone(),
        with: note.with,
    };
    append(&page, on).await
}

/// For what is only looked at, and has no record: the caller may still act, and uses up its proof.
///
/// # Errors
/// [`Error::Fallen`], or the store cannot be reached.
pub async fn uses(who: &Verified<Chain>, on: &Ledger) -> Result<(), Error> {
    let (partition, standing) = (who.get().partition(), who.get().standing());
    for _ in 0..TRIES {
        let found = on.store.read(partition, &standing.keys()).await?;
        let writes = standing.hold(&found)?;
        if !writes.iter().any(|write| matches!(write, Write::Create { .. })) {
            return Ok(());
        }
        match on.store.commit(partition, &writes).await {
            Err(state::Error::Conflict) => {}
            other => return Ok(other?),
        }
    }
    Err(Error::Busy)
}

/// Counts a replay of a proof against the one whose it is.
///
/// # Errors
/// [`Error::Fallen`] or [`Error::Mismatch`].
pub(crate) fn tally(
    trail: &Trail,
    found: &[Option<Item>],
    now: Millis,
) -> Result<Vec<Write>, Error> {
    let standing = trail.standing.as_ref().ok_or(Error::Mismatch)?;
    Ok(standing.tally(found, now.seconds())?)
}

/// Only the same caller's own requests compete, and revocations.
const TRIES: u32 = 8;
