//! Servers of others, each for as long as a test holds it.

use std::{
    net::{Ipv4Addr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use local_emulator::port::Port;
use tempfile::TempDir;

use crate::{certificate::Certificate, child};

/// A running server; ended when dropped.
pub(crate) struct Server {
    process: Running,
    port: u16,
    /// Its files, deleted with it.
    folder: TempDir,
    /// None where whoever started it keeps the port.
    _held: Option<Port>,
}

impl Server {
    /// moto's server: Amazon's services, all of them, over HTTP.
    pub(crate) fn moto() -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conformance/amazon.py");
        let port = Port::reserve().unwrap();
        let arguments = [script.to_owned(), port.number().to_string()];
        let moto = Self::start("venv/bin/python", &arguments, port.number());
        Self { _held: Some(port), ..moto }
    }

    /// Azurite's tables (`table`) or queues (`queue`), over HTTPS and for bearers of tokens.
    pub(crate) fn azurite(kind: &str, certificate: &Certificate) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (port, (chain, key)) = (Port::reserve().unwrap(), certificate.write(folder.path()));
        let arguments = [
            [&format!("--{kind}Host"), "127.0.0.1"],
            [&format!("--{kind}Port"), &port.number().to_string()],
            ["--cert", &chain.display().to_string()],
            ["--key", &key.display().to_string()],
            ["--oauth", "basic"],
        ];
        let switches =
            ["--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent"];
        let arguments: Vec<String> =
            arguments.concat().into_iter().chain(switches).map(String::from).collect();
        let program = format!("node_modules/.bin/azurite-{kind}");
        let azurite = Self::start_in(folder, &program, &arguments, port.number());
        Self { _held: Some(port), ..azurite }
    }

    /// Starts this one of the tools with these arguments, and waits until it listens. Whoever chose
    /// the port keeps it reserved.
    pub(crate) fn start(program: &str, arguments: &[String], port: u16) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), program, arguments, port)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    fn start_in(folder: TempDir, program: &str, arguments: &[String], port: u16) -> Self {
        let program = tool(program);
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let process = Command::new(&program)
            .args(arguments)
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let mut server = Self { process: Running(process), port, folder, _held: None };
        server.wait(&program);
        server
    }

    fn wait(&mut self, program: &Path) {
        let start = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            let ended = self.process.0.try_wait().unwrap();
            if ended.is_some() || start.elapsed() > PATIENCE {
                let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap();
                panic!("{} does not listen, {ended:?}:\n{log}", program.display());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// Ends it when dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// One of the tools that `tests/tools.sh` installs.
pub(crate) fn tool(program: &str) -> PathBuf {
    let help =
        "install the tools with tests/tools.sh and export POSTERN_TOOLS=\"$(tests/tools.sh)\"";
    let folder = child::variable("POSTERN_TOOLS");
    let folder = folder.unwrap_or_else(|| panic!("POSTERN_TOOLS is not set: {help}"));
    let program = Path::new(&folder).join(program);
    assert!(program.exists(), "there is no {}: {help}", program.display());
    program
}

/// Starting Python with all of moto takes seconds on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(90);
