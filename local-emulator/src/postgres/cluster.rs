//! The folder of a server: made by `initdb`, configured, and removed in the end.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs::{self, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{OpenOptionsExt as _, chown},
    path::{Path, PathBuf},
};

use nix::unistd::{Uid, User};
use tempfile::TempDir;

use super::{Error, SUPERUSER};
use crate::{
    ca::Issued,
    process::{self, Log, Process, Program},
};

/// A cluster on disk, and what it takes to run it.
pub(super) struct Cluster {
    folder: TempDir,
    tools: PathBuf,
    account: Option<User>,
    log: Log,
}

impl Cluster {
    /// Makes one that knows a superuser of this password and shows this certificate.
    pub(super) async fn make(issued: &Issued, password: &str, log: &Log) -> Result<Self, Error> {
        let folder = TempDir::with_prefix("postern-postgres-").map_err(Error::Folder)?;
        let cluster = Self { folder, tools: newest()?, account: account()?, log: log.clone() };
        cluster.give(cluster.folder.path()).map_err(Error::Folder)?;
        cluster.init(password).await?;
        cluster.configure(issued).map_err(Error::Folder)?;
        Ok(cluster)
    }

    /// Starts the server.
    pub(super) fn run(&self, port: u16) -> Result<Process, process::Error> {
        let args = ["-D".into(), self.data().into(), "-p".into(), port.to_string().into()];
        self.program("postgres", args.into()).start()
    }

    async fn init(&self, password: &str) -> Result<(), Error> {
        let file = self.folder.path().join("password");
        self.write(&file, password).map_err(Error::Folder)?;
        let mut args: Vec<OsString> = INITDB.iter().map(OsString::from).collect();
        args.extend(["-U".into(), SUPERUSER.into(), "-D".into(), self.data().into()]);
        args.extend(["--pwfile".into(), file.clone().into()]);
        let status = self.program("initdb", args).start()?.exited().await;
        fs::remove_file(&file).map_err(Error::Folder)?;
        status.filter(|status| status.success()).map(drop).ok_or(Error::Initdb)
    }

    fn configure(&self, issued: &Issued) -> io::Result<()> {
        let file = |name: &str| self.data().join(name);
        self.write(&file("server.crt"), &issued.certificate)?;
        self.write(&file("server.key"), &issued.key)?;
        fs::write(file("pg_hba.conf"), HBA)?;
        OpenOptions::new().append(true).open(file("postgresql.conf"))?.write_all(CONF.as_bytes())
    }

    /// One of PostgreSQL's programs, run as who may run it.
    fn program(&self, tool: &str, args: Vec<OsString>) -> Program {
        let mut words: Vec<OsString> = Vec::new();
        if let Some(account) = &self.account {
            words.extend([SETPRIV.into(), format!("--reuid={}", account.uid).into()]);
            words.extend([format!("--regid={}", account.gid).into(), "--clear-groups".into()]);
        }
        words.push(self.tools.join(tool).into());
        words.extend(args);
        Program {
            name: tool.to_owned(),
            path: words.remove(0).into(),
            args: words,
            env: BTreeMap::from([("LC_ALL".into(), "C".into()), ("PATH".into(), PATH.into())]),
            folder: Some(self.folder.path().to_owned()),
            log: self.log.clone(),
        }
    }

    /// Writes a file that only the server may read.
    fn write(&self, path: &Path, text: &str) -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(text.as_bytes())?;
        self.give(path)
    }

    fn give(&self, path: &Path) -> io::Result<()> {
        let owner = self.account.as_ref();
        chown(path, owner.map(|a| a.uid.as_raw()), owner.map(|a| a.gid.as_raw()))
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }
}

/// PostgreSQL's programs in the newest version that Debian's packages have put here.
fn newest() -> Result<PathBuf, Error> {
    let version = |path: &PathBuf| path.file_name()?.to_str()?.parse::<u32>().ok();
    fs::read_dir(HOME)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.join("bin/initdb").exists())
        .max_by_key(version)
        .map(|path| path.join("bin"))
        .ok_or(Error::Missing(HOME))
}

/// Who runs the server: the package's own account when we are root, else we ourselves.
fn account() -> Result<Option<User>, Error> {
    if !Uid::effective().is_root() {
        return Ok(None);
    }
    User::from_name("postgres").ok().flatten().map(Some).ok_or(Error::Account)
}

const HOME: &str = "/usr/lib/postgresql";
const SETPRIV: &str = "/usr/bin/setpriv";
const PATH: &str = "/usr/bin:/bin";

/// The same sort order and text on every machine; no wait for the disk, and little written to it.
const INITDB: &[&str] = &[
    "--encoding=UTF8",
    "--locale=C",
    "--auth=scram-sha-256",
    "--wal-segsize=1",
    "--no-sync",
    "--no-instructions",
];

/// No socket, no plain TCP, no trust: whoever connects has TLS and a password.
const HBA: &str = "hostssl all all 127.0.0.1/32 scram-sha-256\n";

/// A statement that fails is not logged, nor is the row it failed on: one may hold a password, the
/// other personal data. `fsync` is for power cuts, which a temporary folder does not survive
/// anyway; a crash of the processes alone loses nothing.
const CONF: &str = "
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
ssl = on
ssl_cert_file = 'server.crt'
ssl_key_file = 'server.key'
password_encryption = 'scram-sha-256'
max_connections = 64
shared_buffers = '32MB'
dynamic_shared_memory_type = mmap
wal_level = minimal
max_wal_senders = 0
fsync = off
timezone = 'UTC'
log_timezone = 'UTC'
log_min_error_statement = panic
log_error_verbosity = terse
client_connection_check_interval = '1s'
";
