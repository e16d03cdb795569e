//! Nodes below a root: agents with a token of our own.

use std::collections::BTreeSet;

use identity::{Class, Grant, Groups, NodeId};
use rights::Rights;
use serde_json::{Value, json};

use super::{Agent, NOW, agent, door};

/// The node at this depth. Its token needs no key, and is good for one request.
pub(crate) struct Node {
    grant: Grant,
}

/// A node at this depth below an analyst, with these rights.
pub(crate) fn node(depth: u8, rights: Value) -> Node {
    at((0..=depth).map(id).collect(), rights)
}

/// The node at the end of this path, whose root is an analyst, with these rights.
pub(crate) fn at(path: Vec<NodeId>, rights: Value) -> Node {
    let root = agent("ada").known();
    let root = root.get().root();
    let Groups::Known(groups) = root.groups() else { panic!("they are known") };
    let grant = Grant {
        root: (root.issuer().clone(), root.subject().into()),
        root_client: root.client().map(ToOwned::to_owned),
        root_actor: None,
        groups: vec![groups.clone(); path.len()],
        accounts: Vec::new(),
        max_depth: path.len() as u64 - 1,
        path,
        class: Class::Leaf,
        label: "totals".into(),
        workload: None,
        rights: Rights::parse(&rights).unwrap(),
        confirmation: None,
        id: "t-1".into(),
        tree: "tree".into(),
        issued_s: NOW.seconds(),
        expires_s: NOW.seconds() + 60,
        auth_time: None,
        acr: None,
    };
    Node { grant }
}

/// The id of the node at this depth.
pub(crate) fn id(depth: u8) -> NodeId {
    NodeId::fresh([depth; 16])
}

/// Everything on `orders-db`.
pub(crate) fn all() -> Value {
    json!([{
        "type": "postgres", "locations": ["orders-db"],
        "actions": ["select", "insert", "update", "delete"], "objects": ["public.*"],
    }])
}

impl Node {
    /// The nodes at these depths have budgets.
    pub(crate) fn budgeted(mut self, depths: &[u8]) -> Self {
        self.grant.accounts = depths.iter().map(|depth| id(*depth)).collect();
        self
    }

    /// Without its groups from this depth on.
    pub(crate) fn groupless_from(mut self, depth: usize) -> Self {
        self.grant.groups.iter_mut().skip(depth).for_each(BTreeSet::clear);
        self
    }

    /// Its agent, with the token of this id.
    pub(crate) fn agent(&self, id: &str) -> Agent {
        let grant = Grant { id: id.into(), ..self.grant.clone() };
        let claims = door::claims(&grant.message(&door::own()));
        Agent(claims)
    }
}
