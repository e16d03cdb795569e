//! What came through the veil: the only shape in which a result leaves.

use std::collections::BTreeMap;

use serde::Serialize;

/// A value that came through the veil.
///
/// ```compile_fail
/// fn forge(rows: masking::Rows) -> masking::Masked<masking::Rows> {
///     masking::Masked(rows)
/// }
/// ```
pub struct Masked<T>(pub(crate) T);

impl<T> Masked<T> {
    /// The value.
    #[must_use]
    pub fn get(&self) -> &T {
        &self.0
    }
}

/// Name and type of a column, beside the rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Head {
    /// Its name in the statement.
    pub name: String,
    /// Its type, as PostgreSQL calls it.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whether its values are masked ones, or made of such.
    pub masked: bool,
}

/// How much was masked: for the record and for the caller, who must not take a mark for data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MaskedCounts {
    /// Cells that were changed.
    pub cells: u64,
    /// Columns of masked values.
    pub columns: u64,
    /// Findings in content, by kind.
    pub kinds: BTreeMap<&'static str, u64>,
}

/// A result: rows as one JSON array of arrays, kept as the bytes that will be sent.
pub struct Rows {
    pub(crate) heads: Vec<Head>,
    pub(crate) json: Vec<u8>,
    pub(crate) count: u64,
    pub(crate) affected: Option<u64>,
    pub(crate) truncated: bool,
    pub(crate) masked: MaskedCounts,
}

impl Rows {
    /// Name and type of each column.
    #[must_use]
    pub fn heads(&self) -> &[Head] {
        &self.heads
    }

    /// `[[…],[…]]`, UTF-8.
    #[must_use]
    pub fn json(&self) -> &[u8] {
        &self.json
    }

    /// How many rows are in it.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// How many rows a write changed.
    #[must_use]
    pub fn affected(&self) -> Option<u64> {
        self.affected
    }

    /// Whether the target had more rows than are here.
    #[must_use]
    pub fn truncated(&self) -> bool {
        self.truncated
    }

    /// How much was masked.
    #[must_use]
    pub fn masked(&self) -> &MaskedCounts {
        &self.masked
    }
}
