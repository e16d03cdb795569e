//! The ledger as the stages hold it: a store, a clock, and whose records these are.

use std::sync::Arc;

use request::{Clock, Digest, Millis};
use state::Store;

/// Where records go. It adds to the store and reads from it, and decides nothing.
pub struct Ledger {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Ledger {
    /// A ledger kept in this store.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }

    /// The store, for what has to become true beside a record.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// The time by which records are dated.
    #[must_use]
    pub fn now(&self) -> Millis {
        self.clock.now()
    }
}

/// Proof that a record is durably in the ledger. A reply with rows cannot be made without one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub(crate) chain: Digest,
    pub(crate) seq: u64,
    pub(crate) sha256: Digest,
}

impl std::fmt::Display for Receipt {
    /// `chain/seq/sha256`, for the caller to keep: whoever later drops the record cannot explain it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}/{}", self.chain, self.seq, self.sha256)
    }
}
