//! A store in memory that keeps what a store promises, lets others in between, and goes down when a
//! test wants it to.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use request::Later;
use serde_json::Value;
use state::{Error, Item, Key, Partition, Store, Version, Write, check};

/// The store.
#[derive(Default)]
pub(crate) struct Memory {
    items: Mutex<BTreeMap<(String, String), Item>>,
    writes: AtomicU64,
    down: AtomicBool,
    /// How many commits are still done; then it is down.
    left: Mutex<Option<u64>>,
    /// After how many commits somebody is quicker than the next, and which node that ends.
    quicker: Mutex<Option<(u64, String)>>,
}

impl Memory {
    /// From now on nobody gets an answer, or everybody does again.
    pub(crate) fn down(&self, down: bool) {
        self.down.store(down, Ordering::SeqCst);
        *self.left.lock().unwrap() = None;
    }

    /// So many commits are done, and no more.
    pub(crate) fn down_after(&self, commits: u64) {
        *self.left.lock().unwrap() = Some(commits);
    }

    /// After so many commits, just before the next one in a tree: this node ends there, or where none
    /// is named, the tree's root.
    pub(crate) fn ends_before(&self, commits: u64, node: &str) {
        *self.quicker.lock().unwrap() = Some((commits, node.to_owned()));
    }

    /// The keys of a partition that begin like this.
    pub(crate) fn keys(&self, partition: &str, prefix: &str) -> Vec<String> {
        let items = self.items.lock().unwrap();
        let here = items.keys().filter(|(at, key)| at == partition && key.starts_with(prefix));
        here.map(|(_, key)| key.clone()).collect()
    }

    /// How many items there are.
    pub(crate) fn len(&self) -> usize {
        self.items.lock().unwrap().len()
    }

    /// What happened to nodes, in the order of the records of each chain.
    pub(crate) fn events(&self) -> Vec<Value> {
        let items = self.items.lock().unwrap();
        let lines = items.iter().filter(|((_, key), _)| key.starts_with("record:"));
        let record = |item: &Item| serde_json::from_slice::<Value>(&item.value).unwrap();
        lines.map(|(_, item)| record(item)["unmapped"]["event"].clone()).collect()
    }

    /// Every line of the ledger, and the newest of each chain, as whoever checks it gets them.
    pub(crate) fn checked(&self) -> Result<audit::verify::Report, audit::verify::Fault> {
        let mut ledger = audit::verify::Ledger::default();
        for ((_, key), item) in &*self.items.lock().unwrap() {
            if key.starts_with("record:") {
                ledger.line(&item.value)?;
            } else if let Some(chain) = key.strip_prefix("head:") {
                ledger.head(request::Digest::from_hex(chain).unwrap(), &item.value)?;
            }
        }
        ledger.finish()
    }

    /// Everything that is kept, as text.
    pub(crate) fn text(&self) -> String {
        let items = self.items.lock().unwrap();
        let text = |((at, key), item): (&(String, String), &Item)| {
            format!("{at} {key} {}\n", String::from_utf8_lossy(&item.value))
        };
        items.iter().map(text).collect()
    }

    fn interjected(&self, partition: &Partition) {
        let mut quicker = self.quicker.lock().unwrap();
        match quicker.take() {
            Some((0, node)) => {
                let node = if node.is_empty() { partition.as_str() } else { &node };
                let value = format!("{{\"nodes\":[\"{node}\"],\"since\":null}}").into_bytes();
                let version = Version(self.writes.fetch_add(1, Ordering::SeqCst).to_string());
                let at = (partition.as_str().to_owned(), "revoked".to_owned());
                self.items.lock().unwrap().insert(at, Item { value, version });
            }
            Some((commits, node)) => *quicker = Some((commits - 1, node)),
            None => {}
        }
    }

    fn answers(&self) -> Result<(), Error> {
        match self.down.load(Ordering::SeqCst) {
            true => Err(Error::Unavailable("the line is dead".into())),
            false => Ok(()),
        }
    }

    fn apply(&self, partition: &Partition, writes: &[Write]) -> Result<(), Error> {
        check(writes)?;
        let at = |key: &Key| (partition.as_str().to_owned(), key.as_str().to_owned());
        let mut items = self.items.lock().unwrap();
        for write in writes {
            let found = items.get(&at(write.key())).map(|item| &item.version);
            let wanted = match write {
                Write::Create { .. } => None,
                Write::Replace { version, .. } => Some(version),
                Write::Require { version, .. } => version.as_ref(),
            };
            if found != wanted {
                return Err(Error::Conflict);
            }
        }
        for write in writes {
            if let Write::Create { key, value, .. } | Write::Replace { key, value, .. } = write {
                let version = Version(self.writes.fetch_add(1, Ordering::SeqCst).to_string());
                items.insert(at(key), Item { value: value.clone(), version });
            }
        }
        Ok(())
    }
}

impl Store for Memory {
    fn read<'a>(
        &'a self,
        partition: &'a Partition,
        keys: &'a [Key],
    ) -> Later<'a, Result<Vec<Option<Item>>, Error>> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            self.answers()?;
            let items = self.items.lock().unwrap();
            let at = |key: &Key| (partition.as_str().to_owned(), key.as_str().to_owned());
            Ok(keys.iter().map(|key| items.get(&at(key)).cloned()).collect())
        })
    }

    fn list<'a>(
        &'a self,
        partition: &'a Partition,
        prefix: &'a str,
        after: Option<&'a Key>,
        limit: usize,
    ) -> Later<'a, Result<Vec<(Key, Item)>, Error>> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            self.answers()?;
            let items = self.items.lock().unwrap();
            let here = items.iter().filter(|((at, key), _)| {
                let after = after.is_none_or(|after| key.as_str() > after.as_str());
                at == partition.as_str() && key.starts_with(prefix) && after
            });
            let pairs = here.map(|((_, key), item)| (Key::new(key).unwrap(), item.clone()));
            Ok(pairs.take(limit).collect())
        })
    }

    fn commit<'a>(
        &'a self,
        partition: &'a Partition,
        writes: &'a [Write],
    ) -> Later<'a, Result<(), Error>> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            self.answers()?;
            if let Some(left) = self.left.lock().unwrap().as_mut() {
                let more = left.checked_sub(1);
                *left = more.ok_or(Error::Unavailable("the line is dead".into()))?;
            }
            self.interjected(partition);
            self.apply(partition, writes)
        })
    }
}
