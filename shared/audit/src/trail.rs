//! Who asks and for what, kept from the moment the caller is known, so that every way out from there
//! on can be put on record.

use identity::{Chain, Standing, Verified};
use request::{Ask, Digest, Millis};
use state::{Key, Partition};

use crate::record::HopRecord;

/// One request of one known caller. It is made from evidence and swallows none: being able to record
/// is not being allowed to run.
pub struct Trail {
    pub(crate) partition: Partition,
    pub(crate) chain: Digest,
    pub(crate) hops: Vec<HopRecord>,
    pub(crate) request: String,
    pub(crate) target: String,
    pub(crate) asked: Digest,
    pub(crate) salt: [u8; 16],
    pub(crate) reason: Option<String>,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) ip: String,
    pub(crate) began: Millis,
    /// What the first record of this request is held to.
    pub(crate) standing: Option<Standing>,
}

/// Notes who asks and for what.
///
/// # Errors
/// No randomness for the salt, or a node that no store takes as a key.
pub fn trail(who: &Verified<Chain>, ask: &Ask, now: Millis) -> Result<Trail, crate::Error> {
    let salt = salt()?;
    let who = who.get();
    Ok(Trail {
        partition: who.partition().clone(),
        chain: who.session(),
        hops: who.hops().iter().map(hop).collect(),
        request: ask.id.to_string(),
        target: ask.target.to_string(),
        asked: ask.digest(),
        salt,
        reason: ask.reason.as_ref().map(|reason| reason.text().to_owned()),
        idempotency_key: ask.idempotency_key.as_ref().map(ToString::to_string),
        ip: ask.source.ip.map_or_else(|| "unknown".into(), |ip| ip.to_string()),
        began: now,
        standing: Some(who.standing().clone()),
    })
}

pub(crate) fn salt() -> Result<[u8; 16], crate::Error> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|error| crate::Error::Unavailable(Box::new(error)))?;
    Ok(salt)
}

pub(crate) fn hop(hop: &identity::Hop) -> HopRecord {
    HopRecord {
        node: hop.node().as_str().to_owned(),
        issuer: hop.issuer().as_str().to_owned(),
        subject: hop.subject().to_owned(),
        client: hop.client().map(ToOwned::to_owned),
    }
}

impl Trail {
    /// A commitment to these bytes that gives them away only together with the salt.
    pub(crate) fn commit(&self, bytes: &[u8]) -> Digest {
        Digest::of_parts(&[&self.salt, bytes])
    }

    /// The item that says how far this request came.
    pub(crate) fn status_key(&self) -> Option<Key> {
        Key::new(format!("request:{}", self.request))
    }

    /// The item that holds an idempotency key. Hashed, because a caller's key may use `/`, and by node,
    /// because two agents may choose the same.
    pub(crate) fn idempotency_item(&self) -> Option<Key> {
        let key = self.idempotency_key.as_ref()?;
        let node = &self.hops.last()?.node;
        Key::new(format!("idempotency:{}", Digest::of_parts(&[node.as_bytes(), key.as_bytes()])))
    }
}
