//! One test in a process of its own, with an environment of its own.

use std::process::{Command, Stdio};

/// Whether this process is such a child.
pub(crate) fn inside() -> bool {
    variable(MARK).is_some()
}

/// A variable of the environment.
#[expect(clippy::disallowed_methods, reason = "a child learns from its parent what to test")]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The command that runs this test once more, as a child. Nothing of our own credentials and
/// proxies is handed on.
pub(crate) fn command(test: &str, environment: &[(&str, String)]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([test, "--exact", "--nocapture", "--test-threads=1"]).env_clear();
    let kept = ["PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "LLVM_PROFILE_FILE"];
    command.envs(kept.into_iter().filter_map(|name| Some((name, variable(name)?))));
    command.env(MARK, "1").envs(environment.iter().map(|(name, value)| (name, value)));
    command.stdin(Stdio::null());
    command
}

/// Runs it to its end; it must succeed, and must have been that one test.
pub(crate) fn run(test: &str, environment: &[(&str, String)]) {
    let done = command(test, environment).output().unwrap();
    let told = String::from_utf8_lossy(&done.stdout).into_owned();
    let errors = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{test} in its own process:\n{told}\n{errors}");
    assert!(told.contains("1 passed"), "there is no test `{test}`:\n{told}");
}

const MARK: &str = "POSTERN_CONFORMANCE_CHILD";
