//! Reading a ledger where it lies, without any part that writes it.

use std::path::Path;

use audit::{
    Record,
    verify::{Fault, Ledger, Report},
};
use on_disk::Sqlite;
use state::{Item, Key, Partition, Store as _};

/// Why a ledger is not proven.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It holds something that does not hold.
    #[error("not proven: {0}")]
    Fault(#[from] Fault),
    /// It holds a key that nobody knows.
    #[error("not proven: the key of an item is not understood: `{0}`")]
    Key(String),
    /// It cannot be read.
    #[error("the ledger cannot be read")]
    Unreadable(#[from] state::Error),
}

/// Checks a ledger kept in a file of SQLite.
///
/// # Errors
/// It cannot be read, or something in it does not hold.
pub async fn verify(file: &Path) -> Result<Report, Error> {
    let store = Sqlite::open_read_only(file)?;
    let mut ledger = Ledger::default();
    for partition in store.partitions()? {
        for (key, item) in all(&store, &partition, "").await? {
            take(&mut ledger, &key, &item)?;
        }
    }
    Ok(ledger.finish()?)
}

/// All records, chain by chain in their order.
///
/// # Errors
/// It cannot be read, or a record in it cannot.
pub async fn records(file: &Path) -> Result<Vec<Record>, Error> {
    let store = Sqlite::open_read_only(file)?;
    let mut records = Vec::new();
    for partition in store.partitions()? {
        for (key, item) in all(&store, &partition, "record:").await? {
            let record = serde_json::from_slice(&item.value);
            records.push(record.map_err(|_| Error::Key(key.as_str().to_owned()))?);
        }
    }
    Ok(records)
}

fn take(ledger: &mut Ledger, key: &Key, item: &Item) -> Result<(), Error> {
    let unknown = || Error::Key(key.as_str().to_owned());
    let (kind, rest) = key.as_str().split_once(':').unwrap_or((key.as_str(), ""));
    match kind {
        "record" => Ok(ledger.line(&item.value)?),
        "head" => {
            let chain = request::Digest::from_hex(rest).ok_or_else(unknown)?;
            Ok(ledger.head(chain, &item.value)?)
        }
        // Beside the chains: how requests stand, what waits, and the salts of commitments; and of
        // every tree its nodes, what they may still use up, what was revoked, and the proofs that were
        // seen, once or again; and of a principal its trees and what its issuer told about it.
        "idempotency" | "request" | "salt" => Ok(()),
        // Of requests that wait: what is approved, what was decided, who was shown it, and results
        // that are kept for their owners; and signposts to them.
        "approval" | "kept" | "parked" | "shown" => Ok(()),
        "past" | "session" | "shape" | "ticket" | "told" | "waits" | "wake" => Ok(()),
        "account" | "event" | "node" | "proof" | "replays" | "revoked" | "root" => Ok(()),
        _ => Err(unknown()),
    }
}

async fn all(
    store: &Sqlite,
    partition: &Partition,
    prefix: &str,
) -> Result<Vec<(Key, Item)>, state::Error> {
    let mut all: Vec<(Key, Item)> = Vec::new();
    loop {
        let after = all.last().map(|(key, _)| key.clone());
        let page = store.list(partition, prefix, after.as_ref(), PAGE).await?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}

const PAGE: usize = 1000;
