//! The ledger under real requests: one chain, whatever the store does, and records that hold.

mod chains;
mod faults;
mod keys;
mod records;
mod stores;
mod tampering;

use std::sync::Arc;

use ::audit::{Ended, Error, Ledger, Open, Outcome, Receipt, Refused, Witnessed, verify};
use identity::{Chain, Verified};
use request::Digest;
use state::{Key, Partition, Store};

pub(crate) use faults::{checked, numbered};

use crate::{
    stand::{Begun, Still},
    store::Moody,
};

/// A ledger and the store beneath it.
pub(crate) struct Book {
    pub(crate) store: Arc<Moody>,
    pub(crate) ledger: Arc<Ledger>,
}

impl Book {
    pub(crate) fn new() -> Self {
        let store = Arc::new(Moody::new());
        let ledger = Arc::new(Ledger::new(store.clone(), Arc::new(Still)));
        Self { store, ledger }
    }

    pub(crate) async fn intend(&self, begun: Begun) -> Result<(Witnessed, Open), Error> {
        ::audit::intend(begun.cleared, &begun.trail, &self.ledger).await
    }

    /// Everything of this caller's partition with this prefix, by key.
    async fn items(&self, who: &Verified<Chain>, prefix: &str) -> Vec<(Key, Vec<u8>)> {
        let found = self.store.list(&partition(who), prefix, None, 1000).await.unwrap();
        found.into_iter().map(|(key, item)| (key, item.value)).collect()
    }

    /// The lines of this caller's records, in the order of their keys.
    pub(crate) async fn lines(&self, who: &Verified<Chain>) -> Vec<Vec<u8>> {
        self.items(who, "record:").await.into_iter().map(|(_, line)| line).collect()
    }

    /// What the verifier says to the records and heads of this caller.
    pub(crate) async fn report(
        &self,
        who: &Verified<Chain>,
    ) -> Result<verify::Report, verify::Fault> {
        let mut ledger = verify::Ledger::default();
        for line in self.lines(who).await {
            ledger.line(&line)?;
        }
        for (key, value) in self.items(who, "head:").await {
            ledger.head(chain_of(&key), &value)?;
        }
        ledger.finish()
    }
}

fn partition(who: &Verified<Chain>) -> Partition {
    who.get().partition().clone()
}

fn chain_of(head: &Key) -> Digest {
    Digest::from_hex(head.as_str().strip_prefix("head:").unwrap()).unwrap()
}

fn done() -> Outcome {
    Outcome { result: Ended::Done, rows: 2, ..Outcome::default() }
}

fn forbidden() -> Refused {
    Refused::new("policy", "forbid", "this caller may not".into(), vec!["night".into()])
}

/// Place and digest of the receipt, to be compared with a line.
fn tells(receipt: &Receipt, seq: usize, line: &[u8]) -> bool {
    receipt.to_string().ends_with(&format!("/{seq}/{}", Digest::of(line)))
}
