//! A store on disk that fails, loses its answer or sees conflicts when a test wants it to.

use std::{
    collections::VecDeque,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use on_disk::Sqlite;
use request::Later;
use state::{Error, Item, Key, Partition, Store, Write};
use tempfile::TempDir;

/// What becomes of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    /// It is answered.
    Sound,
    /// Nothing is done, and a conflict is told.
    Conflict,
    /// Nothing is done, and no answer comes.
    Down,
    /// It is done, and no answer comes.
    Silent,
    /// It is done, tried once more by the store itself, and so told as a conflict.
    Doubled,
}

/// The store. What is not foretold is answered as the usual mood has it.
pub(crate) struct Moody {
    inner: Sqlite,
    commits: Mutex<VecDeque<Mood>>,
    reads: Mutex<VecDeque<Mood>>,
    usual: Mutex<Mood>,
    lost: Mutex<Option<&'static str>>,
    committed: AtomicUsize,
    _folder: TempDir,
}

impl Moody {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let inner = Sqlite::open(folder.path().join("state")).unwrap();
        Self {
            inner,
            commits: Mutex::default(),
            reads: Mutex::default(),
            usual: Mutex::new(Mood::Sound),
            lost: Mutex::default(),
            committed: AtomicUsize::default(),
            _folder: folder,
        }
    }

    /// The moods of the next commits.
    pub(crate) fn commits(&self, moods: &[Mood]) {
        self.commits.lock().unwrap().extend(moods);
    }

    /// The moods of the next reads.
    pub(crate) fn reads(&self, moods: &[Mood]) {
        self.reads.lock().unwrap().extend(moods);
    }

    /// The mood of all other commits.
    pub(crate) fn always(&self, mood: Mood) {
        *self.usual.lock().unwrap() = mood;
    }

    /// From now on, items with this prefix are not found.
    pub(crate) fn lose(&self, prefix: &'static str) {
        *self.lost.lock().unwrap() = Some(prefix);
    }

    /// How many commits were asked for.
    pub(crate) fn committed(&self) -> usize {
        self.committed.load(Ordering::SeqCst)
    }

    fn next(&self) -> Mood {
        let usual = *self.usual.lock().unwrap();
        self.commits.lock().unwrap().pop_front().unwrap_or(usual)
    }
}

fn unanswered<T>() -> Result<T, Error> {
    Err(Error::Unavailable("the line is dead".into()))
}

impl Store for Moody {
    fn read<'a>(
        &'a self,
        partition: &'a Partition,
        keys: &'a [Key],
    ) -> Later<'a, Result<Vec<Option<Item>>, Error>> {
        let mood = self.reads.lock().unwrap().pop_front().unwrap_or(Mood::Sound);
        let lost = *self.lost.lock().unwrap();
        Box::pin(async move {
            if mood != Mood::Sound {
                return unanswered();
            }
            let found = self.inner.read(partition, keys).await?;
            let is_lost = |key: &Key| lost.is_some_and(|prefix| key.as_str().starts_with(prefix));
            let each = keys.iter().zip(found);
            Ok(each.map(|(key, item)| item.filter(|_| !is_lost(key))).collect())
        })
    }

    fn list<'a>(
        &'a self,
        partition: &'a Partition,
        prefix: &'a str,
        after: Option<&'a Key>,
        limit: usize,
    ) -> Later<'a, Result<Vec<(Key, Item)>, Error>> {
        self.inner.list(partition, prefix, after, limit)
    }

    fn commit<'a>(
        &'a self,
        partition: &'a Partition,
        writes: &'a [Write],
    ) -> Later<'a, Result<(), Error>> {
        self.committed.fetch_add(1, Ordering::SeqCst);
        let mood = self.next();
        Box::pin(async move {
            match mood {
                Mood::Sound => self.inner.commit(partition, writes).await,
                Mood::Conflict => Err(Error::Conflict),
                Mood::Down => unanswered(),
                Mood::Silent => {
                    self.inner.commit(partition, writes).await?;
                    unanswered()
                }
                Mood::Doubled => {
                    self.inner.commit(partition, writes).await?;
                    self.inner.commit(partition, writes).await
                }
            }
        })
    }
}
