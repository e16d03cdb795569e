//! The processes of one server: the postmaster, and the ones it started, each of which leads a
//! group of its own and so does not hear what the postmaster's group is told.

use std::{
    fs, thread,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{self, Signal},
    unistd::Pid,
};

use crate::process::Handle;

/// Ends all of them at once.
pub(super) fn kill(postmaster: &Handle) {
    // Stopped first, so that it neither starts another nor tells anybody why.
    postmaster.freeze();
    loop {
        let children = children(postmaster);
        if children.is_empty() {
            break;
        }
        tell(&children, Signal::SIGKILL);
        thread::sleep(BREATH);
    }
    postmaster.kill();
}

/// Stops all of them where they are.
pub(super) fn freeze(postmaster: &Handle) {
    postmaster.freeze();
    tell(&children(postmaster), Signal::SIGSTOP);
}

/// Lets all of them run on.
pub(super) fn thaw(postmaster: &Handle) {
    tell(&children(postmaster), Signal::SIGCONT);
    postmaster.thaw();
}

/// Ends the server without a runtime's help: in good order if it hurries, so that it gives its
/// shared memory back, else by force.
pub(super) fn end(postmaster: &Handle) {
    if postmaster.alive() {
        thaw(postmaster);
        tell(&[postmaster.pid()], Signal::SIGQUIT);
        let asked = Instant::now();
        while alive(postmaster.pid()) && asked.elapsed() < PATIENCE {
            thread::sleep(BREATH);
        }
    }
    kill(postmaster);
}

fn tell(processes: &[u32], signal: Signal) {
    for pid in processes.iter().filter_map(|&pid| i32::try_from(pid).ok()) {
        // It may have ended a moment ago; then there is nobody to tell.
        let _ = signal::kill(Pid::from_raw(pid), signal);
    }
}

fn children(of: &Handle) -> Vec<u32> {
    // An id that was given back may be somebody else's by now.
    if of.exit_status().is_some() || !alive(of.pid()) {
        return Vec::new();
    }
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|&pid| stat(pid).is_some_and(|(ended, parent)| !ended && parent == of.pid()))
        .collect()
}

fn alive(pid: u32) -> bool {
    stat(pid).is_some_and(|(ended, _)| !ended)
}

/// Whether a process has ended (and waits to be collected), and who its parent is: proc(5).
fn stat(pid: u32) -> Option<(bool, u32)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name before the last bracket may hold anything.
    let (_, rest) = stat.rsplit_once(") ")?;
    let mut fields = rest.split(' ');
    let ended = matches!(fields.next()?, "Z" | "X");
    Some((ended, fields.next()?.parse().ok()?))
}

const BREATH: Duration = Duration::from_millis(2);
/// It takes a few milliseconds; the server itself gives up on its children after 5 s.
const PATIENCE: Duration = Duration::from_secs(2);
