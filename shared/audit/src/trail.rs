//! Who asks and for what, kept from the moment the caller is known, so that every way out from there
//! on can be put on record.

use approvals::Waiting;
use identity::{Chain, Standing, Verified};
use request::{Ask, Digest, Millis, RequestId, Source};
use state::{Key, Partition};

use crate::{
    note::{About, trail_for},
    record::HopRecord,
    status,
};

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
    /// Whether it waited for people, and has a status and a salt already.
    pub(crate) resumed: bool,
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
        resumed: false,
    })
}

/// The trail of a request that waited, from now on: under its own id, with the salt it was given.
///
/// # Errors
/// What was kept of it cannot be read.
pub fn resume(
    who: &Verified<Chain>,
    waiting: &Waiting,
    salt: &[u8],
    source: &Source,
    now: Millis,
) -> Result<Trail, crate::Error> {
    let document = waiting.sealed().document();
    let unreadable = |error| crate::Error::Unavailable(Box::new(error));
    let (target, statement, params) = document.stored().map_err(unreadable)?;
    let (salt, who) = (salt.try_into().map_err(|_| crate::Error::Mismatch)?, who.get());
    Ok(Trail {
        partition: who.partition().clone(),
        chain: who.session(),
        hops: who.hops().iter().map(hop).collect(),
        request: document.request.clone(),
        asked: request::asked(&target, &statement, &params),
        target: document.matter.target.clone(),
        salt,
        reason: document.reason.clone(),
        idempotency_key: document.idempotency_key.clone(),
        ip: source.ip.map_or_else(|| "unknown".into(), |ip| ip.to_string()),
        began: now,
        standing: Some(who.standing().clone()),
        resumed: true,
    })
}

/// The trail of somebody's attempt to take up a request that waits, under an id of its own: whatever
/// comes of it, the request that waits is not touched by its record.
///
/// # Errors
/// No randomness for the salt.
pub fn attempt(
    who: &Verified<Chain>,
    about: About<'_>,
    now: Millis,
) -> Result<Trail, crate::Error> {
    let standing = Some(who.get().standing().clone());
    Ok(Trail { standing, ..trail_for(who.get().into(), about, now)? })
}

/// The item with the salt of a request's commitments.
#[must_use]
pub fn salt_key(request: &RequestId) -> Option<Key> {
    salt_named(request.as_str())
}

fn salt_named(request: &str) -> Option<Key> {
    Key::new(format!("salt:{request}"))
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
    /// The same behind [`crate::uses`], which has used the proof up.
    #[must_use]
    pub fn used(self) -> Self {
        Self { standing: self.standing.map(Standing::used), ..self }
    }

    /// A commitment to these bytes that gives them away only together with the salt.
    pub(crate) fn commit(&self, bytes: &[u8]) -> Digest {
        Digest::of_parts(&[&self.salt, bytes])
    }

    /// The item that says how far this request came.
    pub(crate) fn status_key(&self) -> Option<Key> {
        status::named(&self.request)
    }

    /// The item with the salt of its commitments.
    pub(crate) fn salt_item(&self) -> Option<Key> {
        salt_named(&self.request)
    }

    /// The item that holds an idempotency key. Hashed, because a caller's key may use `/`, and by node,
    /// because two agents may choose the same.
    pub(crate) fn idempotency_item(&self) -> Option<Key> {
        let key = self.idempotency_key.as_ref()?;
        let node = &self.hops.last()?.node;
        Key::new(format!("idempotency:{}", Digest::of_parts(&[node.as_bytes(), key.as_bytes()])))
    }
}
