//! A PostgreSQL of our own for tests: found on this machine, started in a temporary folder on a free
//! port of the loopback, and stopped with the last test that holds it.
//!
//! PostgreSQL refuses to run as root, so that root starts it as the user `postgres`. A machine without
//! it fails the test: a test that did not run has shown nothing.
#![expect(clippy::expect_used, clippy::panic, reason = "what fails here has failed the test")]

use std::{
    net::TcpListener,
    os::unix::fs::{MetadataExt as _, chown},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{Arc, Mutex, PoisonError, Weak},
    thread::sleep,
    time::{Duration, Instant},
};

use tempfile::TempDir;
use tokio_postgres::{Client, NoTls};

/// A running server. It stops when this is dropped, also by a panic, and when this process dies.
pub(crate) struct Server {
    child: Child,
    /// Where it listens, at 127.0.0.1.
    pub(crate) port: u16,
    // After `child`: the folder goes when nobody writes there any more.
    _folder: TempDir,
}

impl Server {
    /// The one server of this test binary, started by whoever comes first.
    pub(crate) fn shared() -> Arc<Self> {
        static SHARED: Mutex<Weak<Server>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let server = Arc::new(Self::start());
            *shared = Arc::downgrade(&server);
            server
        })
    }

    fn start() -> Self {
        let bin = programs();
        let folder = tempfile::tempdir().expect("a temporary folder");
        let data = folder.path().join("data");
        let user = User::find(folder.path());
        done("initdb", user.command(&bin.join("initdb")).args(INITDB).arg("-D").arg(&data));
        // Between the choice of a port and its use somebody else may have taken it.
        for _ in 0..3 {
            let port = free_port();
            let mut child = keeper(&user, &bin.join("postgres"), &data, port, folder.path());
            if ready(&mut child, &bin, port) {
                return Self { child, port, _folder: folder };
            }
            stop(&mut child);
        }
        let log = std::fs::read_to_string(folder.path().join("log")).unwrap_or_default();
        panic!("PostgreSQL did not start; its log:\n{log}");
    }

    /// A connection as the superuser `postgres`. To be called within a tokio runtime.
    pub(crate) async fn connect(&self) -> Client {
        let config = format!("host=127.0.0.1 port={} user=postgres dbname=postgres", self.port);
        let (client, connection) =
            tokio_postgres::connect(&config, NoTls).await.expect("a connection");
        tokio::spawn(connection);
        client
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        stop(&mut self.child);
    }
}

/// Whoever the server runs as: we, or `postgres` if we are root.
struct User(Option<&'static str>);

impl User {
    fn find(folder: &Path) -> Self {
        // The folder is ours, so that its owner says who we are.
        if std::fs::metadata(folder).expect("the folder's owner").uid() != 0 {
            return Self(None);
        }
        let id = |of| {
            let output = done("id", Command::new("id").args([of, "postgres"]));
            let text = String::from_utf8(output.stdout).expect("a number");
            text.trim().parse().expect("a number")
        };
        chown(folder, Some(id("-u")), Some(id("-g"))).expect("a folder of the user postgres");
        Self(Some("postgres"))
    }

    fn command(&self, program: &Path) -> Command {
        let Some(name) = self.0 else {
            return Command::new(program);
        };
        let mut command = Command::new("setpriv");
        command.args(["--reuid", name, "--regid", name, "--init-groups"]).arg(program);
        command
    }
}

/// Starts the server beneath a shell that stops it when our end of its input closes: that also
/// happens when this process is killed and runs nothing more.
fn keeper(user: &User, postgres: &Path, data: &Path, port: u16, folder: &Path) -> Child {
    let server = user.command(postgres);
    let log = std::fs::File::create(folder.join("log")).expect("a log");
    Command::new("sh")
        .args(["-c", KEEPER, "sh"])
        .arg(server.get_program())
        .args(server.get_args())
        .arg("-D")
        .arg(data)
        .args(["-h", "127.0.0.1", "-k", "", "-F", "-p", &port.to_string()])
        .args(ODD.iter().flat_map(|setting| ["-c", setting]))
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .expect("sh")
}

/// Waits until the server answers; false when it has ended or takes too long.
fn ready(child: &mut Child, bin: &Path, port: u16) -> bool {
    let until = Instant::now() + START;
    let mut ask = Command::new(bin.join("pg_isready"));
    ask.args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()]);
    while Instant::now() < until {
        let ended = child.try_wait().expect("the state of sh").is_some();
        if ended || ask.status().expect("pg_isready").success() {
            return !ended;
        }
        sleep(Duration::from_millis(50));
    }
    false
}

fn stop(child: &mut Child) {
    drop(child.stdin.take());
    // INVARIANT: the folder is there as long as the server may write to it.
    let _ = child.wait();
}

/// The newest PostgreSQL of those that are installed.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir(INSTALLED).into_iter().flatten().flatten();
    let newest = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path())))
        .filter(|(_, path)| path.join("bin/initdb").exists())
        .max();
    newest.map(|(_, path)| path.join("bin")).expect(MISSING)
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("its number").port()
}

fn done(name: &str, command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| panic!("`{name}`: {error}"));
    assert!(
        output.status.success(),
        "`{name}` failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

const INSTALLED: &str = "/usr/lib/postgresql";
const MISSING: &str = "this test runs a PostgreSQL of its own: install the Debian package `postgresql`, \
                       which has `initdb` in /usr/lib/postgresql/*/bin";
const INITDB: [&str; 6] = ["-U", "postgres", "-A", "trust", "--no-sync", "--encoding=UTF8"];
/// A slow machine with other tests beside this one.
const START: Duration = Duration::from_secs(60);
/// Runs its arguments until its standard input ends.
const KEEPER: &str = r#"
    exec 3<&0
    "$@" </dev/null 3<&- &
    server=$!
    { read -r _ <&3; kill -INT "$server"; } &
    wait "$server"
"#;
/// Settings under which text is read and written in an unusual way, which must not matter to us.
const ODD: [&str; 5] = [
    "timezone=America/St_Johns",
    "datestyle=sql,dmy",
    "intervalstyle=sql_standard",
    "bytea_output=escape",
    "extra_float_digits=-5",
];
