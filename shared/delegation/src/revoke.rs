//! A node ends, and with it everything below: one write, which every request of theirs looks at.

use audit::{NodeEvent, Receipt, Subject, What};
use identity::{Chain, NodeId, Revocations, Verified};
use request::Presented;
use state::Item;

use crate::{
    Call, Error, Ports,
    call::{Entry, Refusal, apart, event},
    redeem::revoking,
    renew::named,
};

/// What is asked for. It has no `Debug`.
pub struct Revoke {
    /// What the caller shows of itself.
    pub presented: Presented,
    /// The node that is to end: the caller's own, or one below it.
    pub node: String,
    /// The request, for the record.
    pub call: Call,
}

/// Ends the node. Who is below it ends too, also who is being made at this moment: whatever is made
/// is committed under the condition that this list is what it was. To end it again changes nothing.
///
/// # Errors
/// [`Error::Unknown`], whether there is no such node or it is another's; or as [`Error::code`] has it.
pub async fn revoke(ask: Revoke, on: &Ports) -> Result<Receipt, Error> {
    let who = identity::verify(&ask.presented, &on.verifier).await?;
    match end(&who, &ask, on).await {
        Ok(receipt) => Ok(receipt),
        Err(why) => {
            let refusal = Refusal { who: &who, why, rights: None, call: &ask.call };
            Err(refusal.told(on).await)
        }
    }
}

async fn end(who: &Verified<Chain>, ask: &Revoke, on: &Ports) -> Result<Receipt, Error> {
    let chain = who.get();
    let node = NodeId::ours(&ask.node).ok_or(Error::Unknown)?;
    let kept = named(chain, &node, on).await?.ok_or(Error::Unknown)?;
    if !kept.is_below(chain.actor().node()) {
        return Err(Error::Unknown);
    }
    let keys = chain.standing().keys();
    let with = |found: &[Option<Item>]| {
        let (standing, _) = apart(found, keys.len())?;
        let mut writes = chain.standing().hold(standing)?;
        let ending = revoking(standing.first().and_then(Option::as_ref), &node)?;
        if !ending.is_empty() {
            // It holds the commit to the same state, as the writes that it takes the place of do.
            let revoked = Revocations::key();
            writes.retain(|write| Some(write.key()) != revoked.as_ref());
        }
        writes.extend(ending);
        Ok(writes)
    };
    let event = NodeEvent { cause: Some("asked".into()), ..event(What::Revoked, node.as_str()) };
    let of = Subject::from(chain);
    Entry { of, call: &ask.call, event, keys: keys.clone() }.write(&with, on).await
}
