//! The decide function, its store, an issuer, and a browser in front: each test has its own.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader},
    net::{Ipv4Addr, TcpStream},
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use local_emulator::port::Port;
use request::RequestId;
use serde_json::Value;
use tempfile::TempDir;

use crate::parked::{self, Wish};

/// Everything that a browser sees of us.
pub(crate) struct Stage {
    folder: TempDir,
    /// Where the page is.
    page: String,
    issuer: String,
    requests: BTreeMap<String, RequestId>,
    _running: [Running; 2],
    _port: Port,
}

impl Stage {
    /// Starts the issuer, and the function that believes it.
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = Port::reserve().unwrap();
        let page = format!("http://localhost:{}", port.number());
        let (issuing, said) = serve(&folder, "issuer.mjs", &[("PAGE", &page)]);
        let said: Value = serde_json::from_str(&said).expect("the issuer did not start");
        let issuer = said["issuer"].as_str().unwrap().to_owned();
        configure(folder.path(), &issuer, &said["keys"]);
        let deciding = decide(folder.path(), port.number(), &page);
        let _running = [issuing, deciding];
        Self { folder, page, issuer, requests: BTreeMap::new(), _running, _port: port }
    }

    /// Parks a request; scenarios know it by this name.
    pub(crate) fn park(&mut self, name: &str, wish: &Wish<'_>) -> RequestId {
        let store = self.folder.path().join("state.db");
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let id = runtime.block_on(parked::park(&store, wish));
        self.requests.insert(name.to_owned(), id.clone());
        id
    }

    /// To how many people a request was shown, by what is on record.
    pub(crate) fn shown(&self, name: &str) -> usize {
        let store = self.folder.path().join("state.db");
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(parked::shown(&store, &self.requests[name]))
    }

    /// Plays a scenario of `browser.mjs`.
    pub(crate) fn play(&self, scenario: &str) {
        let pictures = artefacts().join("page");
        fs::create_dir_all(&pictures).unwrap();
        let requests: BTreeMap<&str, &str> =
            self.requests.iter().map(|(name, id)| (name.as_str(), id.as_str())).collect();
        let done = node(&self.folder, "browser.mjs")
            .arg(scenario)
            .env("PAGE", &self.page)
            .env("ISSUER", &self.issuer)
            .env("CHROMIUM", chromium())
            .env("PICTURES", &pictures)
            .env("REQUESTS", serde_json::to_string(&requests).unwrap())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{scenario}: {}\n{said}", done.status);
    }
}

/// A process that ends with the test. What it says stays open to it: it says little, and a program that
/// is heard by nobody may end.
struct Running {
    process: Child,
    _said: Option<ChildStdout>,
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// The files that are deployed with the function.
fn configure(folder: &Path, issuer: &str, keys: &Value) {
    let config = folder.join("config");
    for inner in ["policies", "jwks"] {
        fs::create_dir_all(config.join(inner)).unwrap();
    }
    let secure = issuer.replace("http://", "https://");
    let issuers = format!(
        "[issuers.people]\nissuer = \"{issuer}\"\njwks_uri = \"{secure}/jwks\"\n\
         audience = [\"https://postern.example/v1\"]\nalgorithms = [\"ES256\"]\n\
         types = [\"at+jwt\"]\nmax_lifetime_s = 3600\npeople = true\n\
         people_audience = [\"https://postern.example/decide\"]\n[issuers.people.groups]\n\
         dba = \"dba\"\nprivacy = \"privacy\"\n"
    );
    let people = format!(
        "[sign_in]\nissuer = \"people\"\nclient_id = \"postern-page\"\n\
         authorization_endpoint = \"{issuer}/auth\"\ntoken_endpoint = \"{issuer}/token\"\n"
    );
    for (name, text) in [
        ("issuers.toml", issuers.as_str()),
        ("people.toml", &people),
        ("targets.toml", TARGETS),
        ("policies/reports.cedar", POLICY),
        ("jwks/people.json", &keys.to_string()),
    ] {
        fs::write(config.join(name), text).unwrap();
    }
}

/// The function as a custom handler of Azure Functions, with its state in a file.
fn decide(folder: &Path, port: u16, page: &str) -> Running {
    let program = beside("decide-azure");
    let process = bare(&program)
        .env("POSTERN_CONFIG", folder.join("config"))
        .env("POSTERN_STATE", format!("sqlite:{}", folder.join("state.db").display()))
        .env("POSTERN_PAGE", page)
        .env("POSTERN_LOG", "warn")
        .env("FUNCTIONS_CUSTOMHANDLER_PORT", port.to_string())
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let running = Running { process, _said: None };
    let until = Instant::now() + PATIENCE;
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        assert!(Instant::now() < until, "the decide function does not listen");
        std::thread::sleep(Duration::from_millis(20));
    }
    running
}

/// Starts a program in Node, and returns with the first line that it says.
fn serve(folder: &TempDir, program: &str, env: &[(&str, &str)]) -> (Running, String) {
    let mut command = node(folder, program);
    command.envs(env.iter().copied()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut process = command.spawn().unwrap();
    let (mut line, mut said) = (String::new(), BufReader::new(process.stdout.take().unwrap()));
    said.read_line(&mut line).unwrap();
    (Running { process, _said: Some(said.into_inner()) }, line)
}

/// Node looks for libraries above the program, so it runs from a folder that has them.
fn node(folder: &TempDir, program: &str) -> Command {
    let libraries = folder.path().join("node_modules");
    if !libraries.exists() {
        symlink(tools().join("node_modules"), libraries).unwrap();
    }
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/page").join(program);
    let copy = folder.path().join(program);
    fs::copy(own, &copy).unwrap();
    let mut command = bare(Path::new("node"));
    command.arg(copy).stdin(Stdio::null());
    command
}

/// A program that sees nothing of the environment but where things are.
fn bare(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear();
    let kept = ["PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH"];
    command.envs(kept.into_iter().filter_map(|name| Some((name, variable(name)?))));
    command
}

fn beside(name: &str) -> PathBuf {
    let program = std::env::current_exe().unwrap();
    let found = program.ancestors().skip(1).take(2).map(|folder| folder.join(name));
    let found = found.into_iter().find(|path| path.is_file());
    found.expect(
        "the functions are not built; `tests/run` and `local-emulator/functions` build them",
    )
}

fn chromium() -> PathBuf {
    let path = variable("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join("chromium"));
    let found = found.into_iter().find(|path| path.is_file());
    found.expect(
        "Chromium is not installed: Debian's package `chromium`, which `tests/run` installs",
    )
}

fn tools() -> PathBuf {
    let help =
        "install the tools with tests/tools.sh and export POSTERN_TOOLS=\"$(tests/tools.sh)\"";
    variable("POSTERN_TOOLS").expect(help).into()
}

fn artefacts() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/artefacts");
    variable("POSTERN_ARTEFACTS").map_or_else(beside, PathBuf::from)
}

#[expect(clippy::disallowed_methods, reason = "where things are is said by whoever runs the tests")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

const TARGETS: &str = r#"
[targets.shop]
kind = "postgres"
host = "localhost"
port = 5432
database = "shop"
secret = "shop-orders"
max_rows = 20000
max_bytes = 4194304
timeout_ms = 10000
"#;

const POLICY: &str = r#"
@id("reports-read")
permit (principal in Group::"analysts", action == Action::"select", resource == Target::"shop");
"#;

const PATIENCE: Duration = Duration::from_secs(60);
