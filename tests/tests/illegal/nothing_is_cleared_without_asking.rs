//! Tries to clear a vetted statement without asking whether people have to agree.

use approvals::Cleared;
use request::Statement;
use vetting::Vetted;

fn skip(vetted: Vetted<Statement>) -> Cleared {
    Cleared { vetted, taken: None }
}

fn main() {}
