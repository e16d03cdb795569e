//! The result of what ran while its agent was away: kept for a day, encrypted to the agent's own key,
//! so that nobody else can read it, and we cannot either.

use audit::Ledger;
use identity::OwnerKey;
use masking::Rows;
use request::{Millis, RequestId};
use serde::{Deserialize, Serialize};
use state::{Key, Partition, Write};

use crate::{Ports, body::body, envelope};

/// What is kept, in how many parts, and until when.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    parts: usize,
    expires: Millis,
}

/// For whom a result is kept.
pub(crate) struct Keeper<'a> {
    pub(crate) owner: &'a OwnerKey,
    pub(crate) partition: Partition,
    pub(crate) request: RequestId,
}

/// Keeps a result for its owner. It may be fetched once its outcome is on record, and not before. One
/// that cannot be kept is lost, and its outcome is not: what ran has run.
pub(crate) async fn keep_or_say(rows: &Rows, by: &Keeper<'_>, on: &Ports) {
    if let Err(error) = keep(rows, by, &on.ledger).await {
        tracing::error!(request = %by.request, %error, "a result could not be kept for its owner");
    }
}

async fn keep(rows: &Rows, by: &Keeper<'_>, on: &Ledger) -> Result<(), Unkept> {
    let plain = body(&by.request, rows).ok_or(Unkept::Form)?;
    let sealed = envelope::seal(by.owner, &plain).map_err(|_| Unkept::Sealed)?;
    let expires = Millis(on.now().0.saturating_add(LIFE_MS));
    let parts: Vec<&[u8]> = sealed.as_bytes().chunks(PART).collect();
    for (number, part) in parts.iter().enumerate() {
        let name = format!("kept:{}:{number:03}", by.request);
        create(&name, part.to_vec(), expires, by, on).await?;
    }
    let head = Head { parts: parts.len(), expires };
    let head = serde_json::to_vec(&head).map_err(|_| Unkept::Form)?;
    create(&format!("kept:{}", by.request), head, expires, by, on).await
}

async fn create(
    name: &str,
    value: Vec<u8>,
    expires: Millis,
    by: &Keeper<'_>,
    on: &Ledger,
) -> Result<(), Unkept> {
    let (key, expires_at) = (Key::new(name).ok_or(Unkept::Form)?, Some(expires.seconds()));
    let write = Write::Create { key, value, expires_at };
    Ok(on.store().commit(&by.partition, &[write]).await?)
}

/// What is kept of this request: a JWE (RFC 7516) for the key that its owner showed.
///
/// # Errors
/// The store cannot be read, or holds what we do not understand.
pub(crate) async fn fetch(
    partition: &Partition,
    request: &RequestId,
    on: &Ledger,
) -> Result<Option<String>, Unkept> {
    let key = Key::new(format!("kept:{request}")).ok_or(Unkept::Form)?;
    let found = on.store().read(partition, std::slice::from_ref(&key)).await?;
    let Some(item) = found.into_iter().flatten().next() else { return Ok(None) };
    let head: Head = serde_json::from_slice(&item.value).map_err(|_| Unkept::Form)?;
    if on.now() >= head.expires {
        return Ok(None);
    }
    let names = (0..head.parts).map(|number| Key::new(format!("kept:{request}:{number:03}")));
    let names: Vec<Key> = names.collect::<Option<_>>().ok_or(Unkept::Form)?;
    let mut whole = Vec::new();
    for part in on.store().read(partition, &names).await? {
        whole.extend(part.ok_or(Unkept::Form)?.value);
    }
    String::from_utf8(whole).map(Some).map_err(|_| Unkept::Form)
}

/// Why a result is not kept, or what was kept cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Unkept {
    /// Neither what was written nor what was read is in order.
    #[error("what is kept has not the form that it must have")]
    Form,
    /// The key is none that can be encrypted to.
    #[error("it cannot be encrypted to its owner's key")]
    Sealed,
    /// The store did not take it, or does not give it.
    #[error(transparent)]
    Store(#[from] state::Error),
}

/// Bytes of one item.
const PART: usize = 240 * 1024;
/// A day.
const LIFE_MS: u64 = 24 * 3600 * 1000;
