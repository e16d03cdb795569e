//! Tries to put other bytes in the place of those that were masked.

use masking::Rows;

fn rewrite(rows: &mut Rows, bare: Vec<u8>) {
    rows.json = bare;
}

fn main() {}
