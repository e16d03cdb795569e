//! What the emulator and an embedded Postern keep on a disk: state in one SQLite file, and the key
//! that signs our tokens in another.
//!
//! A commit that returned is on the disk, not in a cache of the operating system: the write-ahead
//! log is synced before the answer. Several handles and several processes may share a file.

mod file;
mod file_key;
#[cfg(test)]
mod forgetting;
mod statements;
mod worker;

use std::{path::Path, sync::Arc};

use request::{Clock, Later};
use state::{Error, Item, Key, Partition, Store, Write};

pub use file_key::{FileKey, KeyError};
use worker::Worker;

/// A store in one SQLite file. It forgets what is over if it is told the time, and nothing otherwise.
pub struct Sqlite {
    /// Commits queue here, and wait for the disk.
    writer: Worker,
    /// Reads do not wait for the disk: beside a write-ahead log they see the last commit.
    reader: Worker,
    clock: Option<Arc<dyn Clock>>,
}

impl Sqlite {
    /// Opens the file and makes it if it is not there, readable by its owner alone.
    ///
    /// # Errors
    /// [`Error::Unavailable`]: the file cannot be opened, or is not one of ours.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let writer = Worker::start(|| file::open(path))?;
        let reader = Worker::start(|| file::open_read_only(path))?;
        Ok(Self { writer, reader, clock: None })
    }

    /// The same store, which forgets items some time after they have expired: with every commit some,
    /// whoever made them.
    #[must_use]
    pub fn forgetting(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock: Some(clock), ..self }
    }

    /// Opens a file that must exist, to look only: every commit is refused by the file itself.
    ///
    /// # Errors
    /// [`Error::Unavailable`]: the file cannot be opened, or is not one of ours.
    pub fn open_read_only(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let writer = Worker::start(|| file::open_read_only(path))?;
        let reader = Worker::start(|| file::open_read_only(path))?;
        Ok(Self { writer, reader, clock: None })
    }

    /// Every partition that holds an item, sorted. Blocks until the file has answered; it is for
    /// programs that walk a whole file, not for requests.
    ///
    /// # Errors
    /// [`Error::Unavailable`]: the file cannot be read, or names a partition that none can have.
    pub fn partitions(&self) -> Result<Vec<Partition>, Error> {
        self.reader.wait(|on| on.partitions())
    }
}

impl Store for Sqlite {
    fn read<'a>(
        &'a self,
        partition: &'a Partition,
        keys: &'a [Key],
    ) -> Later<'a, Result<Vec<Option<Item>>, Error>> {
        let (partition, keys) = (partition.clone(), keys.to_vec());
        Box::pin(self.reader.run(move |on| on.read(&partition, &keys)))
    }

    fn list<'a>(
        &'a self,
        partition: &'a Partition,
        prefix: &'a str,
        after: Option<&'a Key>,
        limit: usize,
    ) -> Later<'a, Result<Vec<(Key, Item)>, Error>> {
        let (partition, prefix, after) = (partition.clone(), prefix.to_owned(), after.cloned());
        Box::pin(self.reader.run(move |on| on.list(&partition, &prefix, after.as_ref(), limit)))
    }

    fn commit<'a>(
        &'a self,
        partition: &'a Partition,
        writes: &'a [Write],
    ) -> Later<'a, Result<(), Error>> {
        Box::pin(async move {
            state::check(writes)?;
            let (partition, writes) = (partition.clone(), writes.to_vec());
            let now_s = self.clock.as_ref().map(|clock| clock.now().seconds());
            self.writer.run(move |on| on.commit(&partition, &writes, now_s)).await
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partition(name: &str) -> Partition {
        Partition::new(name).unwrap()
    }

    fn create(key: &str) -> [Write; 1] {
        let key = Key::new(key).unwrap();
        [Write::Create { key, value: b"x".to_vec(), expires_at: None }]
    }

    #[tokio::test]
    async fn a_walk_sees_every_partition_and_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let store = Sqlite::open(&path).unwrap();
        for name in ["b", "a", "a"] {
            let _twice = store.commit(&partition(name), &create("k")).await;
        }
        drop(store);

        let walk = Sqlite::open_read_only(&path).unwrap();
        assert_eq!(walk.partitions().unwrap(), [partition("a"), partition("b")]);
        let refused = walk.commit(&partition("c"), &create("k")).await;
        assert!(matches!(refused, Err(Error::Unavailable(_))), "{refused:?}");
        assert_eq!(walk.partitions().unwrap().len(), 2);
    }

    #[test]
    fn a_walk_makes_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        assert!(Sqlite::open_read_only(&path).is_err());
        assert!(!path.exists());
    }

    #[test]
    fn a_file_of_somebody_else_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("theirs");
        let theirs = rusqlite::Connection::open(&path).unwrap();
        theirs.execute_batch("CREATE TABLE notes (text)").unwrap();
        assert!(Sqlite::open(&path).is_err());
        let tables: i64 =
            theirs.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap();
        assert_eq!(tables, 1);
    }

    #[test]
    fn many_may_open_a_new_file_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        std::thread::scope(|scope| {
            let opened: Vec<_> = (0..16).map(|_| scope.spawn(|| Sqlite::open(&path))).collect();
            for thread in opened {
                let store = thread.join().unwrap();
                assert!(store.is_ok(), "{:?}", store.err());
            }
        });
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn only_the_owner_may_read_the_file_and_its_log() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let store = Sqlite::open(folder.path().join("state")).unwrap();
        store.commit(&partition("a"), &create("k")).await.unwrap();
        let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap).collect();
        assert_eq!(files.len(), 3);
        for file in files {
            let mode = file.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{:?}", file.file_name());
        }
    }
}
