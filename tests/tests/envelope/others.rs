//! The libraries of others, each in a small program that makes a key and opens what is sealed to it.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

use identity::OwnerKey;
use serde_json::Value;

use crate::read;

/// Whoever can open an envelope.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Opener {
    /// npm `jose`.
    Jose,
    /// PyPI `joserfc`.
    Joserfc,
}

/// All of them.
pub(crate) const ALL: [Opener; 2] = [Opener::Jose, Opener::Joserfc];

impl Opener {
    /// Has it make a pair: the private half stays in the folder, the public one is told.
    pub(crate) fn makes_a_key(self, folder: &Path) -> OwnerKey {
        self.run(&["make".as_ref(), folder]);
        let public = read(folder, "public.json");
        assert_eq!((&public["kty"], &public["crv"]), (&"EC".into(), &"P-256".into()));
        OwnerKey::new(public["x"].as_str().unwrap(), public["y"].as_str().unwrap()).unwrap()
    }

    /// Has it open so many envelopes of the folder; `null` stands for one that it could not.
    pub(crate) fn opens(self, folder: &Path, many: usize) -> Vec<Value> {
        self.run(&["open".as_ref(), folder]);
        (0..many).map(|number| read(folder, &format!("{number}.json"))).collect()
    }

    fn run(self, arguments: &[&Path]) {
        // Node looks for libraries above the program, so it runs from a folder that has them.
        let beside = tempfile::tempdir().unwrap();
        let mut command = match self {
            Self::Jose => {
                let program = beside.path().join("open.mjs");
                fs::copy(programs().join("open.mjs"), &program).unwrap();
                symlink(tools().join("node_modules"), beside.path().join("node_modules")).unwrap();
                let mut command = Command::new("node");
                command.arg(program);
                command
            }
            Self::Joserfc => {
                let mut command = Command::new(tools().join("venv/bin/python"));
                command.arg(programs().join("open.py"));
                command
            }
        };
        let done = command.args(arguments).output().unwrap();
        let errors = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{command:?}: {}\n{errors}", done.status);
    }
}

fn programs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/envelope")
}

/// Where `tests/tools.sh` put them. Without them nothing has been opened, so this fails.
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
