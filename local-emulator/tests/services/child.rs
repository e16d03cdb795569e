//! Runs a test of this program in a process of its own: the clouds' clients read their settings, and
//! whom to trust, from the environment, which a test must not change for the others.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use local_emulator::process::{Log, Program};

/// Runs this test with this environment and nothing else, and fails as it fails.
pub(crate) async fn run(test: &str, env: &[(&str, String)]) {
    let program = std::env::current_exe().unwrap();
    let mut env: BTreeMap<_, _> = env.iter().map(|(n, v)| ((*n).to_owned(), v.clone())).collect();
    env.insert(IN_CHILD.into(), "1".into());
    let (status, log) = finish(program, &["--exact", test, "--nocapture"], env).await;
    let ran = said(&log, "test result: ").await && log.contains("1 passed");
    assert!(status && ran, "{test} in a process of its own:\n{}", log.lines().join("\n"));
}

/// Whether we are in such a process; outside of one the test has nothing to do.
pub(crate) fn here() -> bool {
    variable(IN_CHILD).is_some()
}

/// Runs a program to its end: whether it was content, and what it said.
pub(crate) async fn finish(
    path: PathBuf,
    args: &[&str],
    env: BTreeMap<String, String>,
) -> (bool, Log) {
    let log = Log::default();
    let args = args.iter().map(Into::into).collect();
    let program = Program { path, args, env, log: log.clone(), ..Program::default() };
    let process = program.start().unwrap();
    let status = process.exited().await.unwrap();
    (status.success(), log)
}

/// Whether the log holds this text, or soon will: a process is heard a little after it spoke.
pub(crate) async fn said(log: &Log, text: &str) -> bool {
    for _ in 0..500 {
        if log.contains(text) {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    false
}

/// A variable of our own environment.
#[expect(clippy::disallowed_methods, reason = "the environment is what this module is about")]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

const IN_CHILD: &str = "POSTERN_TEST_CHILD";
