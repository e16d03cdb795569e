//! Where a request lies that waits for people.

use request::{Digest, Millis, RequestId};
use state::{Key, Partition};

/// The name of a request that waits: its id, and the partition of whoever made it. It opens nothing by
/// itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Where everything of its requester lies.
    pub partition: Partition,
    /// The request.
    pub request: RequestId,
}

impl Ticket {
    /// The item with the request as it is approved, which never changes.
    #[must_use]
    pub fn document_key(&self) -> Option<Key> {
        Key::new(format!("parked:{}", self.request))
    }

    /// The item that says what was decided about it.
    #[must_use]
    pub fn approval_key(&self) -> Option<Key> {
        Key::new(format!("approval:{}", self.request))
    }
}

/// One message about a request that waits or waited. It names what it is about and decides nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The request.
    pub ticket: Ticket,
    /// What people are asked to approve.
    pub digest: Digest,
    /// When it stops waiting.
    pub expires: Millis,
}
