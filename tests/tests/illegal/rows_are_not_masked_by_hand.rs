//! Tries to call rows masked that never came through a veil.

use masking::{Masked, Rows};

fn forge(rows: Rows) -> Masked<Rows> {
    Masked(rows)
}

fn main() {}
