//! Many requests over several accounts, in any order: nothing is used beyond a budget.

use std::collections::BTreeMap;

use proptest::{prelude::*, sample::Index};
use serde_json::json;

use super::accounts::budget;
use crate::account::{Account, Amount, Short};

/// What happens next.
#[derive(Clone, Debug)]
enum Step {
    /// A request of one of the children begins.
    Begin(usize, u64),
    /// A request that runs ends, with so many rows used; it may claim more than it was granted.
    End(Index, u64),
    /// The clock goes on, or back.
    Clock(i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0_usize..3, 0_u64..40).prop_map(|(child, want)| Step::Begin(child, want)),
        3 => (any::<Index>(), 0_u64..60).prop_map(|(which, used)| Step::End(which, used)),
        1 => (-40_i64..90).prop_map(Step::Clock),
    ]
}

/// A root and its three children, each with an account, and what runs.
struct Tree {
    accounts: [Account; 4],
    running: Vec<(usize, [Amount; 2])>,
    now: u64,
    window_s: u64,
    /// The latest window in which each account was changed.
    windows: [u64; 4],
    /// Rows used by account and window.
    used: BTreeMap<(usize, u64), u64>,
}

const ROOT: usize = 3;
const ROWS: [u64; 4] = [30, 60, 100, 100];
const STATEMENTS: u64 = 6;

impl Tree {
    fn new(window_s: Option<u64>) -> Self {
        let open = |rows: u64| {
            let mut members = json!({ "rows": rows, "statements": STATEMENTS * 10 });
            members
                .as_object_mut()
                .unwrap()
                .extend(window_s.map(|n| ("window_s".into(), n.into())));
            Account::open(&budget(members))
        };
        let (running, windows, used) = Default::default();
        let window_s = window_s.unwrap_or(u64::MAX);
        Self { accounts: ROWS.map(open), running, now: 1000, window_s, windows, used }
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Begin(child, want) => self.begin(child, want),
            Step::End(which, used) if !self.running.is_empty() => {
                let (child, granted) = self.running.swap_remove(which.index(self.running.len()));
                self.end(child, granted, used);
            }
            Step::End(..) => {}
            Step::Clock(by) => self.now = self.now.saturating_add_signed(by),
        }
    }

    fn touch(&mut self, account: usize) -> u64 {
        let window = &mut self.windows[account];
        *window = (*window).max(self.now / self.window_s);
        *window
    }

    /// Reserves along the whole path, or not at all.
    fn begin(&mut self, child: usize, rows: u64) {
        let want = Amount { rows, bytes: 5, cells: 5, statements: 1 };
        let Ok(ours) = self.accounts[child].reserve(want, self.now) else { return };
        self.touch(child);
        match self.accounts[ROOT].reserve(ours, self.now) {
            Ok(roots) => {
                self.touch(ROOT);
                self.running.push((child, [ours, roots]));
            }
            Err(_) => self.accounts[child].settle(ours, Amount::default(), self.now),
        }
    }

    fn end(&mut self, child: usize, [ours, roots]: [Amount; 2], claimed: u64) {
        let most = ours.rows.min(roots.rows);
        let used = Amount { rows: claimed.min(most), bytes: 5, cells: 5, statements: 1 };
        for (account, reserved) in [(child, ours), (ROOT, roots)] {
            self.accounts[account].settle(reserved, used, self.now);
            let window = self.touch(account);
            *self.used.entry((account, window)).or_default() += used.rows;
        }
    }

    /// What was used in a window, and what runs and may yet be used in it.
    fn committed(&self, account: usize) -> u64 {
        let runs = self.running.iter().filter(|(child, _)| account == ROOT || *child == account);
        let held: u64 = runs.map(|(_, [ours, roots])| ours.rows.min(roots.rows)).sum();
        held + self.used.get(&(account, self.windows[account])).copied().unwrap_or_default()
    }
}

fn run(window_s: Option<u64>, steps: Vec<Step>) -> Result<Tree, TestCaseError> {
    let mut tree = Tree::new(window_s);
    for step in steps {
        tree.take(step);
        for (account, rows) in ROWS.iter().enumerate() {
            prop_assert!(tree.committed(account) <= *rows, "account {account} is overdrawn");
        }
        for account in &tree.accounts {
            let again = Account::from_bytes(&account.to_bytes());
            prop_assert_eq!(again.as_ref(), Ok(account));
        }
    }
    Ok(tree)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn totals_are_never_overdrawn(steps in prop::collection::vec(step(), 0..80)) {
        run(None, steps)?;
    }

    #[test]
    fn windows_are_never_overdrawn(steps in prop::collection::vec(step(), 0..80)) {
        run(Some(60), steps)?;
    }

    #[test]
    fn what_was_held_and_not_used_can_be_had_again(steps in prop::collection::vec(step(), 0..80)) {
        let mut tree = run(None, steps)?;
        while let Some((child, granted)) = tree.running.pop() {
            tree.end(child, granted, 0);
        }
        for (n, rows) in ROWS.iter().enumerate() {
            let used = tree.used.get(&(n, 0)).copied().unwrap_or_default();
            prop_assert_eq!(tree.accounts[n].available(tree.now).rows, rows - used);
        }
    }
}

#[test]
fn two_hundred_children_stop_exactly_at_their_root_s_budget() {
    let mut root = Account::open(&budget(json!({ "rows": 1000 })));
    let mut granted = 0;
    for _ in 0..200 {
        if let Ok(amount) = root.reserve(Amount { rows: 7, bytes: 1, cells: 1, statements: 1 }, 0) {
            granted += amount.rows;
            root.settle(amount, amount, 0);
        }
    }
    assert_eq!(granted, 1000);
    assert_eq!(root.reserve(Amount::default(), 0), Err(Short::Spent));
}
