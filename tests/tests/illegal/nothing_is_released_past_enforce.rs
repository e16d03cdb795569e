//! Tries to make a reply of rows and a receipt that need not belong together.

use audit::Receipt;
use enforce::Released;
use masking::{Masked, Rows};

fn reply(rows: Masked<Rows>, receipt: Receipt) -> Released {
    Released { rows, receipt }
}

fn main() {}
