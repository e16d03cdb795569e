//! Tries to print a cell before the veil has seen it.

use masking::Cell;

fn leak(cell: &Cell<'_>) -> String {
    format!("{cell:?}")
}

fn main() {}
