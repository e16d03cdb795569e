//! The verifiers of others: jose and oauth4webapi in Node, joserfc in Python.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{cases::Case, issuers::Stand};

/// What each of them says of each case: nothing where it is good, or why it is not. A case that it
/// cannot judge it leaves out.
pub(crate) type Verdicts = BTreeMap<String, BTreeMap<usize, Option<String>>>;

/// Asks all of them.
pub(crate) fn all(stand: &Stand, cases: &[Case]) -> Verdicts {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cases.json");
    let listed = cases
        .iter()
        .map(|case| json!({"issuer": case.issuer, "token": case.token, "proof": case.proof}));
    let mut told = stand.told();
    told["cases"] = listed.collect();
    fs::write(&file, told.to_string()).unwrap();
    let mut verdicts = read(&run(node(&folder).arg(&file)));
    verdicts.extend(read(&run(python().arg(&file))));
    verdicts
}

/// Node looks for libraries above the program, so it runs from a folder that has them.
fn node(folder: &TempDir) -> Command {
    let program = folder.path().join("judge.mjs");
    fs::copy(programs().join("judge.mjs"), &program).unwrap();
    symlink(tools().join("node_modules"), folder.path().join("node_modules")).unwrap();
    let mut command = Command::new("node");
    command.arg(program);
    command
}

fn python() -> Command {
    let mut command = Command::new(tools().join("venv/bin/python"));
    command.arg(programs().join("judge.py"));
    command
}

fn run(command: &mut Command) -> String {
    let done = command.output().unwrap();
    let errors = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{command:?}: {}\n{errors}", done.status);
    String::from_utf8(done.stdout).unwrap()
}

/// A line for each verifier: its name, and a list of `null` for good, `false` for not judged, and the
/// reason for bad.
fn read(said: &str) -> Verdicts {
    let line = |line: &str| {
        let (name, list) = line.split_once(' ').unwrap();
        let list: Vec<Value> = serde_json::from_str(list).unwrap();
        let judged = list.into_iter().enumerate().filter(|(_, verdict)| *verdict != json!(false));
        let verdict = |value: Value| value.as_str().map(ToOwned::to_owned);
        (name.to_owned(), judged.map(|(case, value)| (case, verdict(value))).collect())
    };
    said.lines().map(line).collect()
}

fn programs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/differential")
}

/// Where `tests/tools.sh` put them. Without them nothing has been compared, so this fails.
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
