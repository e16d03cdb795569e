//! Tries to have a statement cleared that was never vetted.

use request::{Millis, RequestId, Statement};

fn skip(statement: Statement, id: &RequestId, now: Millis) {
    let _ = approvals::clear(statement, id, now);
}

fn main() {}
