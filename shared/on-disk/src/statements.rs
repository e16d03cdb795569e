//! What is asked of the file: each question prepared once, each commit one transaction.

use rusqlite::{Connection, OptionalExtension as _, Row, Statement, params};
use state::{Error, Item, Key, Partition, Version, Write};

/// The prepared statements of one connection.
pub(crate) struct Statements<'c> {
    connection: &'c Connection,
    begin: Statement<'c>,
    begin_writing: Statement<'c>,
    end: Statement<'c>,
    undo: Statement<'c>,
    get: Statement<'c>,
    version: Statement<'c>,
    range: Statement<'c>,
    create: Statement<'c>,
    replace: Statement<'c>,
    partitions: Statement<'c>,
    forget: Statement<'c>,
}

impl<'c> Statements<'c> {
    pub(crate) fn prepare(connection: &'c Connection) -> Result<Self, Error> {
        let prepare = |sql| connection.prepare(sql).map_err(unavailable);
        Ok(Self {
            connection,
            begin: prepare("BEGIN")?,
            begin_writing: prepare("BEGIN IMMEDIATE")?,
            end: prepare("COMMIT")?,
            undo: prepare("ROLLBACK")?,
            get: prepare("SELECT v, n FROM items WHERE p = ?1 AND k = ?2")?,
            version: prepare("SELECT n FROM items WHERE p = ?1 AND k = ?2")?,
            range: prepare(
                "SELECT v, n, k FROM items WHERE p = ?1 AND k >= ?2 AND k > ?3 AND k < ?4
                 ORDER BY k LIMIT ?5",
            )?,
            create: prepare(
                "INSERT INTO items (p, k, v, n, expires_at) VALUES (?1, ?2, ?3, 1, ?4)
                 ON CONFLICT (p, k) DO NOTHING",
            )?,
            replace: prepare(
                "UPDATE items SET v = ?3, n = n + 1, expires_at = ?4
                 WHERE p = ?1 AND k = ?2 AND n = ?5",
            )?,
            partitions: prepare("SELECT DISTINCT p FROM items ORDER BY p")?,
            forget: prepare(FORGET)?,
        })
    }

    /// The items of these keys, all as of one moment.
    pub(crate) fn read(
        &mut self,
        partition: &Partition,
        keys: &[Key],
    ) -> Result<Vec<Option<Item>>, Error> {
        self.begin.execute([]).map_err(unavailable)?;
        let items = keys.iter().map(|key| self.get(partition, key)).collect();
        self.finish(items)
    }

    fn get(&mut self, partition: &Partition, key: &Key) -> Result<Option<Item>, Error> {
        let row = self.get.query_row([partition.as_str(), key.as_str()], item).optional();
        row.map_err(unavailable)
    }

    pub(crate) fn list(
        &mut self,
        partition: &Partition,
        prefix: &str,
        after: Option<&Key>,
        limit: usize,
    ) -> Result<Vec<(Key, Item)>, Error> {
        // `~` sorts behind every character of a key. TEXT compares by bytes (collation BINARY).
        let (after, end) = (after.map_or("", Key::as_str), format!("{prefix}~"));
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self
            .range
            .query_map(params![partition.as_str(), prefix, after, end, limit], |row| {
                Ok((row.get::<_, String>(2)?, item(row)?))
            })
            .map_err(unavailable)?;
        rows.map(|row| {
            let (key, item) = row.map_err(unavailable)?;
            Ok((Key::new(key).ok_or_else(strange)?, item))
        })
        .collect()
    }

    pub(crate) fn partitions(&mut self) -> Result<Vec<Partition>, Error> {
        let rows = self.partitions.query_map([], |row| row.get::<_, String>(0));
        rows.map_err(unavailable)?
            .map(|name| Partition::new(name.map_err(unavailable)?).ok_or_else(strange))
            .collect()
    }

    /// All of the writes or none. Immediate: a transaction that read before it wrote could not be
    /// upgraded once another process has written. `now_s` is the time, where what is over is forgotten.
    pub(crate) fn commit(
        &mut self,
        partition: &Partition,
        writes: &[Write],
        now_s: Option<u64>,
    ) -> Result<(), Error> {
        self.begin_writing.execute([]).map_err(unavailable)?;
        let applied = writes.iter().try_for_each(|write| self.apply(partition, write));
        // Last: what is written anew in this very commit is not over.
        let done = applied.and_then(|()| self.forget(now_s));
        self.finish(done)
    }

    /// Some of what is over, of whatever partition: no fewer than a commit may make, so that what is
    /// over does not pile up.
    fn forget(&mut self, now_s: Option<u64>) -> Result<(), Error> {
        let Some(now) = seconds(now_s) else { return Ok(()) };
        self.forget.execute(params![now, AT_ONCE]).map_err(unavailable)?;
        Ok(())
    }

    fn apply(&mut self, partition: &Partition, write: &Write) -> Result<(), Error> {
        let p = partition.as_str();
        let changed = match write {
            Write::Create { key, value, expires_at } => {
                self.create.execute(params![p, key.as_str(), value, seconds(*expires_at)])
            }
            Write::Replace { key, value, version, expires_at } => {
                let n = number(version).ok_or(Error::Conflict)?;
                self.replace.execute(params![p, key.as_str(), value, seconds(*expires_at), n])
            }
            Write::Require { key, version } => {
                let found: Option<i64> = self
                    .version
                    .query_row([p, key.as_str()], |row| row.get(0))
                    .optional()
                    .map_err(unavailable)?;
                let demanded = version.as_ref().map(|v| number(v).ok_or(Error::Conflict));
                return (found == demanded.transpose()?).then_some(()).ok_or(Error::Conflict);
            }
        };
        (changed.map_err(unavailable)? == 1).then_some(()).ok_or(Error::Conflict)
    }

    /// Ends the transaction, and never leaves one open: the next job begins with a clean connection.
    fn finish<T>(&mut self, done: Result<T, Error>) -> Result<T, Error> {
        let done = done.and_then(|value| self.end.execute([]).map(|_| value).map_err(unavailable));
        if done.is_err() && !self.connection.is_autocommit() {
            self.undo.execute([]).map_err(unavailable)?;
        }
        done
    }
}

fn item(row: &Row<'_>) -> rusqlite::Result<Item> {
    let number: i64 = row.get(1)?;
    Ok(Item { value: row.get(0)?, version: Version(number.to_string()) })
}

fn number(version: &Version) -> Option<i64> {
    version.0.parse().ok()
}

/// SQLite counts to 2⁶³; what expires after that does not expire.
fn seconds(expires_at: Option<u64>) -> Option<i64> {
    expires_at.and_then(|at| i64::try_from(at).ok())
}

/// An error of SQLite as the port names it. Its texts name tables and files, never values.
pub(crate) fn unavailable(error: rusqlite::Error) -> Error {
    Error::Unavailable(Box::new(error))
}

fn strange() -> Error {
    Error::Unavailable("the file holds a name that no item can have".into())
}

/// By the index; the longest over first.
pub(crate) const FORGET: &str = "DELETE FROM items WHERE rowid IN (
    SELECT rowid FROM items WHERE expires_at < ?1 ORDER BY expires_at LIMIT ?2)";

/// As many as one commit may write.
const AT_ONCE: i64 = 100;
