//! What outlives a function: small items that change together or not at all.
//!
//! A store keeps items under a partition and a key. All that one request changes lies in one
//! partition (its root caller), so that every cloud can change it atomically: DynamoDB by
//! `TransactWriteItems`, Azure Tables by an entity-group transaction, SQLite by a transaction. What
//! the items *mean* is nobody's business here; the stages decide, a store only compares and swaps.

use request::Later;

/// The longest value, in bytes. An entity of Azure Tables holds 1 MiB in properties of 64 KiB, an
/// item of DynamoDB 400 KB; this fits both with room for keys.
pub const VALUE_LIMIT: usize = 256 * 1024;

/// How many writes one commit may hold; Azure Tables and DynamoDB both end at 100.
pub const WRITES_LIMIT: usize = 100;

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident, $limit:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Takes a key in the alphabet that all stores share: letters, digits and `-_.:`. Azure
            /// Tables forbids `/ \ # ?` and control characters in keys.
            #[must_use]
            pub fn new(text: impl Into<String>) -> Option<Self> {
                let text = text.into();
                let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':');
                (!text.is_empty() && text.len() <= $limit && text.bytes().all(fits)).then_some(Self(text))
            }

            /// The key.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    )*};
}

keys! {
    /// Where the items of one root caller lie together.
    Partition, 128;
    /// The name of an item in its partition; keys sort by their bytes.
    Key, 256;
}

/// The store's mark of one state of an item; changes with every write to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version(pub String);

/// An item as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its bytes.
    pub value: Vec<u8>,
    /// The state it was in.
    pub version: Version,
}

/// One change, with the condition under which it may be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// Make the item; it must not exist.
    Create {
        /// Its key.
        key: Key,
        /// Its bytes, at most [`VALUE_LIMIT`].
        value: Vec<u8>,
        /// Unix seconds after which the store may forget it, at its leisure; readers check for themselves.
        expires_at: Option<u64>,
    },
    /// Change the item; it must be in this state.
    Replace {
        /// Its key.
        key: Key,
        /// Its new bytes, at most [`VALUE_LIMIT`].
        value: Vec<u8>,
        /// The state it was read in.
        version: Version,
        /// As for `Create`.
        expires_at: Option<u64>,
    },
    /// Change nothing, but hold the others to this: the item is in this state, or does not exist.
    Require {
        /// Its key.
        key: Key,
        /// The state it was read in; `None`: it must not exist.
        version: Option<Version>,
    },
}

impl Write {
    /// The item it is about.
    #[must_use]
    pub fn key(&self) -> &Key {
        match self {
            Self::Create { key, .. } | Self::Replace { key, .. } | Self::Require { key, .. } => key,
        }
    }

    /// Whether its condition holds for what was read of the item.
    #[must_use]
    pub fn fits(&self, found: Option<&Item>) -> bool {
        let now = found.map(|item| &item.version);
        match self {
            Self::Create { .. } => now.is_none(),
            Self::Replace { version, .. } => now == Some(version),
            Self::Require { version, .. } => now == version.as_ref(),
        }
    }
}

/// Why a store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A condition did not hold; nothing was changed.
    #[error("the state has moved on")]
    Conflict,
    /// The store refused this for good: a value or commit over its limits, a name it does not take.
    #[error("the store does not take this: {0}")]
    Refused(&'static str),
    /// It could not be reached, or did not answer. **A commit may have been applied all the same**:
    /// read before repeating it.
    #[error("the store cannot be reached")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A place for items. Promises that every implementation is tested for:
/// reads see every commit that returned; a commit is applied whole or not at all; of commits that
/// demand the same state exactly one succeeds; a commit that returned survives the process.
pub trait Store: Send + Sync {
    /// The items of these keys, in their order; `None` where there is none. Strongly consistent.
    fn read<'a>(
        &'a self,
        partition: &'a Partition,
        keys: &'a [Key],
    ) -> Later<'a, Result<Vec<Option<Item>>, Error>>;

    /// Up to `limit` items whose keys start with `prefix` and sort after `after`, sorted by key.
    fn list<'a>(
        &'a self,
        partition: &'a Partition,
        prefix: &'a str,
        after: Option<&'a Key>,
        limit: usize,
    ) -> Later<'a, Result<Vec<(Key, Item)>, Error>>;

    /// All of these writes, or none. No key may stand twice.
    fn commit<'a>(
        &'a self,
        partition: &'a Partition,
        writes: &'a [Write],
    ) -> Later<'a, Result<(), Error>>;
}

/// Refuses what no store takes, so that all stores refuse it alike.
///
/// # Errors
/// [`Error::Refused`]: no write or too many, a value too long, or a key twice.
pub fn check(writes: &[Write]) -> Result<(), Error> {
    if writes.is_empty() || writes.len() > WRITES_LIMIT {
        return Err(Error::Refused("a commit holds 1 to 100 writes"));
    }
    let mut keys = std::collections::BTreeSet::new();
    for write in writes {
        if !keys.insert(write.key()) {
            return Err(Error::Refused("a key stands twice in one commit"));
        }
        match write {
            Write::Create { value, .. } | Write::Replace { value, .. }
                if value.len() > VALUE_LIMIT =>
            {
                return Err(Error::Refused("a value is longer than 256 KiB"));
            }
            _ => {}
        }
    }
    Ok(())
}
