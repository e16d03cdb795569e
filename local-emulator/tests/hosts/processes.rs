//! What the kernel says of the processes under test.

use std::{path::PathBuf, time::Duration};

/// A fixture binary, next to this test.
pub(crate) fn fixture(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let found = test.parent().unwrap().parent().unwrap().join("examples").join(name);
    assert!(found.exists(), "build it first: cargo build -p local-emulator --example {name}");
    found
}

/// The state of proc(5): `S` sleeps, `T` is stopped, `Z` waits to be collected; `None`: no process.
pub(crate) fn state(pid: u32) -> Option<char> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(") ")?.1.chars().next()
}

pub(crate) fn running(pid: u32) -> bool {
    !matches!(state(pid), None | Some('Z'))
}

/// Waits for what is due within moments.
pub(crate) async fn until(what: &str, check: impl Fn() -> bool) {
    for _ in 0..2500 {
        if check() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("it did not come to pass in 5 s that {what}");
}
