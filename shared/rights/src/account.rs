//! What is left of a budget: reserved before a statement runs, settled when it has ended.
//!
//! A request reserves from the account of every node on its path, so that all children together
//! use no more than their parent was given. The caller keeps an account in a store and changes it
//! only in the state in which he read it; here is only the counting.
//!
//! INVARIANT: what is spent in a window and what is reserved are together never more than the limit.

use request::json;
use serde::{Deserialize, Serialize};

use crate::Budget;

/// Some of each kind that is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amount {
    /// Rows of results.
    pub rows: u64,
    /// Bytes of results.
    pub bytes: u64,
    /// Cells of results, rows times columns.
    pub cells: u64,
    /// Statements.
    pub statements: u64,
}

impl Amount {
    fn with(self, other: Self, each: fn(u64, u64) -> u64) -> Self {
        Self {
            rows: each(self.rows, other.rows),
            bytes: each(self.bytes, other.bytes),
            cells: each(self.cells, other.cells),
            statements: each(self.statements, other.statements),
        }
    }

    fn plus(self, other: Self) -> Self {
        self.with(other, u64::saturating_add)
    }

    fn less(self, other: Self) -> Self {
        self.with(other, u64::saturating_sub)
    }

    fn least(self, other: Self) -> Self {
        self.with(other, u64::min)
    }

    fn lacks_something(self) -> bool {
        [self.rows, self.bytes, self.cells, self.statements].contains(&0)
    }
}

/// Why nothing can be reserved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Short {
    /// What is left is held by requests that have not ended. They may leave some of it.
    #[error("the rest of the budget is held by requests that have not ended")]
    Reserved,
    /// Nothing is left, in this window or for good.
    #[error("the budget is spent")]
    Spent,
}

/// The account of one node. Kinds that its budget does not limit are not counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    limits: Budget,
    /// Which window `spent` is about: unix time in lengths of a window, 0 without windows. Windows
    /// begin at the same time for every node, so that those of a child and its parent coincide. Two
    /// of them touch: around their border, twice the amount can be used in one window's time.
    window: u64,
    spent: Amount,
    reserved: Amount,
}

impl Account {
    /// A new account from which nothing has been taken.
    #[must_use]
    pub fn open(budget: &Budget) -> Self {
        let (spent, reserved) = Default::default();
        Self { limits: *budget, window: 0, spent, reserved }
    }

    /// Canonical JSON, for a store.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // Numbers and fixed names have a JSON form; nothing would be read back from no bytes.
        serde_json::to_value(self).map(|value| json::canonical(&value)).unwrap_or_default()
    }

    /// Reads what [`Account::to_bytes`] wrote, and nothing else.
    ///
    /// # Errors
    /// Not an account, not in canonical form, or with limits that no budget has.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, request::Error> {
        let account: Self = json::strict_as(bytes, 3)?;
        let sound = account.limits.is_sound() && account.to_bytes() == bytes;
        sound
            .then_some(account)
            .ok_or_else(|| request::Error::Json("not an account of ours".into()))
    }

    /// What can be reserved now; `u64::MAX` of what is not limited.
    #[must_use]
    pub fn available(&self, now_s: u64) -> Amount {
        self.unspent(now_s).less(self.reserved)
    }

    /// Reserves one statement, and of rows, bytes and cells as much of `want` as there is.
    ///
    /// # Errors
    /// Nothing is left of rows, bytes, cells or statements.
    pub fn reserve(&mut self, want: Amount, now_s: u64) -> Result<Amount, Short> {
        if self.unspent(now_s).lacks_something() {
            return Err(Short::Spent);
        }
        let available = self.available(now_s);
        if available.lacks_something() {
            return Err(Short::Reserved);
        }
        self.turn(now_s);
        let granted = Amount { statements: 1, ..want.least(available) };
        self.reserved = self.reserved.plus(self.counted(granted));
        Ok(granted)
    }

    /// Ends a reservation: `reserved` as it was granted, `used` of it spent in the window of `now_s`.
    /// A reservation is settled once. More than was reserved cannot have been used, and is counted as
    /// all of it: whoever runs a statement stops it at what was granted.
    pub fn settle(&mut self, reserved: Amount, used: Amount, now_s: u64) {
        self.turn(now_s);
        // Not more than is held, whatever a caller says: the rest belongs to nobody.
        let reserved = self.counted(reserved).least(self.reserved);
        self.reserved = self.reserved.less(reserved);
        self.spent = self.spent.plus(used.least(reserved));
    }

    /// The limits less what is spent.
    fn unspent(&self, now_s: u64) -> Amount {
        let spent =
            if self.window_at(now_s) > self.window { Amount::default() } else { self.spent };
        self.limits().less(self.counted(spent))
    }

    /// Begins a new window. Time that goes back stays in the window it has come to.
    fn turn(&mut self, now_s: u64) {
        let window = self.window_at(now_s);
        if window > self.window {
            self.window = window;
            self.spent = Amount::default();
        }
    }

    fn window_at(&self, now_s: u64) -> u64 {
        self.limits.window_s().and_then(|length| now_s.checked_div(length)).unwrap_or_default()
    }

    fn limits(&self) -> Amount {
        let limits = self.limits;
        Amount {
            rows: limits.rows().unwrap_or(u64::MAX),
            bytes: limits.bytes().unwrap_or(u64::MAX),
            cells: limits.cells().unwrap_or(u64::MAX),
            statements: limits.statements().unwrap_or(u64::MAX),
        }
    }

    /// Of what is limited; nothing of the rest.
    fn counted(&self, amount: Amount) -> Amount {
        let of = |limit: Option<u64>, n| limit.map_or(0, |_| n);
        Amount {
            rows: of(self.limits.rows(), amount.rows),
            bytes: of(self.limits.bytes(), amount.bytes),
            cells: of(self.limits.cells(), amount.cells),
            statements: of(self.limits.statements(), amount.statements),
        }
    }
}
