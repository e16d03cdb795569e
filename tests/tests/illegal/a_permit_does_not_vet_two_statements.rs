//! Tries to vet a second statement for the permit that the first one has used.

use policy::Permit;
use request::{Params, Statement};

fn reuse(permit: Permit, first: Statement, second: Statement, none: fn() -> Params) {
    let _ = vetting::vet(first, none(), false, permit);
    let _ = vetting::vet(second, none(), false, permit);
}

fn main() {}
