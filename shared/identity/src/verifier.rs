//! What [`crate::verify`] needs: the issuers, their keys, and the time.

use std::{collections::BTreeMap, fmt, sync::Arc};

use request::{Clock, Mistake, Mistakes};

use crate::{Error, Issuers, KeySource, cache::Desk, config::Issuer};

/// Made once per process; keeps the keys between requests.
pub struct Verifier {
    // INVARIANT: keys live at the desk of their issuer. There is no table of keys across issuers.
    desks: BTreeMap<String, Desk>,
    keys: Arc<dyn KeySource>,
    clock: Arc<dyn Clock>,
}

impl Verifier {
    /// Takes the issuers, the ports, and the key sets that were shipped with the package, by the
    /// alias of their issuer. Such a set serves until a fetched one replaces it, a day at most.
    ///
    /// # Errors
    /// A shipped set that is not good, or is nobody's.
    pub fn new(
        issuers: Issuers,
        keys: Arc<dyn KeySource>,
        clock: Arc<dyn Clock>,
        mut snapshot: BTreeMap<String, Vec<u8>>,
    ) -> Result<Self, Mistakes> {
        let mut mistakes = Vec::new();
        let mut desks = BTreeMap::new();
        for issuer in issuers.into_entries() {
            let document = snapshot.remove(issuer.alias().as_str());
            match desk(issuer, document.as_deref(), &*clock) {
                Ok((name, desk)) => _ = desks.insert(name, desk),
                Err(mistake) => mistakes.push(mistake),
            }
        }
        mistakes.extend(snapshot.keys().map(|alias| mistake(alias, "no issuer has this alias")));
        if mistakes.is_empty() { Ok(Self { desks, keys, clock }) } else { Err(Mistakes(mistakes)) }
    }

    /// The one entry of this issuer, by exact bytes.
    pub(crate) fn desk(&self, issuer: &str) -> Result<&Desk, Error> {
        self.desks.get(issuer).ok_or(Error::Issuer)
    }

    pub(crate) fn keys(&self) -> &dyn KeySource {
        &*self.keys
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.clock
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").field("issuers", &self.desks.keys()).finish_non_exhaustive()
    }
}

fn desk(
    issuer: Issuer,
    document: Option<&[u8]>,
    clock: &dyn Clock,
) -> Result<(String, Desk), Mistake> {
    let (alias, name) = (issuer.alias().clone(), issuer.issuer().to_owned());
    let desk = Desk::new(issuer);
    match document {
        None => Ok((name, desk)),
        Some(document) => match desk.shipped(document, clock.now()) {
            Ok(desk) => Ok((name, desk)),
            Err(bad) => Err(mistake(alias.as_str(), bad)),
        },
    }
}

fn mistake(alias: &str, text: impl ToString) -> Mistake {
    Mistake { file: format!("key set of `{alias}`"), line: 0, text: text.to_string() }
}
