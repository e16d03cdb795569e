//! What the disk takes by itself: a request is on record twice, and each time is a sync.

use std::{
    fs::File,
    io::{self, Write as _},
    path::Path,
    time::{Duration, Instant},
};

use on_disk::Sqlite;
use serde::Serialize;
use state::{Key, Partition, Store as _, Write};

use super::{Effort, Error, spread::Spread};

/// On the disk that holds the ledgers.
#[derive(Debug, Serialize)]
pub(super) struct Disk {
    /// 4 KiB added to a file and `fsync`, which is what SQLite calls as it is built here.
    pub(super) fsync: Spread,
    /// The same and `fdatasync`, which leaves the file's times for later.
    pub(super) fdatasync: Spread,
    /// One item of 1 KiB committed to a store of the kind that holds the ledger.
    pub(super) commit: Spread,
}

/// Measures beside this ledger.
pub(super) async fn measure(ledger: &Path, effort: Effort) -> Result<Disk, Error> {
    let folder = tempfile::tempdir_in(ledger.parent().unwrap_or(Path::new(".")))?;
    let rounds = effort.of(ROUNDS);
    let fsync = syncs(&folder.path().join("fsync"), rounds, File::sync_all)?;
    let fdatasync = syncs(&folder.path().join("fdatasync"), rounds, File::sync_data)?;
    let store = Sqlite::open(folder.path().join("commit"))?;
    let mut commits = Vec::new();
    for round in 0..rounds {
        commits.push(commit(&store, round).await?);
    }
    Ok(Disk { fsync, fdatasync, commit: Spread::of(commits) })
}

fn syncs(path: &Path, rounds: u32, sync: fn(&File) -> io::Result<()>) -> io::Result<Spread> {
    let mut file = File::create_new(path)?;
    let mut times = Vec::new();
    for _ in 0..rounds {
        let began = Instant::now();
        file.write_all(&[1; 4096])?;
        sync(&file)?;
        times.push(began.elapsed());
    }
    Ok(Spread::of(times))
}

async fn commit(store: &Sqlite, round: u32) -> Result<Duration, Error> {
    let named = Partition::new("bench").zip(Key::new(format!("item:{round}")));
    let (partition, key) = named.ok_or(state::Error::Conflict)?;
    let write = Write::Create { key, value: vec![b'x'; 1024], expires_at: None };
    let began = Instant::now();
    store.commit(&partition, &[write]).await?;
    Ok(began.elapsed())
}

const ROUNDS: u32 = 500;
