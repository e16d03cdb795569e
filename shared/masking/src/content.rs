//! What the detectors leave of a cell.

use std::borrow::Cow;

use crate::{
    Cell,
    detect::{self, Counts},
};

/// The cell with findings covered, and whether there were any.
pub(crate) fn look<'c>(cell: Cell<'c>, kinds: &mut Counts) -> (Cell<'c>, bool) {
    match cell {
        Cell::Text(text) => {
            let covered = covered(&text, kinds);
            let changed = covered.is_some();
            (Cell::Text(covered.map_or(text, Cow::Owned)), changed)
        }
        // A card number fits a number as well.
        Cell::Number(text) if text.len() >= SHORTEST_NUMBER => match covered(&text, kinds) {
            Some(covered) => (Cell::Text(Cow::Owned(covered)), true),
            None => (Cell::Number(text), false),
        },
        Cell::Json(text) => match detect::cover_json(&text, kinds) {
            Cow::Owned(covered) => (Cell::Json(Cow::Owned(covered)), true),
            Cow::Borrowed(_) => (Cell::Json(text), false),
        },
        cell => (cell, false),
    }
}

/// The text with findings covered, if there are any.
fn covered(text: &str, kinds: &mut Counts) -> Option<String> {
    match detect::cover(text, kinds) {
        Cow::Owned(covered) => Some(covered),
        Cow::Borrowed(_) => None,
    }
}

/// No detector finds anything in fewer digits.
const SHORTEST_NUMBER: usize = 9;
