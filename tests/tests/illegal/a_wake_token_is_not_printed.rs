//! Tries to print what a workflow waits for.

use approvals::WakeToken;

fn leak(token: &WakeToken) -> String {
    format!("{token:?}")
}

fn main() {}
