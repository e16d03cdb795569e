//! Budgets of a tree, reserved and settled by 64 at once in the way the ledger does it: every account
//! of a path in one commit, each in the state it was read in.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
    time::Duration,
};

use rights::{
    Rights,
    account::{Account, Amount, Short},
};
use serde_json::{Value, json};
use state::{Error, Item, Key, Partition, Store, Write};
use tokio::{task::JoinSet, time::sleep};

use super::{Pair, create, key};

/// A root, two children and four grandchildren; each has less than those below it have together.
const ACCOUNTS: [(&str, u64); 7] = [
    ("root", 250),
    ("c-0", 160),
    ("c-1", 160),
    ("g-0", 100),
    ("g-1", 100),
    ("g-2", 100),
    ("g-3", 100),
];

/// What is asked for: more than twice what the root has.
const WANT: Amount = Amount { rows: 8, bytes: 1000, cells: 16, statements: 1 };

pub(crate) async fn no_budget_is_overshot_by_64_at_once(on: &Pair, at: &Partition) {
    let tree = Arc::new(Tree::open(on, at).await);
    let (watched, mut running) = (Arc::clone(&tree), JoinSet::new());
    let watch = tokio::spawn(async move { watched.watch().await });
    for number in 0..64 {
        let tree = Arc::clone(&tree);
        let task = running.spawn(async move { tree.request(number).await });
        if number % 4 == 3 {
            tokio::spawn(async move {
                sleep(Duration::from_millis(number * 5)).await;
                task.abort();
            });
        }
    }
    while let Some(ended) = running.join_next().await {
        assert!(ended.is_ok() || ended.is_err_and(|error| error.is_cancelled()));
    }
    watch.abort();
    assert!(watch.await.is_err_and(|error| error.is_cancelled()), "it saw an account overdrawn");

    // What is left is there for whoever comes next, to the last row. It takes every way down: the
    // accounts of one way alone may be empty before the root's is.
    for number in [64, 69, 74, 79] {
        tree.reserve(number, Amount { rows: u64::MAX, ..WANT }).await;
    }
    let root = tree.state("root").await;
    let (used, held) = (tree.used.load(SeqCst), tree.held.load(SeqCst));
    assert_eq!(of(&root, "spent", "rows"), used);
    assert_eq!(of(&root, "spent", "rows") + of(&root, "reserved", "rows"), 250, "{root}");
    assert!(of(&root, "reserved", "rows") >= held, "what was left behind was given away: {root}");
    assert_eq!(of(&root, "spent", "statements"), tree.settled.load(SeqCst));
}

/// The accounts in a store, and what became of what was taken from them.
struct Tree {
    stores: [Arc<dyn Store>; 2],
    at: Partition,
    used: AtomicU64,
    held: AtomicU64,
    settled: AtomicU64,
}

impl Tree {
    async fn open(on: &Pair, at: &Partition) -> Self {
        let open = |(name, rows): &(&str, u64)| {
            let rights = json!([
                {"type": "postgres", "locations": ["shop"], "actions": ["select"], "objects": ["public.*"]},
                {"type": "budget", "rows": rows, "statements": 1000},
            ]);
            let rights = Rights::parse(&rights).unwrap();
            create(account(name), Account::open(rights.budget().unwrap()).to_bytes())
        };
        on.commit(at, &ACCOUNTS.iter().map(open).collect::<Vec<_>>()).await;
        let stores = [Arc::clone(&on.one), Arc::clone(&on.other)];
        let [used, held, settled] = Default::default();
        Self { stores, at: at.clone(), used, held, settled }
    }

    /// One request: half of them settle, the others are gone before they could.
    async fn request(&self, number: u64) {
        let Some(reserved) = self.reserve(number, WANT).await else { return };
        match number % 4 {
            0 => self.settle(number, reserved, reserved.rows).await,
            1 => self.settle(number, reserved, reserved.rows.min(3)).await,
            2 => _ = self.held.fetch_add(reserved.rows, SeqCst),
            // Until somebody ends it.
            _ => std::future::pending().await,
        }
    }

    /// As much as every account on the way has.
    async fn reserve(&self, number: u64, want: Amount) -> Option<Amount> {
        for round in 0..3 {
            let reserve = |accounts: &mut [Account]| {
                let least = |want, account: &Account| account.clone().reserve(want, 0);
                let amount = accounts.iter().try_fold(want, least)?;
                accounts.iter_mut().try_for_each(|each| each.reserve(amount, 0).map(drop))?;
                Ok(amount)
            };
            match self.change(number, "reserve", reserve).await {
                Ok(amount) => return Some(amount),
                Err(Short::Spent) => return None,
                Err(Short::Reserved) => pause(number, round).await,
            }
        }
        None
    }

    async fn settle(&self, number: u64, reserved: Amount, rows: u64) {
        let used = Amount { rows, bytes: 10, cells: 2 * rows, statements: 1 };
        let settle = |accounts: &mut [Account]| {
            accounts.iter_mut().for_each(|account| account.settle(reserved, used, 0));
            Ok(())
        };
        self.change(number, "settle", settle).await.unwrap();
        self.settled.fetch_add(1, SeqCst);
        let used = self.used.fetch_add(rows, SeqCst) + rows;
        assert!(used <= 250, "{used} rows were used");
    }

    /// Changes all accounts of this one's path, or none. A mark goes with it, as a record does, by
    /// which a commit is known that was done and not told so.
    async fn change<T>(
        &self,
        number: u64,
        what: &str,
        alter: impl Fn(&mut [Account]) -> Result<T, Short>,
    ) -> Result<T, Short> {
        let store = &self.stores[usize::from(number.is_multiple_of(2))];
        let (path, mark) = (path(number), format!("{what}:{number}"));
        let mut attempt = 0;
        loop {
            let found = read(store, &self.at, &path).await;
            let items: Vec<Item> = found.into_iter().map(Option::unwrap).collect();
            let mut accounts: Vec<Account> = items.iter().map(counted).collect();
            let altered = alter(&mut accounts)?;
            let mut writes: Vec<Write> = std::iter::zip(&path, std::iter::zip(&items, &accounts))
                .map(|(key, (item, account))| Write::Replace {
                    key: key.clone(),
                    value: account.to_bytes(),
                    version: item.version.clone(),
                    expires_at: None,
                })
                .collect();
            writes.push(create(&mark, "1"));
            match store.commit(&self.at, &writes).await {
                Ok(()) => return Ok(altered),
                Err(_) if self.stands(&mark).await => return Ok(altered),
                // Where many are at the same rows, a store may give up.
                Err(Error::Conflict | Error::Unavailable(_)) => pause(number, attempt).await,
                Err(error) => panic!("{error:?}"),
            }
            attempt += 1;
        }
    }

    async fn stands(&self, mark: &str) -> bool {
        read(&self.stores[0], &self.at, &[key(mark)]).await[0].is_some()
    }

    async fn state(&self, name: &str) -> Value {
        let item = read(&self.stores[1], &self.at, &[account(name)].map(key)).await.remove(0);
        serde_json::from_slice(&item.unwrap().value).unwrap()
    }

    /// Looks at every account for as long as somebody may take from it.
    async fn watch(&self) {
        loop {
            for (name, limit) in ACCOUNTS {
                let state = self.state(name).await;
                let taken = of(&state, "spent", "rows") + of(&state, "reserved", "rows");
                assert!(taken <= limit, "{name}: {state}");
            }
            sleep(Duration::from_millis(20)).await;
        }
    }
}

fn account(name: &str) -> String {
    format!("account:{name}")
}

/// The accounts on the way down to the one of this number.
fn path(number: u64) -> Vec<Key> {
    let (child, grandchild) = (number / 4 % 2, number / 4 % 4);
    let names = ["root".into(), format!("c-{child}"), format!("g-{grandchild}")];
    names.iter().map(|name| key(account(name))).collect()
}

fn counted(item: &Item) -> Account {
    Account::from_bytes(&item.value).unwrap()
}

/// Reads until there is an answer: sixty-four at once are more than some servers like.
async fn read(store: &Arc<dyn Store>, at: &Partition, keys: &[Key]) -> Vec<Option<Item>> {
    for attempt in 0..5 {
        if let Ok(found) = store.read(at, keys).await {
            return found;
        }
        pause(7, attempt).await;
    }
    store.read(at, keys).await.unwrap()
}

fn of(state: &Value, part: &str, kind: &str) -> u64 {
    state[part][kind].as_u64().unwrap()
}

/// Longer each time, and not as long as the others.
async fn pause(number: u64, attempt: u32) {
    let most = 2_u64.pow(4 + attempt.min(5));
    sleep(Duration::from_millis(1 + (number * 37 + u64::from(attempt) * 11) % most)).await;
}
