//! One record at the end of its chain, together with whatever has to become true with it.

use std::time::Duration;

use request::{Digest, Millis, RequestId, json};
use serde::{Deserialize, Serialize};
use state::{Item, Key, Write};

use crate::{
    Error, Event, Ledger, Receipt, Record, Trail,
    record::{Actor, Endpoint, Metadata, Named, Product, Query, Unmapped, User},
};

/// The newest record of a chain.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Head {
    /// Its place.
    pub(crate) seq: u64,
    /// The SHA-256 of its line.
    pub(crate) sha256: Digest,
}

/// What is to be written: the event, and what else the commit depends on and makes true.
pub(crate) struct Page<'a> {
    pub(crate) trail: &'a Trail,
    pub(crate) event: Event,
    pub(crate) query: Option<&'a Query>,
    /// How often others may be first.
    pub(crate) tries: u32,
    /// Items to read together with the head.
    pub(crate) keys: Vec<Key>,
    /// The writes that go with the record, from what was read.
    pub(crate) with: &'a With<'a>,
}

/// From what was read to what is written with it, or to why nothing is.
pub type With<'a> = dyn Fn(&[Option<Item>]) -> Result<Vec<Write>, Error> + Send + Sync + 'a;

/// Appends, whatever others append to the same chain at the same time.
///
/// # Errors
/// What `with` refuses; [`Error::Busy`] when others were always first; [`Error::Unavailable`].
pub(crate) async fn append(page: &Page<'_>, on: &Ledger) -> Result<Receipt, Error> {
    for attempt in 0..page.tries {
        let found = read(page, on).await?;
        let (head, others) = found.split_first().ok_or(Error::Mismatch)?;
        let draft = Draft::after(head.as_ref(), page, on.clock.now())?;
        let mut writes = draft.writes()?;
        writes.extend((page.with)(others)?);
        match on.store.commit(&page.trail.partition, &writes).await {
            Ok(()) => return Ok(draft.receipt),
            // A store that retried by itself may meet its own first try, and one that did not answer
            // may have done it: what stands there tells.
            Err(_) if draft.stands(page, on).await? => return Ok(draft.receipt),
            Err(state::Error::Conflict) => pause(attempt).await?,
            Err(error) => return Err(error.into()),
        }
    }
    Err(Error::Busy)
}

async fn read(page: &Page<'_>, on: &Ledger) -> Result<Vec<Option<Item>>, Error> {
    let mut keys = vec![head_key(&page.trail.chain)?];
    keys.extend(page.keys.iter().cloned());
    Ok(on.store.read(&page.trail.partition, &keys).await?)
}

/// A record with its place, not written yet.
struct Draft {
    key: Key,
    line: Vec<u8>,
    head: Key,
    before: Option<state::Version>,
    receipt: Receipt,
}

impl Draft {
    fn after(head: Option<&Item>, page: &Page<'_>, now: Millis) -> Result<Self, Error> {
        let chain = page.trail.chain;
        let (seq, prev) = match head {
            None => (0, Digest::from_bytes([0; 32])),
            Some(item) => {
                let head: Head = serde_json::from_slice(&item.value).map_err(unreadable)?;
                (head.seq.checked_add(1).ok_or(Error::Busy)?, head.sha256)
            }
        };
        let line = record(page, seq, prev, now).line().map_err(unreadable)?;
        let receipt = Receipt { chain, seq, sha256: Digest::of(&line) };
        let before = head.map(|item| item.version.clone());
        Ok(Self { key: record_key(&chain, seq)?, line, head: head_key(&chain)?, before, receipt })
    }

    fn writes(&self) -> Result<Vec<Write>, Error> {
        let head = Head { seq: self.receipt.seq, sha256: self.receipt.sha256 };
        let value = json::canonical(&serde_json::to_value(head).map_err(unreadable)?);
        let key = self.head.clone();
        let record =
            Write::Create { key: self.key.clone(), value: self.line.clone(), expires_at: None };
        let head = match self.before.clone() {
            None => Write::Create { key, value, expires_at: None },
            Some(version) => Write::Replace { key, value, version, expires_at: None },
        };
        Ok(vec![record, head])
    }

    /// Whether this very line stands in its place. INVARIANT: it holds an id that nobody else makes, so that
    /// no writer takes the line of another for its own.
    async fn stands(&self, page: &Page<'_>, on: &Ledger) -> Result<bool, Error> {
        let key = std::slice::from_ref(&self.key);
        let found = on.store.read(&page.trail.partition, key).await?;
        Ok(found.iter().flatten().any(|item| item.value == self.line))
    }
}

fn record(page: &Page<'_>, seq: u64, prev: Digest, now: Millis) -> Record {
    let trail = page.trail;
    let shape = page.event.shape();
    let agent = || trail.hops.last().map(|hop| (hop.subject.clone(), hop.node.clone()));
    let person = page.event.by().map(|by| (by.subject.clone(), by.uid()));
    let (name, uid) = person.or_else(agent).unwrap_or_default();
    Record {
        activity_id: shape.activity,
        category_uid: shape.category,
        class_uid: shape.class,
        type_uid: shape.class * 100 + u32::from(shape.activity),
        severity_id: shape.severity,
        status_id: shape.status,
        action_id: shape.action,
        disposition_id: shape.disposition,
        time: now,
        metadata: Metadata {
            correlation_uid: trail.request.clone(),
            product: Product {
                name: "Postern".into(),
                vendor_name: "Postern".into(),
                version: env!("CARGO_PKG_VERSION").into(),
            },
            profiles: vec!["security_control".into()],
            uid: RequestId::fresh().to_string(),
            version: "1.8.0".into(),
        },
        actor: Actor { user: User { name, uid } },
        src_endpoint: Endpoint { ip: trail.ip.clone() },
        database: shape.database.then(|| Named { name: trail.target.clone() }),
        query_info: page.query.cloned(),
        unmapped: Unmapped {
            v: 1,
            chain: trail.chain,
            seq,
            prev,
            act_chain: trail.hops.clone(),
            event: page.event.clone(),
        },
    }
}

fn head_key(chain: &Digest) -> Result<Key, Error> {
    Key::new(format!("head:{chain}")).ok_or(Error::Mismatch)
}

/// Twelve digits, so that keys sort as numbers do.
fn record_key(chain: &Digest, seq: u64) -> Result<Key, Error> {
    Key::new(format!("record:{chain}:{seq:012}")).ok_or(Error::Mismatch)
}

pub(crate) fn unreadable(error: serde_json::Error) -> Error {
    Error::Unavailable(Box::new(error))
}

/// Waits longer each time, and not as long as the others who lost.
async fn pause(attempt: u32) -> Result<(), Error> {
    let mut byte = [0];
    getrandom::fill(&mut byte).map_err(|error| Error::Unavailable(Box::new(error)))?;
    let most = 2_u64.pow(attempt.min(7));
    let jitter = u64::from(byte.first().copied().unwrap_or_default()) * most / 255;
    tokio::time::sleep(Duration::from_millis(1 + jitter)).await;
    Ok(())
}

/// With pauses that double up to 128 ms, about a second of being second.
pub(crate) const TRIES: u32 = 16;

/// The same for five seconds: what ran has run, and what it holds of a budget is settled by its outcome
/// alone.
pub(crate) const OUTCOME_TRIES: u32 = 96;
