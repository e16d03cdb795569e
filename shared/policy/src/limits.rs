//! How much of a target one request may see, and for how long it may run.

/// Rows, bytes, time and cells of one request, at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Rows in a result; what is cut says so.
    pub max_rows: u64,
    /// Bytes of a result's JSON; what is cut says so.
    pub max_bytes: u64,
    /// Milliseconds a statement may run.
    pub timeout_ms: u64,
    /// Cells in a result, rows times columns; what is cut says so.
    pub max_cells: u64,
}

/// What else limits a request. Where a number is missing, there is no such limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Most {
    pub(crate) rows: Option<u64>,
    pub(crate) bytes: Option<u64>,
    pub(crate) time_ms: Option<u64>,
    pub(crate) cells: Option<u64>,
}

impl Limits {
    /// The most that a target may be configured to. 4 MiB leave room for the rest of an answer
    /// within the 6 MB that Lambda takes.
    pub(crate) const MOST: Self = Self {
        max_rows: 100_000,
        max_bytes: 4 << 20,
        timeout_ms: 25_000,
        max_cells: 100_000 * COLUMNS,
    };

    /// The cells of a target that does not say how many: those of its rows in a table of usual width.
    pub(crate) fn usual_cells(max_rows: u64) -> u64 {
        max_rows.saturating_mul(COLUMNS).clamp(1, Self::MOST.max_cells)
    }

    /// The lesser of each.
    pub(crate) fn within(self, most: Most) -> Self {
        let lesser = |own: u64, most: Option<u64>| most.map_or(own, |most| own.min(most));
        Self {
            max_rows: lesser(self.max_rows, most.rows),
            max_bytes: lesser(self.max_bytes, most.bytes),
            timeout_ms: lesser(self.timeout_ms, most.time_ms),
            max_cells: lesser(self.max_cells, most.cells),
        }
    }
}

impl From<Limits> for Most {
    fn from(limits: Limits) -> Self {
        Self {
            rows: Some(limits.max_rows),
            bytes: Some(limits.max_bytes),
            time_ms: Some(limits.timeout_ms),
            cells: Some(limits.max_cells),
        }
    }
}

/// Columns of a table of usual width.
const COLUMNS: u64 = 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_is_narrowed_and_none_is_widened() {
        let limits = Limits { max_rows: 10, max_bytes: 20, timeout_ms: 30, max_cells: 40 };
        assert_eq!(limits.within(Most::default()), limits);
        assert_eq!(limits.within(Limits::MOST.into()), limits);
        let narrow = Limits { max_rows: 1, max_bytes: 2, timeout_ms: 3, max_cells: 4 };
        assert_eq!(limits.within(narrow.into()), narrow);
    }

    #[test]
    fn the_usual_cells_are_never_more_than_a_target_may_have() {
        assert_eq!(Limits::usual_cells(1000), 20_000);
        assert_eq!(Limits::usual_cells(u64::MAX), Limits::MOST.max_cells);
    }
}
