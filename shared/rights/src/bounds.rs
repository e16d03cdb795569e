//! What holds for a statement that rights allow.

use std::collections::BTreeSet;

use crate::{
    Error,
    members::{A_NUMBER, Members, NUMBERS},
};

/// The bounds of one entry. Where a limit is missing, the entry sets none.
// In the order of the fields entries are sorted: those that ask nobody and mask nothing come first.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bounds {
    /// Whether people have to agree, whatever policy says.
    pub approval: bool,
    /// Tags of columns that have to be masked, whatever policy says.
    pub masked: BTreeSet<String>,
    /// Rows of a result, at most.
    pub max_rows: Option<u64>,
    /// Bytes of a result's JSON, at most.
    pub max_bytes: Option<u64>,
    /// Milliseconds that a statement may run, at most.
    pub timeout_ms: Option<u64>,
}

impl Bounds {
    pub(crate) fn read(members: &Members<'_>) -> Result<Self, Error> {
        let limit = |name| members.number(name, NUMBERS, A_NUMBER);
        Ok(Self {
            approval: members.set("approval")?,
            masked: members
                .list_if_any("masked", "a tag of at most 63 bytes", tag)?
                .unwrap_or_default(),
            max_rows: limit("max_rows")?,
            max_bytes: limit("max_bytes")?,
            timeout_ms: limit("timeout_ms")?,
        })
    }

    /// The limits with their names.
    pub(crate) fn limits(&self) -> [(&'static str, Option<u64>); 3] {
        [
            ("max_rows", self.max_rows),
            ("max_bytes", self.max_bytes),
            ("timeout_ms", self.timeout_ms),
        ]
    }

    /// Both: the lesser of each limit, and every duty of either.
    pub(crate) fn meet(&self, other: &Self) -> Self {
        Self {
            approval: self.approval || other.approval,
            masked: self.masked.union(&other.masked).cloned().collect(),
            max_rows: lesser(self.max_rows, other.max_rows),
            max_bytes: lesser(self.max_bytes, other.max_bytes),
            timeout_ms: lesser(self.timeout_ms, other.timeout_ms),
        }
    }
}

/// The lesser of two limits, where a missing one is no limit.
pub(crate) fn lesser(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    a.into_iter().chain(b).min()
}

/// Whether a child with this limit stays under its parent's.
pub(crate) fn under(child: Option<u64>, parent: Option<u64>) -> bool {
    parent.is_none_or(|most| child.is_some_and(|n| n <= most))
}

fn tag(text: &str) -> Option<String> {
    let sound = (1..=63).contains(&text.len()) && !text.chars().any(char::is_control);
    sound.then(|| text.to_owned())
}
