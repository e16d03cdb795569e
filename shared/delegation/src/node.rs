//! A node as it is kept: who is above it, what it waits for or has, and how many came of it.

use audit::Error;
use identity::NodeId;
use request::{Digest, json};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use state::{Item, Key, Write};

use crate::call::put;

/// One node of a tree. What cannot change once it is there is told apart by its comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Node {
    /// From the root to this node; for ever.
    pub(crate) path: Vec<String>,
    /// Unix seconds when it ends, renewed or not; for ever.
    pub(crate) ends_s: u64,
    /// The thumbprints of the keys above it; for ever.
    pub(crate) above: Vec<String>,
    /// What it waits for, or has.
    pub(crate) stage: Stage,
    /// How many children it has had.
    pub(crate) children: u64,
    /// How many it may; for ever.
    pub(crate) max_children: u64,
    /// At the root: how many nodes the whole tree has had.
    pub(crate) tree: u64,
}

/// How far a node is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "is", deny_unknown_fields)]
pub(crate) enum Stage {
    /// Its parent made it, and somebody is to come with the ticket.
    Waiting {
        /// The hash of the ticket's secret.
        ticket: Digest,
        /// Unix seconds until which it waits.
        until_s: u64,
        /// What its token will say, but for its time, its id and its key.
        deed: Map<String, Value>,
        /// Who has to come, where its parent said so: issuer and subject as in `sub`.
        workload: Option<String>,
    },
    /// It came.
    Live {
        /// The thumbprint of its key; a leaf has none.
        jkt: Option<String>,
        /// The hash of the ticket that it came with, so that it is known when it comes again.
        ticket: Option<Digest>,
    },
}

impl Node {
    /// Where a node is kept in the partition of its tree.
    pub(crate) fn key(node: &str) -> Result<Key, Error> {
        Key::new(format!("node:{node}")).ok_or(Error::Mismatch)
    }

    /// Reads what [`Self::write`] wrote.
    ///
    /// # Errors
    /// It is there and is not that: what cannot be read is not trusted.
    pub(crate) fn read(item: Option<&Item>) -> Result<Option<Self>, Error> {
        let Some(item) = item else { return Ok(None) };
        let read = json::strict_as(&item.value, DEPTH);
        Ok(Some(read.map_err(|error| Error::Unavailable(Box::new(error)))?))
    }

    /// The write that makes it what it is now, if it is what it was when it was read.
    pub(crate) fn write(&self, before: Option<&Item>) -> Result<Write, Error> {
        let value =
            serde_json::to_value(self).map_err(|error| Error::Unavailable(Box::new(error)))?;
        let node = self.path.last().ok_or(Error::Mismatch)?;
        Ok(put(Self::key(node)?, json::canonical(&value), before, self.forgotten_s()))
    }

    /// Whether it is this node, or one below it.
    pub(crate) fn is_below(&self, node: &NodeId) -> bool {
        self.path.iter().any(|above| above == node.as_str())
    }

    /// Unix seconds from which nothing asks for it any more: an hour after its last token.
    pub(crate) fn forgotten_s(&self) -> u64 {
        self.ends_s.saturating_add(3600)
    }
}

/// Rights and the nested actors of a token within an item.
const DEPTH: usize = 32;
