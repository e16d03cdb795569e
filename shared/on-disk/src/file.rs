//! The file: who may read it, how it is synced, and whether it is ours at all.

use std::{
    fs::{File, OpenOptions},
    io,
    path::Path,
    time::{Duration, Instant},
};

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use state::Error;

use crate::statements::unavailable;

/// Opens for reading and writing; makes the file and its table if need be.
pub(crate) fn open(path: &Path) -> Result<Connection, Error> {
    make(path).map_err(|cause| Error::Unavailable(Box::new(cause)))?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags).map_err(unavailable)?;
    connection.busy_timeout(PATIENCE).map_err(unavailable)?;
    write_ahead(&connection)?;
    // FULL syncs the log at every commit; NORMAL would lose the last ones with the power.
    connection.pragma_update(None, "synchronous", "FULL").map_err(unavailable)?;
    lay_out(&mut connection)?;
    Ok(connection)
}

/// Opens to look only; the file must be there and be ours.
pub(crate) fn open_read_only(path: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(unavailable)?;
    connection.busy_timeout(PATIENCE).map_err(unavailable)?;
    match mark(&connection)? {
        OURS => Ok(connection),
        _ => Err(foreign()),
    }
}

/// SQLite would make the file readable for everybody; its log takes the file's permissions over.
fn make(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => {}
        Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => return Ok(()),
        Err(cause) => return Err(cause),
    }
    // The name of a new file survives a power loss only once its folder is synced.
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

/// Turning the log on wants the file alone, and SQLite does not wait for that by itself.
fn write_ahead(connection: &Connection) -> Result<(), Error> {
    let start = Instant::now();
    loop {
        let mode: Result<String, _> =
            connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0));
        match mode {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(_) => return Err(Error::Unavailable("the file takes no write-ahead log".into())),
            Err(error) if !busy(&error) || start.elapsed() > PATIENCE => {
                return Err(unavailable(error));
            }
            Err(_) => std::thread::sleep(Duration::from_millis(10)),
        }
    }
}

fn busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// Makes the table in a file that has none, and its index, which came later; a file of somebody else
/// stays as it is.
fn lay_out(connection: &mut Connection) -> Result<(), Error> {
    if is_laid_out(connection)? {
        return Ok(());
    }
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(unavailable)?;
    // Again, now that nobody else can be at it.
    if is_laid_out(&transaction)? {
        return Ok(());
    }
    if mark(&transaction)? != OURS {
        if mark(&transaction)? != EMPTY || held(&transaction, "%")? != 0 {
            return Err(foreign());
        }
        transaction.execute_batch(TABLE).map_err(unavailable)?;
        transaction.pragma_update(None, "application_id", OURS.0).map_err(unavailable)?;
        transaction.pragma_update(None, "user_version", OURS.1).map_err(unavailable)?;
    }
    transaction.execute_batch(INDEX).map_err(unavailable)?;
    transaction.commit().map_err(unavailable)
}

fn is_laid_out(connection: &Connection) -> Result<bool, Error> {
    Ok(mark(connection)? == OURS && held(connection, "items_over")? == 1)
}

/// How many tables and indexes there are of such a name.
fn held(connection: &Connection, like: &str) -> Result<i64, Error> {
    let count = "SELECT count(*) FROM sqlite_schema WHERE name LIKE ?1";
    connection.query_row(count, [like], |row| row.get(0)).map_err(unavailable)
}

/// The file's application and the version of its layout.
fn mark(connection: &Connection) -> Result<(i32, i32), Error> {
    let read = |name| connection.pragma_query_value(None, name, |row| row.get(0));
    Ok((read("application_id").map_err(unavailable)?, read("user_version").map_err(unavailable)?))
}

fn foreign() -> Error {
    Error::Unavailable("the file is not one of ours, or of another version".into())
}

/// "Post", as bytes, and the first layout.
const OURS: (i32, i32) = (0x506f_7374, 1);
const EMPTY: (i32, i32) = (0, 0);

/// How long to wait for another process that holds the file; the functions give the clouds as long
/// for one attempt.
const PATIENCE: Duration = Duration::from_secs(3);

// With a rowid: values run to 256 KiB, and a table without one keeps them in its inner pages.
const TABLE: &str = "CREATE TABLE items (
    p TEXT NOT NULL,
    k TEXT NOT NULL,
    v BLOB NOT NULL,
    n INTEGER NOT NULL,
    expires_at INTEGER,
    UNIQUE (p, k)
) STRICT";

// Of what is over some day, so that the ledger, which never is, costs nothing there.
const INDEX: &str = "CREATE INDEX items_over ON items (expires_at) WHERE expires_at IS NOT NULL";
