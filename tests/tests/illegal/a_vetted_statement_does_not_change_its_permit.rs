//! Tries to pair one caller's permit with a statement that was vetted for another.

use policy::Permit;
use request::Statement;
use vetting::Vetted;

fn pair(mut vetted: Vetted<Statement>, theirs: Permit) -> Vetted<Statement> {
    vetted.permit = theirs;
    vetted
}

fn main() {}
