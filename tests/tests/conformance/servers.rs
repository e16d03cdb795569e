//! Servers of others, each on a free port for as long as a test holds it.

use std::{
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::{certificate::Certificate, child};

/// A running server; ended when dropped.
pub(crate) struct Server {
    process: Child,
    port: u16,
    /// Its files, deleted with it.
    folder: TempDir,
}

impl Server {
    /// moto's server: Amazon's services, all of them, over HTTP.
    pub(crate) fn moto() -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conformance/amazon.py");
        Self::start("venv/bin/python", |port, _| vec![script.to_owned(), port.to_string()])
    }

    /// Azurite's tables, over HTTPS and for bearers of tokens.
    pub(crate) fn azurite(certificate: &Certificate) -> Self {
        Self::start("node_modules/.bin/azurite-table", |port, folder| {
            let (chain, key) = certificate.write(folder);
            let mut arguments: Vec<String> = [
                ["--tableHost", "127.0.0.1"],
                ["--tablePort", &port.to_string()],
                ["--cert", &chain.display().to_string()],
                ["--key", &key.display().to_string()],
                ["--oauth", "basic"],
            ]
            .concat()
            .into_iter()
            .map(String::from)
            .collect();
            let switches = [
                "--inMemoryPersistence",
                "--skipApiVersionCheck",
                "--disableTelemetry",
                "--silent",
            ];
            arguments.extend(switches.map(String::from));
            arguments
        })
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    fn start(program: &str, arguments: impl Fn(u16, &Path) -> Vec<String>) -> Self {
        let program = tool(program);
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let process = Command::new(&program)
            .args(arguments(port, folder.path()))
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let mut server = Self { process, port, folder };
        server.wait(&program);
        server
    }

    fn wait(&mut self, program: &Path) {
        let start = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            let ended = self.process.try_wait().unwrap();
            if ended.is_some() || start.elapsed() > PATIENCE {
                let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap();
                panic!("{} does not listen, {ended:?}:\n{log}", program.display());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// A port on which nobody listens, at least for now.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

fn tool(program: &str) -> PathBuf {
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
