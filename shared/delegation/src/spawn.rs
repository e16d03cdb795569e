//! A node makes a child, and gets a ticket for it: never the child's key, and never its token.

use audit::{NodeEvent, Receipt, Subject, What, account};
use identity::{Chain, Class, Grant, NodeId, Own, Verified};
use policy::delegate;
use request::{Millis, Presented};
use rights::account::Account;
use serde_json::Value;
use state::{Item, Write};

use crate::{
    Call, Error, Ports, Ticket, Wish,
    call::{Entry, Refusal, apart, event, put, random},
    mint,
    node::{Node, Stage},
    renew::find,
};

/// What a parent asks for. It has no `Debug`.
pub struct Spawn {
    /// What the parent shows of itself.
    pub presented: Presented,
    /// What it wants for the child.
    pub wish: Wish,
    /// The request, for the record.
    pub call: Call,
}

/// What it gets. It has no `Debug`.
pub struct Spawned {
    /// For the child, by whatever way the parent has; nobody gets it a second time.
    pub ticket: Ticket,
    /// The child.
    pub node: NodeId,
    /// Whether it will have a key.
    pub class: Class,
    /// Seconds that the ticket waits.
    pub ticket_s: u64,
    /// When the child ends, renewals included.
    pub ends: Millis,
    /// The rights that it will have.
    pub rights: Value,
    /// Whether they are less than what was asked for, as the parent let them be.
    pub cut: bool,
    /// Where it is on record.
    pub receipt: Receipt,
}

/// Makes the child.
///
/// # Errors
/// As [`Error::code`] has it; then there is no child.
pub async fn spawn(ask: Spawn, on: &Ports) -> Result<Spawned, Error> {
    let own = on.own()?;
    let who = identity::verify(&ask.presented, &on.verifier).await?;
    match make(&who, &ask, own, on).await {
        Ok(spawned) => Ok(spawned),
        Err(why) => {
            let (rights, call) = (ask.wish.rights.as_ref(), &ask.call);
            Err(Refusal { who: &who, why, rights, call }.told(on).await)
        }
    }
}

async fn make(who: &Verified<Chain>, ask: &Spawn, own: &Own, on: &Ports) -> Result<Spawned, Error> {
    let chain = who.get();
    let parent = match chain.grant() {
        Some(grant) if grant.class == Class::Bound => grant,
        Some(_) => return Err(Error::Limit("a node without a key has no children")),
        None => return Err(Error::Limit("exchange this token first: only nodes have children")),
    };
    let share = ask.wish.within(parent)?;
    delegate(who, &share.rights.locations(), ask.wish.class, &on.policies)?;
    let above = find(chain, on).await?;
    let node = NodeId::fresh(random()?);
    let root = parent.path.first().cloned().unwrap_or_else(|| node.clone());
    let ticket = Ticket::fresh(root, node.clone())?;
    let cut = share.cut;
    let child = Child { share, parent, above, ticket: &ticket, wish: &ask.wish };
    let (grant, pending) = child.planned(own, on)?;
    let receipt = enter(chain, &grant, &pending, own, ask, on).await?;
    Ok(Spawned {
        ticket,
        node,
        class: grant.class,
        ticket_s: own.bounds().ticket_s.min(parent.expires_s.saturating_sub(on.now().seconds())),
        ends: Millis(pending.ends_s * 1000),
        rights: grant.rights.to_json(),
        cut,
        receipt,
    })
}

/// A child, before it is one.
struct Child<'a> {
    share: crate::wish::Share,
    parent: &'a Grant,
    above: Node,
    ticket: &'a Ticket,
    wish: &'a Wish,
}

impl Child<'_> {
    /// What it will be granted, and how it waits for its ticket.
    fn planned(self, own: &Own, on: &Ports) -> Result<(Grant, Node), Error> {
        let Self { share, parent, above, ticket, wish } = self;
        let (now_s, name) = (on.now().seconds(), ticket.node());
        let longest = now_s.saturating_add(wish.ttl_s.unwrap_or(u64::MAX));
        let ends_s = above.ends_s.min(longest);
        if ends_s <= now_s {
            return Err(Error::Grant("the chain has come to its end"));
        }
        let mut grant = Grant {
            class: wish.class,
            label: wish.label.clone(),
            workload: None,
            confirmation: None,
            max_depth: share.max_depth,
            ..parent.clone()
        };
        grant.path.push(name.clone());
        grant.groups.push(share.groups);
        grant.accounts.extend(share.rights.budget().map(|_| name.clone()));
        grant.rights = share.rights;
        let most = own.bounds().max_children;
        let stage = Stage::Waiting {
            ticket: ticket.hash(),
            until_s: ends_s.min(parent.expires_s).min(now_s + own.bounds().ticket_s),
            deed: mint::claims(&grant, own)?,
            workload: wish.workload.clone(),
        };
        let node = Node {
            path: grant.path.iter().map(|node| node.as_str().to_owned()).collect(),
            ends_s,
            above: above.above.into_iter().chain(parent.confirmation.clone()).collect(),
            stage,
            children: 0,
            max_children: wish.max_children.unwrap_or(most).min(most),
            tree: 0,
        };
        Ok((grant, node))
    }
}

/// One commit: the parent may act, its proof is used up, the child is there, and is counted.
async fn enter(
    chain: &Chain,
    grant: &Grant,
    child: &Node,
    own: &Own,
    ask: &Spawn,
    on: &Ports,
) -> Result<Receipt, Error> {
    let standing = chain.standing().keys();
    let mut keys = standing.clone();
    keys.push(Node::key(chain.actor().node().as_str())?);
    if chain.hops().len() > 1 {
        keys.push(Node::key(chain.root().node().as_str())?);
    }
    let with = |found: &[Option<Item>]| {
        let (standing, nodes) = apart(found, standing.len())?;
        let mut writes = chain.standing().hold(standing)?;
        writes.extend(counted(nodes, own)?);
        writes.push(child.write(None)?);
        writes.extend(opened(grant, child)?);
        Ok(writes)
    };
    let event = NodeEvent {
        label: Some(grant.label.clone()),
        rights: Some(grant.rights.to_json()),
        expires: Some(Millis(child.ends_s * 1000)),
        ..event(What::Spawned, child.path.last().map(String::as_str).unwrap_or_default())
    };
    Entry { of: Subject::from(chain), call: &ask.call, event, keys }.write(&with, on).await
}

/// Counts one more child of the parent, and one more node of the tree: the parent stands first, and
/// the root after it unless it is the same.
fn counted(nodes: &[Option<Item>], own: &Own) -> Result<Vec<Write>, audit::Error> {
    let mut writes = Vec::new();
    for (place, item) in nodes.iter().enumerate() {
        let item = item.as_ref();
        let unknown = audit::Error::Unmet("the node is not known here");
        let mut node = Node::read(item)?.ok_or(unknown)?;
        if place == 0 {
            if !matches!(node.stage, Stage::Live { .. }) || node.children >= node.max_children {
                return Err(audit::Error::Unmet("the node has as many children as it may have"));
            }
            node.children += 1;
        }
        if node.path.len() == 1 {
            if node.tree >= own.bounds().max_nodes {
                return Err(audit::Error::Unmet("the tree has as many nodes as it may have"));
            }
            node.tree += 1;
        }
        writes.push(node.write(item)?);
    }
    Ok(writes)
}

/// The child's account, where it has a budget of its own.
fn opened(grant: &Grant, child: &Node) -> Result<Option<Write>, audit::Error> {
    let (Some(budget), Some(node)) = (grant.rights.budget(), child.path.last()) else {
        return Ok(None);
    };
    let value = Account::open(budget).to_bytes();
    Ok(Some(put(account(node)?, value, None, child.forgotten_s())))
}
