//! What every verb here does alike: chance, and a record with what becomes true with it.

use audit::{About, Event, NodeEvent, Note, Receipt, Subject, What, With, note, trail_for};
use identity::{Chain, Verified};
use request::{Digest, RequestId, Source, json};
use serde_json::Value;
use state::{Item, Key, Write};

use crate::{Error, Ports};

/// The HTTP request that something is asked with, for the record.
#[derive(Clone, Debug)]
pub struct Call {
    /// Its id, made here.
    pub id: RequestId,
    /// Where it came from.
    pub source: Source,
}

/// One record, before it is written.
pub(crate) struct Entry<'a> {
    /// Whose.
    pub(crate) of: Subject,
    /// By what it was caused.
    pub(crate) call: &'a Call,
    /// What happened.
    pub(crate) event: NodeEvent,
    /// Items to read for what goes with it.
    pub(crate) keys: Vec<Key>,
}

impl Entry<'_> {
    /// Writes it down with what becomes true by it: both or neither.
    pub(crate) async fn write(self, with: &With<'_>, on: &Ports) -> Result<Receipt, Error> {
        let said = serde_json::to_value(&self.event).unwrap_or_default();
        let about = About {
            request: self.call.id.clone(),
            what: "token",
            asked: Digest::of(&json::canonical(&said)),
            source: self.call.source.clone(),
        };
        let trail = trail_for(self.of, about, on.now())?;
        let event = Event::Node(self.event);
        let page = Note { trail: &trail, event, keys: self.keys, with };
        Ok(note(&page, &on.ledger).await?)
    }
}

/// An event with nothing but the node in it.
pub(crate) fn event(what: What, node: &str) -> NodeEvent {
    NodeEvent {
        what,
        node: node.to_owned(),
        label: None,
        rights: None,
        expires: None,
        cause: None,
        told: None,
    }
}

/// What a known caller asked for, and why it does not get it.
pub(crate) struct Refusal<'a> {
    pub(crate) who: &'a Verified<Chain>,
    pub(crate) why: Error,
    pub(crate) rights: Option<&'a Value>,
    pub(crate) call: &'a Call,
}

impl Refusal<'_> {
    /// Puts it on record, which uses up the proof like anything else, and counts a proof that was
    /// used up before. Gives what the caller is told: the cause, or why it could not be recorded.
    pub(crate) async fn told(self, on: &Ports) -> Error {
        let mut why = match self.why.is_refusal() {
            false => self.why,
            true => match self.held(on).await {
                Ok(_) => return self.why,
                Err(other) => other,
            },
        };
        if why.is_replay()
            && let Err(other) = counted(self.who, self.call, on).await
        {
            why = other;
        }
        why
    }

    async fn held(&self, on: &Ports) -> Result<Receipt, Error> {
        let chain = self.who.get();
        let mut event = refused(chain, &self.why);
        event.rights = self.rights.cloned();
        let (of, keys) = (Subject::from(chain), chain.standing().keys());
        let with = |found: &[Option<Item>]| Ok(chain.standing().hold(found)?);
        Entry { of, call: self.call, event, keys }.write(&with, on).await
    }
}

/// Counts a replay; with the last one that is borne, the node is revoked.
async fn counted(who: &Verified<Chain>, call: &Call, on: &Ports) -> Result<Receipt, Error> {
    let chain = who.get();
    let why = Error::Identity(identity::Fallen::Replayed.into());
    let (of, keys) = (Subject::from(chain), chain.standing().tally_keys());
    let now_s = on.now().seconds();
    let with = |found: &[Option<Item>]| Ok(chain.standing().tally(found, now_s)?);
    Entry { of, call, event: refused(chain, &why), keys }.write(&with, on).await
}

fn refused(chain: &Chain, why: &Error) -> NodeEvent {
    let node = chain.actor().node().as_str();
    NodeEvent {
        cause: Some(why.code().name().to_owned()),
        told: Some(why.told()),
        ..event(What::Refused, node)
    }
}

/// Items as they were read, in the order of their keys.
pub(crate) type Found<'f> = &'f [Option<Item>];

/// What was read for the standing of a caller, and what was read for the rest.
pub(crate) fn apart(
    found: Found<'_>,
    standing: usize,
) -> Result<(Found<'_>, Found<'_>), audit::Error> {
    found.split_at_checked(standing).ok_or(audit::Error::Mismatch)
}

/// A key that we made of names with the alphabet of keys; it is one.
pub(crate) fn key(text: String) -> Result<Key, Error> {
    Key::new(text).ok_or(Error::Ledger(audit::Error::Mismatch))
}

/// The write that makes an item what it is now to be, if nobody else was there since it was read.
pub(crate) fn put(key: Key, value: Vec<u8>, before: Option<&Item>, expires_s: u64) -> Write {
    let expires_at = Some(expires_s);
    match before {
        None => Write::Create { key, value, expires_at },
        Some(item) => Write::Replace { key, value, version: item.version.clone(), expires_at },
    }
}

/// Bytes that nobody can guess.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    match getrandom::fill(&mut bytes) {
        Ok(()) => Ok(bytes),
        Err(error) => Err(Error::Ledger(audit::Error::Unavailable(Box::new(error)))),
    }
}
