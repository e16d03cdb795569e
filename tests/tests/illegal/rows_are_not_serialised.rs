//! Tries to write rows as JSON past the reply that goes with a receipt.

use masking::Rows;
use serde::Serialize as _;

fn leak(rows: Rows) {
    let _ = rows.serialize(serde_json::value::Serializer);
}

fn main() {}
