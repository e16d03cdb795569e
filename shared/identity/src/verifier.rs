//! What [`crate::verify`] needs: the issuers, their keys, and the time.

use std::{collections::BTreeMap, fmt, sync::Arc};

use request::{Clock, Mistake, Mistakes};

use crate::{
    Error, Issuers, KeySource, NonceKeys, Nonces, Own, cache::Desk, config::Issuer, names::OURS,
    nonces::Kept,
};

/// Made once per process; keeps the keys between requests.
pub struct Verifier {
    // INVARIANT: keys live at the desk of their issuer. There is no table of keys across issuers.
    desks: BTreeMap<String, Desk>,
    keys: Arc<dyn KeySource>,
    clock: Arc<dyn Clock>,
    own: Option<Own>,
    nonces: Option<Kept>,
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
        if mistakes.is_empty() {
            Ok(Self { desks, keys, clock, own: None, nonces: None })
        } else {
            Err(Mistakes(mistakes))
        }
    }

    /// Believes tokens of our own as well. `nonces` is where the key of nonces is, for a deployment
    /// that demands them.
    ///
    /// # Errors
    /// An issuer's entry that could be taken for us, or nonces that are demanded and have no key.
    pub fn with_own(
        mut self,
        own: Own,
        nonces: Option<Arc<dyn NonceKeys>>,
    ) -> Result<Self, Mistakes> {
        if self.desks.contains_key(own.issuer()) {
            return Err(Mistakes(vec![mistake(own.issuer(), "this is our own issuer")]));
        }
        if self.desks.values().any(|desk| desk.issuer().alias().as_str() == OURS) {
            return Err(Mistakes(vec![mistake(OURS, "this alias is our own")]));
        }
        if own.nonce().is_some() && nonces.is_none() {
            return Err(Mistakes(vec![mistake(
                own.issuer(),
                "nonces are demanded and have no key",
            )]));
        }
        let wanted = nonces.filter(|_| own.nonce().is_some());
        self.nonces = wanted.map(|keys| Kept::new(own.issuer().to_owned(), keys));
        self.own = Some(own);
        Ok(self)
    }

    /// Our own issuer, where there is one.
    #[must_use]
    pub fn own(&self) -> Option<&Own> {
        self.own.as_ref()
    }

    /// A nonce for a client's next proof; none where none are demanded.
    ///
    /// # Errors
    /// [`Error::Nonces`].
    pub async fn nonce(&self) -> Result<Option<String>, Error> {
        Ok(self.nonces().await?.map(|nonces| nonces.fresh(self.clock.now())))
    }

    pub(crate) async fn nonces(&self) -> Result<Option<Arc<Nonces>>, Error> {
        match &self.nonces {
            Some(kept) => Ok(Some(kept.nonces(&*self.clock).await?)),
            None => Ok(None),
        }
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
