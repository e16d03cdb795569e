//! How much a node and all below it may use together.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    Error,
    bounds::{lesser, under},
    members::{A_NUMBER, Members, NUMBERS},
};

/// Seconds that a window may have: a minute to thirty days.
const WINDOWS: RangeInclusive<u64> = 60..=2_592_000;

/// Amounts, each for the whole life of the node or, with a window, anew in every one. An amount that
/// is missing is not limited; at least one is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cells: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statements: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    window_s: Option<u64>,
}

impl Budget {
    /// Rows of results.
    #[must_use]
    pub fn rows(&self) -> Option<u64> {
        self.rows
    }

    /// Bytes of results.
    #[must_use]
    pub fn bytes(&self) -> Option<u64> {
        self.bytes
    }

    /// Cells of results, rows times columns.
    #[must_use]
    pub fn cells(&self) -> Option<u64> {
        self.cells
    }

    /// Statements.
    #[must_use]
    pub fn statements(&self) -> Option<u64> {
        self.statements
    }

    /// The length of a window in seconds; without one the amounts are for good.
    #[must_use]
    pub fn window_s(&self) -> Option<u64> {
        self.window_s
    }

    pub(crate) fn read(members: &Members<'_>) -> Result<Self, Error> {
        members.only(&["type", "rows", "bytes", "cells", "statements", "window_s"])?;
        let amount = |name| members.number(name, NUMBERS, A_NUMBER);
        let budget = Self {
            rows: amount("rows")?,
            bytes: amount("bytes")?,
            cells: amount("cells")?,
            statements: amount("statements")?,
            window_s: members.number("window_s", WINDOWS, "60 to 2592000 seconds")?,
        };
        budget.is_sound().then_some(budget).ok_or_else(|| Error::Shape {
            path: format!("[{}]", members.place()),
            wanted: "given at least one of `rows`, `bytes`, `cells` and `statements`",
        })
    }

    /// Whether every member is within its range, and one amount is there.
    pub(crate) fn is_sound(&self) -> bool {
        let amounts = self.amounts().map(|(_, amount)| amount);
        amounts.iter().any(Option::is_some)
            && amounts.iter().flatten().all(|n| NUMBERS.contains(n))
            && self.window_s.is_none_or(|n| WINDOWS.contains(&n))
    }

    pub(crate) fn to_json(self) -> Value {
        let members = [("window_s", self.window_s)].into_iter().chain(self.amounts());
        let known = members.filter_map(|(name, n)| Some((name.to_owned(), n?.into())));
        let kind = [("type".to_owned(), "budget".into())];
        Value::Object(kind.into_iter().chain(known).collect::<Map<_, _>>())
    }

    /// The member in which this is more than `parent`, and how to mend it.
    pub(crate) fn fault(&self, parent: &Self) -> Option<(&'static str, String)> {
        let above = self.amounts().into_iter().zip(parent.amounts());
        let above = above.into_iter().find_map(|((name, ours), (_, theirs))| {
            let most = theirs.filter(|_| !under(ours, theirs))?;
            Some((name, format!("must be given, and at most {most}")))
        });
        above.or_else(|| {
            // A total over the whole life is at most as much as the same amount in each window.
            let fits = self.window_s.is_none() || self.window_s == parent.window_s;
            let remedy = match parent.window_s {
                Some(window) => format!("must be {window}, or left out for a total"),
                None => "must be left out: the parent's budget is a total".to_owned(),
            };
            (!fits).then_some(("window_s", remedy))
        })
    }

    /// The lesser amounts. Windows that differ have no window in common, and the amounts become
    /// totals: a total is within the same amount per window, of whatever length.
    pub(crate) fn meet(&self, other: &Self) -> Self {
        Self {
            rows: lesser(self.rows, other.rows),
            bytes: lesser(self.bytes, other.bytes),
            cells: lesser(self.cells, other.cells),
            statements: lesser(self.statements, other.statements),
            window_s: self.window_s.filter(|_| self.window_s == other.window_s),
        }
    }

    /// The same amounts as totals.
    #[cfg(test)]
    pub(crate) fn once(&self) -> Self {
        Self { window_s: None, ..*self }
    }

    fn amounts(&self) -> [(&'static str, Option<u64>); 4] {
        [
            ("rows", self.rows),
            ("bytes", self.bytes),
            ("cells", self.cells),
            ("statements", self.statements),
        ]
    }
}
