//! Programs of others, and what runs them: Python and Node with the libraries of `tests/tools.sh`.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

/// A program of `tests/examples`, ready to be started.
pub(crate) struct Example {
    command: Command,
    /// Node looks for libraries above the program, so it runs from a folder that has them.
    _folder: Option<TempDir>,
}

impl Example {
    /// A script of bash.
    pub(crate) fn shell(path: &str) -> Self {
        Self::of(Path::new("bash"), &examples().join(path), None)
    }

    /// A program in Python.
    pub(crate) fn python(path: &str) -> Self {
        Self::of(&tools().join("venv/bin/python"), &examples().join(path), None)
    }

    /// A program in Node.
    pub(crate) fn node(path: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("program.mjs");
        fs::copy(examples().join(path), &program).unwrap();
        symlink(tools().join("node_modules"), folder.path().join("node_modules")).unwrap();
        Self::of(Path::new("node"), &program, Some(folder))
    }

    fn of(program: &Path, script: &Path, folder: Option<TempDir>) -> Self {
        let mut command = Command::new(program);
        command.arg(script).env_clear().stdin(Stdio::null());
        let kept = ["PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH"];
        command.envs(kept.into_iter().filter_map(|name| Some((name, variable(name)?))));
        Self { command, _folder: folder }
    }

    /// With this variable in its environment, which is otherwise bare.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs it to its end, which must be a success; what it said.
    pub(crate) fn run(mut self) -> String {
        let done = self.command.output().unwrap();
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        let errors = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{:?}: {}\n{said}\n{errors}", self.command, done.status);
        said
    }

    /// Starts it, and returns with the first line that it says.
    pub(crate) fn serve(mut self) -> (Running, String) {
        self.command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = self.command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        (Running { process, _example: self }, line.trim_end().to_owned())
    }
}

/// A program that runs until this is dropped.
pub(crate) struct Running {
    process: Child,
    _example: Example,
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}

fn tools() -> PathBuf {
    let help =
        "install the tools with tests/tools.sh and export POSTERN_TOOLS=\"$(tests/tools.sh)\"";
    variable("POSTERN_TOOLS").unwrap_or_else(|| panic!("POSTERN_TOOLS is not set: {help}")).into()
}

#[expect(
    clippy::disallowed_methods,
    reason = "where the tools are is said by whoever runs the tests"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
