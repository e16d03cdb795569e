//! A node's next token: for the same node, the same key, and not a right more.

use audit::{NodeEvent, Subject, What};
use identity::{Chain, Class, Grant, NodeId, Proven, Verified};
use request::{Millis, RequestId};
use state::Item;

use crate::{
    Error, Exchange, Issued, Ports,
    call::{Entry, apart, event},
    mint::{Holder, mint},
    node::{Node, Stage},
    wish,
};

/// Renews the token that `who` came with, as long as the node lives.
pub(crate) async fn renew(
    who: &Verified<Chain>,
    grant: &Grant,
    ask: &Exchange,
    proven: &Proven,
    on: &Ports,
) -> Result<Issued, Error> {
    if grant.class == Class::Leaf {
        return Err(Error::Grant("a token without a key is good once and is not renewed"));
    }
    if ask.actor.is_some() {
        return Err(Error::Grant("an actor is shown when a node begins, and not again"));
    }
    let (chain, own) = (who.get(), on.own()?);
    let rights = match &ask.rights {
        None => grant.rights.clone(),
        Some(asked) => wish::narrower(asked, &grant.rights)?,
    };
    // What is counted was settled when the node began: one account, for all of its tokens.
    if !rights.is_empty() && rights.budget() != grant.rights.budget() {
        return Err(Error::Request("the budget of a node does not change"));
    }
    let (node, now_s) = (find(chain, on).await?, on.now().seconds());
    if node.ends_s <= now_s {
        return Err(Error::Grant("the chain has come to its end"));
    }
    let grant = Grant {
        rights,
        id: RequestId::fresh().to_string(),
        issued_s: now_s,
        expires_s: (now_s + own.bounds().lifetime_s).min(node.ends_s),
        ..grant.clone()
    };
    let minted = mint(grant.message(own), Holder::Key(proven), on).await?;
    let name = chain.actor().node();
    let event = NodeEvent {
        rights: Some(grant.rights.to_json()),
        expires: Some(Millis(grant.expires_s * 1000)),
        ..event(What::Renewed, name.as_str())
    };
    let standing = chain.standing().keys();
    let mut keys = standing.clone();
    keys.push(Node::key(name.as_str())?);
    let with = |found: &[Option<Item>]| {
        let (standing, rest) = apart(found, standing.len())?;
        let writes = chain.standing().hold(standing)?;
        match Node::read(rest.first().and_then(Option::as_ref))?.map(|node| node.stage) {
            Some(Stage::Live { jkt: Some(jkt), .. }) if jkt == proven.jkt() => Ok(writes),
            _ => Err(audit::Error::Unmet("the node has another key")),
        }
    };
    let entry = Entry { of: Subject::from(chain), call: &ask.call, event, keys };
    minted.issued(entry.write(&with, on).await?)
}

/// The caller's own node, as it is kept.
pub(crate) async fn find(chain: &Chain, on: &Ports) -> Result<Node, Error> {
    named(chain, chain.actor().node(), on).await?.ok_or(Error::Grant("the node is not known here"))
}

/// A node of the caller's tree.
pub(crate) async fn named(chain: &Chain, node: &NodeId, on: &Ports) -> Result<Option<Node>, Error> {
    let keys = [Node::key(node.as_str())?];
    let found = on.ledger.store().read(chain.partition(), &keys).await?;
    Ok(Node::read(found.first().and_then(Option::as_ref))?)
}
