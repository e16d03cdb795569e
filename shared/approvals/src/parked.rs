//! A request that waits for people: the very bytes that will run, and what they are asked to agree to.

use std::collections::BTreeMap;

use request::{Digest, Millis, Statement};
use state::{Partition, Write};
use vetting::Vetted;

use crate::{Approval, Asked, Document, Error, Notice, Sealed, Ticket};

/// What is kept of a request until people have decided.
#[derive(Clone, Debug)]
pub struct Parked {
    ticket: Ticket,
    sealed: Sealed,
}

impl Parked {
    pub(crate) fn of(
        vetted: &Vetted<Statement>,
        partition: &Partition,
        asked: &Asked<'_>,
    ) -> Result<Self, Error> {
        let sealed = Sealed::of(Document::of(vetted, asked)?)?;
        Ok(Self { ticket: sealed.document().ticket(partition)?, sealed })
    }

    /// The writes that park it; made in the same commit as its record.
    ///
    /// # Errors
    /// [`Error::Unreadable`]: its name is none.
    pub fn items(&self) -> Result<Vec<Write>, Error> {
        let expires_at = Some(self.sealed.document().forgotten_s());
        let create = |key, value| Some(Write::Create { key, value, expires_at });
        let document =
            self.ticket.document_key().and_then(|key| create(key, self.sealed.bytes().to_vec()));
        let open = Approval::open(self.sealed.digest()).to_bytes();
        let approval = self.ticket.approval_key().and_then(|key| create(key, open));
        document.zip(approval).map(|(a, b)| vec![a, b]).ok_or(Error::Unreadable)
    }

    /// How many people of which groups are asked.
    #[must_use]
    pub fn approvers(&self) -> &BTreeMap<String, u32> {
        &self.sealed.document().matter.demand.approvers
    }

    /// When it stops waiting.
    #[must_use]
    pub fn expires(&self) -> Millis {
        self.sealed.document().expires
    }

    /// What people are asked to approve.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.sealed.digest()
    }

    /// The request whole.
    #[must_use]
    pub fn document(&self) -> &Document {
        self.sealed.document()
    }

    /// What a workflow is told of it.
    #[must_use]
    pub fn notice(&self) -> Notice {
        Notice { ticket: self.ticket.clone(), digest: self.digest(), expires: self.expires() }
    }
}
