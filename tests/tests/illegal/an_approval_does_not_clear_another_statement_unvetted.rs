//! Tries to take an approval up for a statement that was not vetted anew.

use approvals::Waiting;
use request::{Millis, Statement};

fn hurry(statement: Statement, waiting: &Waiting, now: Millis) {
    let _ = approvals::take_up(statement, waiting, now);
}

fn main() {}
