//! What an issuer tells us about its people: whoever is not any more who they were ends, with every
//! tree that they began (CAEP 1.0, pushed as RFC 8935 has it).

use audit::{NodeEvent, Subject, What};
use identity::{NodeId, Revocations, SecurityEvent, principal};
use request::{Bearer, Digest};
use state::{Item, Key, Partition};

use crate::{
    Call, Error, Ports,
    begin::{ROOTS, Tree},
    call::{Entry, event as happened, key, put},
    redeem::{nobody, revoking},
};

/// Hears an event to its end: it returns when nothing that was issued until then is good any more.
/// An event that came before changes nothing, and one that came half before is heard again.
///
/// # Errors
/// [`Error::Identity`]: no issuer of ours says that. Otherwise it is to be sent again.
pub async fn event(set: &Bearer, call: &Call, on: &Ports) -> Result<(), Error> {
    let event = identity::event(set, &on.verifier).await?;
    let event = event.get();
    let (Some(kind), Some(subject)) = (event.kind, event.subject.as_deref()) else {
        // Somebody or something that means nothing here; the issuer is not to send it for ever.
        tracing::info!(issuer = %event.issuer, id = event.id, "an event is about nobody known here");
        return Ok(());
    };
    let partition = principal(&event.issuer, subject).ok_or(UNKEPT)?;
    let seen = key(format!("event:{}", digest(event)))?;
    let found = on.ledger.store().read(&partition, std::slice::from_ref(&seen)).await?;
    if found.iter().any(Option::is_some) {
        return Ok(());
    }
    tracing::warn!(issuer = %event.issuer, kind = kind.name(), "what a principal was issued ends");
    let heard = Heard { partition, at_s: event.at_s, call };
    heard.bump(kind.name(), digest(event), on).await?;
    heard.trees(kind.name(), on).await?;
    heard.done(seen, on).await
}

/// An event, on its way.
struct Heard<'a> {
    partition: Partition,
    at_s: u64,
    call: &'a Call,
}

impl Heard<'_> {
    /// What the principal brings itself, it cannot bring any more. From this commit on it begins no
    /// tree either, so that those that are found afterwards are all there are.
    async fn bump(&self, cause: &str, id: Digest, on: &Ports) -> Result<(), Error> {
        let event = NodeEvent {
            cause: Some(cause.to_owned()),
            ..happened(What::Revoked, self.partition.as_str())
        };
        let session = Digest::of_parts(&[b"events", id.bytes()]);
        let of = Subject { partition: self.partition.clone(), session, hops: Vec::new() };
        let with = |found: &[Option<Item>]| {
            let item = found.first().and_then(Option::as_ref);
            let mut list = Revocations::read(item)?;
            if list.since >= Some(self.at_s) {
                return Ok(Vec::new());
            }
            list.since = Some(self.at_s);
            Ok(list.write(item).into_iter().collect())
        };
        let keys = Revocations::key().into_iter().collect();
        Entry { of, call: self.call, event, keys }.write(&with, on).await?;
        Ok(())
    }

    /// Ends every tree that it began with a token of that time.
    async fn trees(&self, cause: &str, on: &Ports) -> Result<(), Error> {
        let store = on.ledger.store();
        let mut after: Option<Key> = None;
        loop {
            let page = store.list(&self.partition, ROOTS, after.as_ref(), PAGE).await?;
            for (name, item) in &page {
                self.tree(name, item, cause, on).await?;
            }
            match page.into_iter().next_back() {
                Some((last, _)) => after = Some(last),
                None => return Ok(()),
            }
        }
    }

    async fn tree(&self, name: &Key, item: &Item, cause: &str, on: &Ports) -> Result<(), Error> {
        let root = name.as_str().strip_prefix(ROOTS).and_then(NodeId::ours).ok_or(UNKEPT)?;
        // What cannot be read is ended, and not passed over.
        let spared = Tree::read(item).is_some_and(|tree| {
            tree.begun_s > self.at_s || tree.ends_s + APART_S < on.now().seconds()
        });
        let partition = root.partition().ok_or(UNKEPT)?;
        if spared || ended(&partition, &root, on).await? {
            return Ok(());
        }
        let event =
            NodeEvent { cause: Some(cause.to_owned()), ..happened(What::Revoked, root.as_str()) };
        let keys = Revocations::key().into_iter().collect();
        let with = |found: &[Option<Item>]| revoking(found.first().and_then(Option::as_ref), &root);
        let of = nobody(partition, &root);
        Entry { of, call: self.call, event, keys }.write(&with, on).await?;
        Ok(())
    }

    /// The last thing: that it was heard. Whoever was second has done the same.
    async fn done(&self, seen: Key, on: &Ports) -> Result<(), Error> {
        let until_s = on.now().seconds() + REMEMBERED_S;
        let writes = [put(seen, b"1".to_vec(), None, until_s)];
        match on.ledger.store().commit(&self.partition, &writes).await {
            Err(state::Error::Conflict) => Ok(()),
            other => Ok(other?),
        }
    }
}

async fn ended(partition: &Partition, root: &NodeId, on: &Ports) -> Result<bool, Error> {
    let keys: Vec<Key> = Revocations::key().into_iter().collect();
    let found = on.ledger.store().read(partition, &keys).await?;
    let list =
        Revocations::read(found.first().and_then(Option::as_ref)).map_err(audit::Error::from)?;
    Ok(list.nodes.contains(root.as_str()))
}

/// An event's id means something only beside its issuer.
fn digest(event: &SecurityEvent) -> Digest {
    Digest::of_parts(&[event.issuer.as_str().as_bytes(), event.id.as_bytes()])
}

const UNKEPT: Error = Error::Ledger(audit::Error::Mismatch);

/// How many trees are looked at in one read.
const PAGE: usize = 100;

/// Seconds that clocks may be apart.
const APART_S: u64 = 60;

/// Seconds that an event is known again: a week, longer than a transmitter tries.
const REMEMBERED_S: u64 = 7 * 24 * 3600;
