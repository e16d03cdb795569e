//! Tries to have a statement cleared that was never vetted.

use approvals::Asked;
use request::Statement;

fn skip(statement: Statement, asked: &Asked<'_>) {
    let _ = approvals::clear(statement, asked);
}

fn main() {}
