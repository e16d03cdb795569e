//! A tree begins: a principal, known by its issuer's token, gets a root node of its own.

use std::collections::BTreeSet;

use audit::{NodeEvent, Receipt, Subject, What, account};
use identity::{Chain, Class, Grant, Groups, NodeId, Own, Proven, Revocations, Verified};
use policy::delegate;
use request::{Millis, RequestId, json};
use rights::{Rights, account::Account};
use serde_json::{Value, json};
use state::{Item, Write};

use crate::{
    Error, Exchange, Issued, Ports,
    call::{Entry, apart, event, key, put, random},
    mint::{Holder, mint},
    node::{Node, Stage},
    wish,
};

/// Begins it.
pub(crate) async fn begin(
    who: &Verified<Chain>,
    ask: &Exchange,
    proven: &Proven,
    on: &Ports,
) -> Result<Issued, Error> {
    // What is not asked for is not given, to a root either.
    let rights = ask.rights.as_ref().map_or_else(|| Ok(Rights::none()), wish::read)?;
    let spoke = delegate(who, &rights.locations(), Class::Bound, &on.policies)?;
    let workload = ask.workload(proven, on).await?;
    let root = NodeId::fresh(random()?);
    let own = on.own()?;
    let grant = Grant { workload, ..root_grant(who.get(), root.clone(), rights, proven, own, on)? };
    let node = planted(&grant, own);
    let minted = mint(grant.message(own), Holder::Key(proven), on).await?;
    let receipt = enter(who.get(), &grant, &node, ask, on).await?;
    tracing::debug!(node = %root, policies = spoke.len(), "a tree begins");
    plant(&grant, &node, on).await?;
    minted.issued(receipt)
}

fn root_grant(
    who: &Chain,
    root: NodeId,
    rights: Rights,
    proven: &Proven,
    own: &Own,
    on: &Ports,
) -> Result<Grant, Error> {
    // Every rule may turn on a group, and this tree would carry the gap to its last leaf.
    let Groups::Known(groups) = who.actor().groups() else {
        return Err(policy::Error::Groups.into());
    };
    let (now_s, bounds) = (on.now().seconds(), own.bounds());
    Ok(Grant {
        root: (who.actor().issuer().clone(), who.actor().subject().to_owned()),
        root_client: who.actor().client().map(ToOwned::to_owned),
        root_actor: who.actor().actor().map(ToOwned::to_owned),
        accounts: rights.budget().map(|_| root.clone()).into_iter().collect(),
        path: vec![root],
        groups: vec![groups.clone()],
        max_depth: bounds.max_depth,
        class: Class::Bound,
        label: "root".to_owned(),
        workload: None,
        rights,
        confirmation: Some(proven.jkt().to_owned()),
        id: RequestId::fresh().to_string(),
        tree: RequestId::fresh().to_string(),
        issued_s: now_s,
        expires_s: now_s + bounds.lifetime_s.min(bounds.chain_s),
        auth_time: who.login().auth_time,
        acr: who.login().acr.clone(),
    })
}

fn planted(grant: &Grant, own: &Own) -> Node {
    Node {
        path: grant.path.iter().map(|node| node.as_str().to_owned()).collect(),
        ends_s: grant.issued_s + own.bounds().chain_s,
        above: Vec::new(),
        stage: Stage::Live { jkt: grant.confirmation.clone(), ticket: None },
        children: 0,
        max_children: own.bounds().max_children,
        tree: 1,
    }
}

/// The first of two commits, where the principal's own things are kept: it may act, its proof is used
/// up, and the tree is known as its own. An event that ends the principal finds the tree there.
async fn enter(
    who: &Chain,
    grant: &Grant,
    node: &Node,
    ask: &Exchange,
    on: &Ports,
) -> Result<Receipt, Error> {
    let standing = who.standing().keys();
    let root = grant.path.first().map(NodeId::as_str).unwrap_or_default();
    let at = key(format!("{ROOTS}{root}"))?;
    let kept = Tree { begun_s: who.issued_s(), ends_s: node.ends_s };
    let event = NodeEvent {
        rights: Some(grant.rights.to_json()),
        expires: Some(Millis(node.ends_s * 1000)),
        ..event(What::Exchanged, root)
    };
    let with = |found: &[Option<Item>]| {
        let (standing, _) = apart(found, standing.len())?;
        let mut writes = who.standing().hold(standing)?;
        writes.push(put(at.clone(), kept.bytes(), None, node.forgotten_s()));
        Ok(writes)
    };
    let entry = Entry { of: Subject::from(who), call: &ask.call, event, keys: standing.clone() };
    entry.write(&with, on).await
}

/// The second, in the tree's own partition. If the principal was ended in between, the root is among
/// what was revoked, and stays a name without a node.
async fn plant(grant: &Grant, node: &Node, on: &Ports) -> Result<(), Error> {
    let partition = grant.partition().ok_or(Error::Ledger(audit::Error::Mismatch))?;
    let key = Revocations::key().ok_or(Error::Ledger(audit::Error::Mismatch))?;
    let mut writes = vec![Write::Require { key, version: None }, node.write(None)?];
    let budgets: BTreeSet<&NodeId> = grant.accounts.iter().collect();
    if let (Some(budget), Some(root)) = (grant.rights.budget(), budgets.first()) {
        let opened = Account::open(budget).to_bytes();
        writes.push(put(account(root.as_str())?, opened, None, node.forgotten_s()));
    }
    match on.ledger.store().commit(&partition, &writes).await {
        Err(state::Error::Conflict) => Err(identity::Error::from(identity::Fallen::Revoked).into()),
        other => Ok(other?),
    }
}

/// What a principal's own partition knows of a tree.
pub(crate) struct Tree {
    /// Unix seconds from which the token was good that it was begun with.
    pub(crate) begun_s: u64,
    /// Unix seconds when it ends anyway.
    pub(crate) ends_s: u64,
}

/// How the keys of trees begin there.
pub(crate) const ROOTS: &str = "root:";

impl Tree {
    fn bytes(&self) -> Vec<u8> {
        json::canonical(&json!({"begun_s": self.begun_s, "ends_s": self.ends_s}))
    }

    /// Reads the item; `None`: it is not one of ours.
    pub(crate) fn read(item: &Item) -> Option<Self> {
        let value = json::strict(&item.value, 2).ok()?;
        let number = |name| value.get(name).and_then(Value::as_u64);
        Some(Self { begun_s: number("begun_s")?, ends_s: number("ends_s")? })
    }
}
