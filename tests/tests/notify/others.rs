//! Receivers that others wrote, each in a small program.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// Whoever receives webhooks.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Receiver {
    /// npm `standardwebhooks`.
    Node,
    /// PyPI `standardwebhooks`.
    Python,
}

/// All of them.
pub(crate) const ALL: [Receiver; 2] = [Receiver::Node, Receiver::Python];

impl Receiver {
    /// Which of these messages it believes.
    pub(crate) fn judges(self, messages: &Vec<Value>) -> Vec<bool> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("messages.json");
        fs::write(&file, serde_json::to_string(messages).unwrap()).unwrap();
        let mut command = self.command(folder.path());
        let done = command.arg(&file).output().unwrap();
        let errors = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{command:?}: {}\n{errors}", done.status);
        serde_json::from_slice(&done.stdout).unwrap()
    }

    fn command(self, folder: &Path) -> Command {
        match self {
            Self::Node => {
                // Node looks for libraries above the program, so it runs from a folder that has them.
                let program = folder.join("receive.mjs");
                fs::copy(programs().join("receive.mjs"), &program).unwrap();
                symlink(tools().join("node_modules"), folder.join("node_modules")).unwrap();
                let mut command = Command::new("node");
                command.arg(program);
                command
            }
            Self::Python => {
                let mut command = Command::new(tools().join("venv/bin/python"));
                command.arg(programs().join("receive.py"));
                command
            }
        }
    }
}

fn programs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/notify")
}

/// Where `tests/tools.sh` put them. Without them nobody has received anything, so this fails.
fn tools() -> PathBuf {
    let help =
        "install the tools with tests/tools.sh and export POSTERN_TOOLS=\"$(tests/tools.sh)\"";
    #[expect(
        clippy::disallowed_methods,
        reason = "where the tools are is said by whoever runs the tests"
    )]
    let folder = std::env::var("POSTERN_TOOLS");
    folder.unwrap_or_else(|_| panic!("POSTERN_TOOLS is not set: {help}")).into()
}
