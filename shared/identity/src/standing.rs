//! What the store has to say before a chain may act: that nothing of it was revoked, and that its
//! proof is used for the first time. Judged here, committed by whoever records the request.

use std::collections::BTreeSet;

use request::{Digest, json};
use serde_json::{Value, json};
use state::{Item, Key, Write};

use crate::{NodeId, Proven};

/// What must be true in the partition of a chain for it to act, and what its acting uses up.
///
/// It goes into the same commit as the first record of a request: whoever was revoked before that
/// commit does nothing after it, and of two requests with one proof exactly one is on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    path: Vec<NodeId>,
    begun_s: u64,
    once: Option<Once>,
    patience: u64,
}

/// Something that may be used one time: a proof, or a token that is good for one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Once {
    pub(crate) id: Digest,
    pub(crate) until_s: u64,
}

impl From<&Proven> for Once {
    fn from(proven: &Proven) -> Self {
        Self { id: proven.id(), until_s: proven.until_s() }
    }
}

/// Why a chain that is who it says it is may not act all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fallen {
    /// The proof, or the token that is good for one request, was used before.
    #[error("the proof was used before")]
    Replayed,
    /// The node, one above it, or everything that was issued until then has been revoked.
    #[error("the token was revoked")]
    Revoked,
    /// The item is not what we write. What cannot be read is not trusted.
    #[error("the list of what was revoked cannot be read")]
    Unreadable,
}

impl Standing {
    pub(crate) fn new(path: Vec<NodeId>, begun_s: u64, once: Option<Once>, patience: u64) -> Self {
        Self { path, begun_s, once, patience }
    }

    /// The same for somebody whose proof has been used up by what they do: they do not fall by it again.
    #[must_use]
    pub fn used(self) -> Self {
        Self { once: None, ..self }
    }

    /// The items to read.
    #[must_use]
    pub fn keys(&self) -> Vec<Key> {
        Revocations::key().into_iter().chain(self.once_key()).collect()
    }

    /// Judges what was read for [`Self::keys`]; gives the writes that hold the commit to it.
    ///
    /// # Errors
    /// [`Fallen`]: nothing may be done.
    pub fn hold(&self, found: &[Option<Item>]) -> Result<Vec<Write>, Fallen> {
        let (Some(key), Some(revoked)) = (Revocations::key(), found.first()) else {
            return Err(Fallen::Unreadable);
        };
        self.not_revoked(revoked.as_ref())?;
        let version = revoked.as_ref().map(|item| item.version.clone());
        let mut writes = vec![Write::Require { key, version }];
        if let (Some(once), Some(key)) = (&self.once, self.once_key()) {
            match found.get(1) {
                Some(None) => {}
                Some(Some(_)) => return Err(Fallen::Replayed),
                None => return Err(Fallen::Unreadable),
            }
            let (value, expires_at) = (b"1".to_vec(), Some(once.until_s));
            writes.push(Write::Create { key, value, expires_at });
        }
        Ok(writes)
    }

    /// The same once more, at the end of a request: only whether it has been revoked meanwhile.
    ///
    /// # Errors
    /// [`Fallen::Revoked`] or [`Fallen::Unreadable`]: nothing may be released.
    pub fn still(&self, revoked: Option<&Item>) -> Result<Vec<Write>, Fallen> {
        self.not_revoked(revoked)?;
        let key = Revocations::key().ok_or(Fallen::Unreadable)?;
        Ok(vec![Write::Require { key, version: revoked.map(|item| item.version.clone()) }])
    }

    /// The items to read before a replay is counted.
    #[must_use]
    pub fn tally_keys(&self) -> Vec<Key> {
        Revocations::key().into_iter().chain(self.tally_key()).collect()
    }

    /// Counts a replay, from what was read for [`Self::tally_keys`]. With the last one that is borne
    /// the node is revoked; a direct caller has no node of ours, so what was issued to it until
    /// `now_s` is.
    ///
    /// # Errors
    /// [`Fallen::Unreadable`].
    pub fn tally(&self, found: &[Option<Item>], now_s: u64) -> Result<Vec<Write>, Fallen> {
        let (Some(key), [revoked, counted]) = (self.tally_key(), found) else {
            return Err(Fallen::Unreadable);
        };
        let before = match counted {
            None => 0,
            Some(item) => std::str::from_utf8(&item.value)
                .ok()
                .and_then(|text| text.parse().ok())
                .ok_or(Fallen::Unreadable)?,
        };
        let count: u64 = before + 1;
        let mut writes = vec![put(key, count.to_string().into_bytes(), counted.as_ref())];
        if count >= self.patience {
            let mut list = Revocations::read(revoked.as_ref())?;
            match self.path.last().filter(|node| node.is_ours()) {
                Some(node) => _ = list.nodes.insert(node.as_str().to_owned()),
                None => list.since = list.since.max(Some(now_s)),
            }
            writes.extend(list.write(revoked.as_ref()));
        }
        Ok(writes)
    }

    fn not_revoked(&self, item: Option<&Item>) -> Result<(), Fallen> {
        let list = Revocations::read(item)?;
        let ended = self.path.iter().any(|node| list.nodes.contains(node.as_str()));
        let stale = list.since.is_some_and(|since| self.begun_s <= since);
        if ended || stale { Err(Fallen::Revoked) } else { Ok(()) }
    }

    fn once_key(&self) -> Option<Key> {
        Key::new(format!("proof:{}", self.once.as_ref()?.id))
    }

    fn tally_key(&self) -> Option<Key> {
        Key::new(format!("replays:{}", self.path.last()?))
    }
}

/// What was revoked in one partition, in one item: whoever is to act has to look at nothing else,
/// and a descendant that is being made at this moment falls with the node above it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revocations {
    /// Nodes; each with everything below it.
    pub nodes: BTreeSet<String>,
    /// Unix seconds: whatever was begun until then.
    pub since: Option<u64>,
}

impl Revocations {
    /// The one item.
    #[must_use]
    pub fn key() -> Option<Key> {
        Key::new("revoked")
    }

    /// Reads the item; where there is none, nothing was revoked.
    ///
    /// # Errors
    /// [`Fallen::Unreadable`]: it is not what [`Self::write`] writes.
    pub fn read(item: Option<&Item>) -> Result<Self, Fallen> {
        let Some(item) = item else { return Ok(Self::default()) };
        let value = json::strict(&item.value, 4).map_err(|_| Fallen::Unreadable)?;
        let members = value.as_object().filter(|members| members.len() == 2);
        let members = members.ok_or(Fallen::Unreadable)?;
        let since = match members.get("since") {
            Some(Value::Null) => None,
            Some(since) => Some(since.as_u64().ok_or(Fallen::Unreadable)?),
            None => return Err(Fallen::Unreadable),
        };
        let nodes = members.get("nodes").and_then(Value::as_array).ok_or(Fallen::Unreadable)?;
        let nodes: Option<_> = nodes.iter().map(|node| node.as_str().map(str::to_owned)).collect();
        Ok(Self { nodes: nodes.ok_or(Fallen::Unreadable)?, since })
    }

    /// The write that makes it true; `before` is the item as it was read.
    #[must_use]
    pub fn write(&self, before: Option<&Item>) -> Option<Write> {
        let value = json::canonical(&json!({"nodes": self.nodes, "since": self.since}));
        Some(put(Self::key()?, value, before))
    }
}

fn put(key: Key, value: Vec<u8>, before: Option<&Item>) -> Write {
    match before {
        None => Write::Create { key, value, expires_at: None },
        Some(item) => {
            Write::Replace { key, value, version: item.version.clone(), expires_at: None }
        }
    }
}
