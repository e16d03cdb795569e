//! What a request may use of the budgets of every hop: reserved with its intent, settled with its
//! outcome, so that together no requests use more than there is.

use policy::{Limits, Permit};
use rights::account::{Account, Amount, Short};
use state::{Item, Key, Write};

use crate::{Error, Outcome, event::Result as Ended};

/// A reservation on each of these accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reserved {
    keys: Vec<Key>,
    amount: Amount,
}

/// The accounts of a chain: of each hop that has a budget.
///
/// # Errors
/// [`Error::Mismatch`]: a node that no store takes as a key.
pub(crate) fn accounts(permit: &Permit) -> Result<Vec<Key>, Error> {
    let grant = permit.who().get().grant();
    let nodes = grant.map(|grant| grant.accounts.as_slice()).unwrap_or_default();
    nodes.iter().map(|node| account(node.as_str())).collect()
}

/// The item that holds what a node has used.
///
/// # Errors
/// [`Error::Mismatch`]: a node that no store takes as a key.
pub fn account(node: &str) -> Result<Key, Error> {
    Key::new(format!("account:{node}")).ok_or(Error::Mismatch)
}

/// Reserves what this request may use at most, on every account or on none.
///
/// # Errors
/// [`Error::Budget`] where nothing is left; [`Error::Mismatch`] where an account is missing that a
/// token of ours names: what cannot be counted is not given.
pub(crate) fn reserve(
    keys: &[Key],
    found: &[Option<Item>],
    limits: &Limits,
    now_s: u64,
) -> Result<(Vec<Write>, Reserved), Error> {
    let all = Amount {
        rows: limits.max_rows,
        bytes: limits.max_bytes,
        cells: limits.max_cells,
        statements: 1,
    };
    let mut open = read(keys, found)?;
    let short = |short: Short| Error::Budget(short);
    // What the poorest of them has is what there is.
    let amount = open
        .iter()
        .try_fold(all, |want, (account, _)| account.clone().reserve(want, now_s).map_err(short))?;
    for (account, _) in &mut open {
        account.reserve(amount, now_s).map_err(short)?;
    }
    let reserved = Reserved { keys: keys.to_vec(), amount };
    Ok((write(keys, &open, now_s), reserved))
}

impl Reserved {
    /// The accounts.
    pub(crate) fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// The limits that hold with what was reserved.
    pub(crate) fn within(&self, limits: &Limits) -> Limits {
        Limits {
            max_rows: limits.max_rows.min(self.amount.rows),
            max_bytes: limits.max_bytes.min(self.amount.bytes),
            max_cells: limits.max_cells.min(self.amount.cells),
            ..*limits
        }
    }

    /// Turns the reservation into what was used.
    pub(crate) fn settle(
        &self,
        found: &[Option<Item>],
        outcome: &Outcome,
        now_s: u64,
    ) -> Result<Vec<Write>, Error> {
        let used = match outcome.result {
            // Nobody can tell, so all of it may have been.
            Ended::Unknown => self.amount,
            Ended::Done | Ended::Failed => Amount {
                rows: outcome.rows.max(outcome.affected),
                bytes: outcome.bytes,
                cells: outcome.cells,
                statements: 1,
            },
        };
        let mut open = read(&self.keys, found)?;
        for (account, _) in &mut open {
            account.settle(self.amount, used, now_s);
        }
        Ok(write(&self.keys, &open, now_s))
    }
}

fn read<'i>(keys: &[Key], found: &'i [Option<Item>]) -> Result<Vec<(Account, &'i Item)>, Error> {
    if keys.len() != found.len() {
        return Err(Error::Mismatch);
    }
    let open = found.iter().map(|item| {
        let item = item.as_ref()?;
        Some((Account::from_bytes(&item.value).ok()?, item))
    });
    open.collect::<Option<_>>().ok_or(Error::Mismatch)
}

fn write(keys: &[Key], open: &[(Account, &Item)], now_s: u64) -> Vec<Write> {
    let write = |(key, (account, item)): (&Key, &(Account, &Item))| Write::Replace {
        key: key.clone(),
        value: account.to_bytes(),
        version: item.version.clone(),
        expires_at: Some(now_s + LIFE_S),
    };
    keys.iter().zip(open).map(write).collect()
}

/// No tree lives longer than twelve hours; an hour more for what is still running.
const LIFE_S: u64 = 13 * 3600;
