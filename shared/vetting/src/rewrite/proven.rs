//! What a statement was rewritten to, for the masks with which that was proven.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use catalogue::Oid;

use super::Error;
use crate::masks::Replacement;

/// The rewritings of one statement. Callers have different masks, and an estimate has its own.
#[derive(Default)]
pub(crate) struct Proven(Mutex<Vec<(BTreeMap<Oid, Replacement>, String)>>);

impl Proven {
    /// The text with these replacements: the one that was proven for the same, or else what `prove` says.
    ///
    /// # Errors
    /// Those of `prove`.
    pub(crate) fn or_prove(
        &self,
        replaced: BTreeMap<Oid, Replacement>,
        prove: impl FnOnce(&BTreeMap<Oid, Replacement>) -> Result<String, Error>,
    ) -> Result<String, Error> {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, text)) = known().iter().find(|(of, _)| *of == replaced) {
            return Ok(text.clone());
        }
        let text = prove(&replaced)?;
        let mut known = known();
        known.truncate(OTHERS);
        known.insert(0, (replaced, text.clone()));
        Ok(text)
    }
}

/// How many are kept beside the newest.
const OTHERS: usize = 3;
