//! Tries to copy each piece of evidence that is good for one use.

use approvals::Cleared;
use audit::{Open, Witnessed};
use credentials::Armed;
use enforce::Released;
use masking::{Masked, Rows};
use policy::Permit;
use request::Statement;
use vetting::Vetted;

fn decided(permit: Permit, vetted: Vetted<Statement>, cleared: Cleared) {
    let _ = permit.clone();
    let _ = vetted.clone();
    let _ = cleared.clone();
}

fn running(witnessed: Witnessed, open: Open, armed: Armed<'_>) {
    let _ = witnessed.clone();
    let _ = open.clone();
    let _ = armed.clone();
}

fn shown(masked: Masked<Rows>, released: Released) {
    let _ = masked.clone();
    let _ = released.clone();
}

fn main() {}
