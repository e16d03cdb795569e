//! Tries to write a cell as JSON before the veil has seen it.

use masking::Cell;
use serde::Serialize as _;

fn leak(cell: Cell<'_>) {
    let _ = cell.serialize(serde_json::value::Serializer);
}

fn main() {}
