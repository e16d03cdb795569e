//! Tries to take what was poured into the veil while the driver still pours.

use masking::{Masked, Rows, Veil};

fn peek(veil: &mut Veil) -> Option<Masked<Rows>> {
    veil.lift().ok()
}

fn main() {}
