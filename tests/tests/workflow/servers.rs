//! Servers of others, each on the port that it is given, for as long as a test holds it.

use std::{
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::child;

/// A running server; ended when dropped.
pub(crate) struct Server {
    process: Child,
    /// Its files, deleted with it.
    folder: TempDir,
}

impl Server {
    /// Starts this one of the tools with these arguments, and waits until it listens.
    pub(crate) fn start(program: &str, arguments: &[String], port: u16) -> Self {
        let (program, folder) = (tool(program), tempfile::tempdir().unwrap());
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let process = Command::new(&program)
            .args(arguments)
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let mut server = Self { process, folder };
        server.wait(&program, port);
        server
    }

    fn wait(&mut self, program: &Path, port: u16) {
        let start = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
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

/// A function as it was built, beside the folder of this test.
pub(crate) fn beside(program: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let found = test.ancestors().skip(1).take(2).map(|folder| folder.join(program));
    let found = found.into_iter().find(|path| path.is_file());
    found.unwrap_or_else(|| panic!("{program} is not built; local-emulator/functions builds it"))
}

/// Starting Python with all of moto takes seconds on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(90);
