//! What a token of ours says, before it is signed: the writer beside the reader in `issued`.

use std::collections::{BTreeMap, BTreeSet};

use request::{Digest, json};
use rights::Rights;
use serde_json::{Map, Value, json};
use state::Partition;

use crate::{GroupName, Groups, Hop, IssuerAlias, NodeId, Own, base64url};

/// How a node of ours shows who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// It has a key, and every request carries a proof of it.
    Bound,
    /// It has none: its token is good for one request within a minute, and it has no children.
    Leaf,
}

impl Class {
    /// As `agt.cls` has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bound => "dpop",
            Self::Leaf => "bearer-leaf",
        }
    }

    /// By its name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Bound, Self::Leaf].into_iter().find(|class| class.name() == name)
    }
}

/// What one of our tokens grants, and to whom. It is no evidence: a grant is worth something when it
/// comes back signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The issuer of the root principal, and its subject there. The same for the whole tree.
    pub root: (IssuerAlias, String),
    /// The client that the root principal came with.
    pub root_client: Option<String>,
    /// Who acted for the root principal, where its issuer said.
    pub root_actor: Option<String>,
    /// The nodes from the root to the one that the token is for. Never empty.
    pub path: Vec<NodeId>,
    /// The local groups of each of them.
    pub groups: Vec<BTreeSet<GroupName>>,
    /// Those of them that have a budget.
    pub accounts: Vec<NodeId>,
    /// How deep the tree may become below this node; the root has depth 0.
    pub max_depth: u64,
    /// How the node shows who it is.
    pub class: Class,
    /// What its parent calls it.
    pub label: String,
    /// The workload that redeemed the ticket, where it showed a token of its own.
    pub workload: Option<String>,
    /// What it may ask for at most.
    pub rights: Rights,
    /// The thumbprint of its key (RFC 7638), unless it is a leaf without one.
    pub confirmation: Option<String>,
    /// The token's own id.
    pub id: String,
    /// The id of the tree.
    pub tree: String,
    /// Unix seconds from which it is good.
    pub issued_s: u64,
    /// Unix seconds until which it is.
    pub expires_s: u64,
    /// When the root principal logged in, and how, where its issuer says.
    pub auth_time: Option<u64>,
    /// The authentication context class of that log-in.
    pub acr: Option<String>,
}

impl Grant {
    /// Header and claims as they are signed: what a signature has to follow after a dot (RFC 7515,
    /// 5.1).
    #[must_use]
    pub fn message(&self, own: &Own) -> String {
        let header = json!({"alg": "ES256", "kid": own.kid(), "typ": "at+jwt"});
        let part = |value: &Value| base64url::encode(&json::canonical(value));
        format!("{}.{}", part(&header), part(&Value::Object(self.claims(own))))
    }

    /// Where everything of its tree is kept.
    #[must_use]
    pub fn partition(&self) -> Option<Partition> {
        self.path.first()?.partition()
    }

    /// Its node's name in this tree, for as long as the node lives: renewals do not change it.
    #[must_use]
    pub fn session(&self) -> Digest {
        let node = self.path.last().map(NodeId::as_str).unwrap_or_default();
        Digest::of_parts(&[b"node", self.tree.as_bytes(), node.as_bytes()])
    }

    /// Every hop, the root first. The root is the principal that its issuer vouches for; for those
    /// below it, we do.
    #[must_use]
    pub fn hops(&self) -> Vec<Hop> {
        self.path
            .iter()
            .zip(&self.groups)
            .enumerate()
            .map(|(depth, at)| self.hop(depth, at))
            .collect()
    }

    fn hop(&self, depth: usize, (node, groups): (&NodeId, &BTreeSet<GroupName>)) -> Hop {
        let (node, groups) = (node.clone(), Groups::Known(groups.clone()));
        if depth == 0 { Hop::root(self, node, groups) } else { Hop::ours(node, groups) }
    }

    fn claims(&self, own: &Own) -> Map<String, Value> {
        let last = self.path.last().map(NodeId::as_str).unwrap_or_default();
        let (alias, subject) = &self.root;
        let mut claims = Map::new();
        let mut put = |name: &str, value: Value| _ = claims.insert(name.to_owned(), value);
        put("iss", own.issuer().into());
        put("aud", own.resource().into());
        put("sub", format!("{alias}|{}", escaped(subject)).into());
        put("client_id", last.into());
        put("iat", self.issued_s.into());
        put("nbf", self.issued_s.into());
        put("exp", self.expires_s.into());
        put("jti", self.id.as_str().into());
        put("txn", self.tree.as_str().into());
        put("act", self.actors(own));
        put("agt", self.agent());
        put("groups", json!(self.groups.last().map(words).unwrap_or_default()));
        put("authorization_details", self.rights.to_json());
        if let Some(jkt) = &self.confirmation {
            put("cnf", json!({"jkt": jkt}));
        }
        if let Some(auth_time) = self.auth_time {
            put("auth_time", auth_time.into());
        }
        if let Some(acr) = &self.acr {
            put("acr", acr.as_str().into());
        }
        claims
    }

    /// The actor, and within it the one it acts for (RFC 8693, 4.1), all of our own issuer. Said once:
    /// a token must fit into a header.
    fn actors(&self, own: &Own) -> Value {
        let act = self.path.iter().fold(None, |inner, node| {
            let mut act = Map::from_iter([("sub".to_owned(), node.as_str().into())]);
            act.extend(inner.map(|inner| ("act".to_owned(), Value::Object(inner))));
            Some(act)
        });
        let mut act = act.unwrap_or_default();
        act.insert("iss".to_owned(), own.issuer().into());
        act.insert("sub_profile".to_owned(), "ai_agent".into());
        Value::Object(act)
    }

    fn agent(&self) -> Value {
        let mut agent = Map::new();
        let mut put = |name: &str, value: Value| _ = agent.insert(name.to_owned(), value);
        put("path", json!(self.path.iter().map(NodeId::as_str).collect::<Vec<_>>()));
        put("depth", self.path.len().saturating_sub(1).into());
        put("max", self.max_depth.into());
        put("cls", self.class.name().into());
        put("lbl", self.label.as_str().into());
        put("v", 1.into());
        if let Some(client) = &self.root_client {
            put("from", client.as_str().into());
        }
        if let Some(actor) = &self.root_actor {
            put("by", actor.as_str().into());
        }
        if let Some(workload) = &self.workload {
            put("img", workload.as_str().into());
        }
        let at = |node: &NodeId| self.path.iter().position(|other| other == node);
        let depths: BTreeSet<usize> = self.accounts.iter().filter_map(at).collect();
        if !depths.is_empty() {
            put("acc", json!(depths));
        }
        let out = self.left_behind();
        if !out.is_empty() {
            put("out", json!(out));
        }
        Value::Object(agent)
    }

    /// The groups that a hop has no more and the one above it has, by the hop's depth.
    fn left_behind(&self) -> BTreeMap<String, Vec<&str>> {
        let pairs = self.groups.iter().zip(self.groups.iter().skip(1)).enumerate();
        let left = pairs.map(|(above, (all, kept))| {
            let left: Vec<&str> = all.difference(kept).map(GroupName::as_str).collect();
            ((above + 1).to_string(), left)
        });
        left.filter(|(_, left)| !left.is_empty()).collect()
    }
}

/// So that no subject can be read as another issuer and subject.
fn escaped(subject: &str) -> String {
    subject.replace('%', "%25").replace('|', "%7C")
}

fn words(groups: &BTreeSet<GroupName>) -> Vec<&str> {
    groups.iter().map(GroupName::as_str).collect()
}
