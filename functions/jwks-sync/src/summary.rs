//! What became of each issuer's key set, for whoever looks after the function.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::sync::Error;

/// The outcome of one run, by the issuers' aliases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Whose sets are new in the store, and how many keys each has.
    pub written: BTreeMap<String, usize>,
    /// Whose last sets stay, and why.
    pub kept: BTreeMap<String, String>,
}

impl Summary {
    pub(crate) fn of(outcomes: Vec<(String, Result<usize, Error>)>) -> Self {
        let mut summary = Self::default();
        for (alias, outcome) in outcomes {
            match outcome {
                Ok(keys) => _ = summary.written.insert(alias, keys),
                Err(error) => _ = summary.kept.insert(alias, error.to_string()),
            }
        }
        summary
    }

    /// Whether nothing at all could be done, so that the platform should call it a failure.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        self.written.is_empty()
    }

    /// One sentence for each issuer.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let written =
            self.written.iter().map(|(alias, keys)| format!("{alias}: {keys} keys written"));
        let kept =
            self.kept.iter().map(|(alias, why)| format!("{alias}: the last set stays: {why}"));
        written.chain(kept).collect()
    }
}
