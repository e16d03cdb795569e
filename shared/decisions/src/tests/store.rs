//! A store in memory that can fail where a test wants it to.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
};

use request::Later;
use state::{Error, Item, Key, Partition, Store, Version, Write};

/// Values, and how often each was written.
type Items = BTreeMap<(Partition, Key), (Vec<u8>, u64)>;

#[derive(Default)]
pub(super) struct Memory {
    items: Mutex<Items>,
    /// Commits to the partitions of requesters.
    pub(super) steps: AtomicUsize,
    /// Once there is such a commit, no requester's partition can be read any more.
    pub(super) blinds: AtomicBool,
    blind: AtomicBool,
}

impl Memory {
    fn get(&self, partition: &Partition, key: &Key) -> Option<Item> {
        let items = self.items.lock().unwrap();
        let (value, version) = items.get(&(partition.clone(), key.clone()))?;
        Some(Item { value: value.clone(), version: Version(version.to_string()) })
    }

    /// All that was ever written there and is still so, as text.
    pub(super) fn text(&self, partition: &Partition) -> String {
        let items = self.items.lock().unwrap();
        let own = items.iter().filter(|((place, _), _)| place == partition);
        own.map(|(_, (value, _))| String::from_utf8_lossy(value).into_owned() + "\n").collect()
    }

    fn apply(&self, partition: &Partition, writes: &[Write]) -> Result<(), Error> {
        state::check(writes)?;
        let held = |write: &Write| write.fits(self.get(partition, write.key()).as_ref());
        if !writes.iter().all(held) {
            return Err(Error::Conflict);
        }
        let mut items = self.items.lock().unwrap();
        for write in writes {
            if let Write::Create { key, value, .. } | Write::Replace { key, value, .. } = write {
                let item = items.entry((partition.clone(), key.clone())).or_default();
                *item = (value.clone(), item.1 + 1);
            }
        }
        if partition.as_str() != "approvals" {
            self.steps.fetch_add(1, SeqCst);
            self.blind.store(self.blinds.load(SeqCst), SeqCst);
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
            if self.blind.load(SeqCst) && partition.as_str() != "approvals" {
                return Err(Error::Unavailable("for a moment".into()));
            }
            Ok(keys.iter().map(|key| self.get(partition, key)).collect())
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
            let items = self.items.lock().unwrap();
            let own = items.keys().filter(|(place, key)| {
                place == partition
                    && key.as_str().starts_with(prefix)
                    && after.is_none_or(|after| key > after)
            });
            let keys: Vec<Key> = own.map(|(_, key)| key.clone()).take(limit).collect();
            drop(items);
            Ok(keys
                .into_iter()
                .filter_map(|key| Some((key.clone(), self.get(partition, &key)?)))
                .collect())
        })
    }

    fn commit<'a>(
        &'a self,
        partition: &'a Partition,
        writes: &'a [Write],
    ) -> Later<'a, Result<(), Error>> {
        Box::pin(async move { self.apply(partition, writes) })
    }
}
