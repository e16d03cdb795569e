//! Tries to call a statement vetted that nobody has read.

use policy::Permit;
use request::{Params, Statement};
use vetting::{Reading, Vetted};

fn forge(body: Statement, params: Params, reading: Reading, permit: Permit) -> Vetted<Statement> {
    Vetted { sent: body.text().to_owned(), body, params, reading, estimated_rows: None, permit }
}

fn main() {}
