//! A store in memory that lets others go first before, between and after everything it does, as often
//! as a seed has it.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use request::Later;
use state::{Error, Item, Key, Partition, Store, Version, Write};
use tokio::task::yield_now;

/// Numbers that follow from a seed: splitmix64.
#[derive(Clone)]
pub(super) struct Draw(pub(super) u64);

impl Draw {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// One of these.
    pub(super) fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// The store.
pub(super) struct Restless {
    items: Mutex<BTreeMap<(Partition, Key), Item>>,
    journal: Mutex<Vec<(Key, Vec<u8>)>>,
    draw: Mutex<Draw>,
}

impl Restless {
    pub(super) fn new(draw: Draw) -> Self {
        Self { items: Mutex::default(), journal: Mutex::default(), draw: Mutex::new(draw) }
    }

    /// Everything that was written, in the order in which it became true.
    pub(super) fn journal(&self) -> Vec<(Key, Vec<u8>)> {
        self.journal.lock().unwrap().clone()
    }

    async fn let_others(&self) {
        let turns = self.draw.lock().unwrap().below(6);
        for _ in 0..turns {
            yield_now().await;
        }
    }

    fn apply(&self, partition: &Partition, writes: &[Write]) -> Result<(), Error> {
        let mut items = self.items.lock().unwrap_or_else(PoisonError::into_inner);
        let place = |key: &Key| (partition.clone(), key.clone());
        let holds = |write: &Write| {
            let found = items.get(&place(write.key())).map(|item| &item.version);
            match write {
                Write::Create { .. } => found.is_none(),
                Write::Replace { version, .. } => found == Some(version),
                Write::Require { version, .. } => found == version.as_ref(),
            }
        };
        if !writes.iter().all(holds) {
            return Err(Error::Conflict);
        }
        for write in writes {
            if let Write::Create { key, value, .. } | Write::Replace { key, value, .. } = write {
                let version = Version(self.draw.lock().unwrap().next().to_string());
                items.insert(place(key), Item { value: value.clone(), version });
                self.journal.lock().unwrap().push((key.clone(), value.clone()));
            }
        }
        Ok(())
    }
}

impl Store for Restless {
    fn read<'a>(
        &'a self,
        partition: &'a Partition,
        keys: &'a [Key],
    ) -> Later<'a, Result<Vec<Option<Item>>, Error>> {
        Box::pin(async move {
            let mut found = Vec::new();
            for key in keys {
                // One by one: no store promises that they are of one moment.
                self.let_others().await;
                let place = (partition.clone(), key.clone());
                found.push(self.items.lock().unwrap().get(&place).cloned());
            }
            self.let_others().await;
            Ok(found)
        })
    }

    fn list<'a>(
        &'a self,
        partition: &'a Partition,
        prefix: &'a str,
        after: Option<&'a Key>,
        limit: usize,
    ) -> Later<'a, Result<Vec<(Key, Item)>, Error>> {
        let items = self.items.lock().unwrap();
        let ours = items.iter().filter(|((at, key), _)| {
            at == partition && key.as_str().starts_with(prefix) && after.is_none_or(|a| key > a)
        });
        let found = ours.map(|((_, key), item)| (key.clone(), item.clone())).take(limit).collect();
        Box::pin(async move { Ok(found) })
    }

    fn commit<'a>(
        &'a self,
        partition: &'a Partition,
        writes: &'a [Write],
    ) -> Later<'a, Result<(), Error>> {
        Box::pin(async move {
            state::check(writes)?;
            self.let_others().await;
            let applied = self.apply(partition, writes);
            self.let_others().await;
            applied
        })
    }
}
