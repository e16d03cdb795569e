//! How much memory this process has had at most.

use std::fs;

/// The peak of its resident set, in bytes, as Linux counts it (proc(5), `VmHWM`).
#[must_use]
pub fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

#[test]
fn memory_that_is_taken_is_seen() {
    let before = peak();
    let taken = std::hint::black_box(vec![1_u8; 256 << 20]);
    assert!(peak() >= before.max(taken.len() as u64));
}
