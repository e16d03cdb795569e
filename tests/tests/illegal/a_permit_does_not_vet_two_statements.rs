//! Tries to vet a second statement for the permit that the first one has used.

use std::sync::Arc;

use catalogue::Catalogue;
use policy::Permit;
use request::{Params, Statement};

fn reuse(permit: Permit, [first, second]: [(Statement, Params); 2], known: &Arc<Catalogue>) {
    let _ = vetting::look(first.0, first.1, permit, known);
    let _ = vetting::look(second.0, second.1, permit, known);
}

fn main() {}
