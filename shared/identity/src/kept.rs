//! A chain as our own store keeps it beside a request that waits: who asked, for when the request is
//! carried out and the agent is gone.
//!
//! What is kept is no token and opens nothing outside. It is believed because it comes from where we
//! keep what was revoked as well; and before it may act, it has to stand there like any other.

use std::collections::BTreeSet;

use request::{Digest, Millis, json};
use rights::Rights;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use state::Partition;

use crate::{
    Chain, Class, Error, Grant, GroupName, Groups, Hop, IssuerAlias, Login, NodeId, OwnerKey,
    Shown, Standing, Verified,
};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    actor: Member,
    bearer: bool,
    expires: Millis,
    grant: Option<Granted>,
    issued_s: u64,
    login: (Option<u64>, Option<String>),
    owner: Option<OwnerKey>,
    partition: String,
    session: Digest,
}

/// The acting hop of a direct caller, or the last one of a tree's.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Member {
    actor: Option<String>,
    client: Option<String>,
    groups: BTreeSet<String>,
    issuer: String,
    node: String,
    subject: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Granted {
    accounts: Vec<String>,
    class: String,
    confirmation: Option<String>,
    groups: Vec<BTreeSet<String>>,
    id: String,
    label: String,
    max_depth: u64,
    path: Vec<String>,
    rights: Value,
    root: (String, String),
    root_actor: Option<String>,
    root_client: Option<String>,
    tree: String,
    workload: Option<String>,
}

impl Chain {
    /// The chain, to be kept in our own store with a request of its own that waits.
    ///
    /// # Errors
    /// [`Error::Form`]: its groups are not known, so that nothing could be judged by them later.
    pub fn kept(&self) -> Result<Value, Error> {
        let actor = self.actor();
        let Groups::Known(groups) = actor.groups() else { return Err(UNREADABLE) };
        let kept = Kept {
            actor: Member {
                actor: actor.actor().map(str::to_owned),
                client: actor.client().map(str::to_owned),
                groups: names(groups),
                issuer: actor.issuer().as_str().to_owned(),
                node: actor.node().as_str().to_owned(),
                subject: actor.subject().to_owned(),
            },
            bearer: self.shown() == Shown::Bearer,
            expires: self.token_expires(),
            grant: self.grant().map(granted),
            issued_s: self.issued_s(),
            login: (self.login().auth_time, self.login().acr.clone()),
            owner: self.owner().cloned(),
            partition: self.partition().as_str().to_owned(),
            session: self.session(),
        };
        serde_json::to_value(kept).map_err(|_| UNREADABLE)
    }
}

/// Believes what our own store kept of a chain. It has shown no proof: what it may do is what was
/// approved for it, if nothing of it has been revoked meanwhile.
///
/// # Errors
/// [`Error::Form`]: it is not what [`Chain::kept`] gives.
pub fn resume(kept: &Value, now: Millis) -> Result<Verified<Chain>, Error> {
    let kept: Kept = serde_json::from_slice(&json::canonical(kept)).map_err(|_| UNREADABLE)?;
    let partition = Partition::new(kept.partition).ok_or(UNREADABLE)?;
    let issued_s = kept.issued_s;
    let login = Login { auth_time: kept.login.0, acr: kept.login.1 };
    let grant = kept.grant.map(|granted| grant(granted, issued_s, kept.expires, &login));
    let grant = grant.transpose()?;
    let hops = match &grant {
        Some(grant) => grant.hops(),
        None => vec![hop(kept.actor)],
    };
    let path = hops.iter().map(|hop| hop.node().clone()).collect();
    let actor = hops.last().cloned().ok_or(UNREADABLE)?;
    Ok(Verified::proven(Chain {
        hops,
        actor,
        session: kept.session,
        expires: kept.expires,
        issued_s,
        believed: now,
        partition,
        shown: if kept.bearer { Shown::Bearer } else { Shown::Dpop },
        login,
        grant,
        // No proof came with it, so that there is none to use up.
        standing: Standing::new(path, issued_s, None, u64::MAX),
        owner: kept.owner,
    }))
}

fn granted(grant: &Grant) -> Granted {
    let nodes = |nodes: &[NodeId]| nodes.iter().map(|node| node.as_str().to_owned()).collect();
    Granted {
        accounts: nodes(&grant.accounts),
        class: grant.class.name().to_owned(),
        confirmation: grant.confirmation.clone(),
        groups: grant.groups.iter().map(names).collect(),
        id: grant.id.clone(),
        label: grant.label.clone(),
        max_depth: grant.max_depth,
        path: nodes(&grant.path),
        rights: grant.rights.to_json(),
        root: (grant.root.0.as_str().to_owned(), grant.root.1.clone()),
        root_actor: grant.root_actor.clone(),
        root_client: grant.root_client.clone(),
        tree: grant.tree.clone(),
        workload: grant.workload.clone(),
    }
}

fn grant(kept: Granted, issued_s: u64, expires: Millis, login: &Login) -> Result<Grant, Error> {
    let groups: Vec<_> = kept.groups.into_iter().map(locals).collect();
    if kept.path.is_empty() || groups.len() != kept.path.len() {
        return Err(UNREADABLE);
    }
    Ok(Grant {
        root: (IssuerAlias::new(kept.root.0), kept.root.1),
        root_client: kept.root_client,
        root_actor: kept.root_actor,
        path: kept.path.into_iter().map(NodeId::new).collect(),
        groups,
        accounts: kept.accounts.into_iter().map(NodeId::new).collect(),
        max_depth: kept.max_depth,
        class: Class::named(&kept.class).ok_or(UNREADABLE)?,
        label: kept.label,
        workload: kept.workload,
        rights: Rights::parse(&kept.rights).map_err(|_| UNREADABLE)?,
        confirmation: kept.confirmation,
        id: kept.id,
        tree: kept.tree,
        issued_s,
        expires_s: expires.seconds(),
        auth_time: login.auth_time,
        acr: login.acr.clone(),
    })
}

fn hop(kept: Member) -> Hop {
    let Member { actor, client, groups, issuer, node, subject } = kept;
    let (node, issuer) = (NodeId::new(node), IssuerAlias::new(issuer));
    Hop::kept(node, issuer, subject, client, actor, Groups::Known(locals(groups)))
}

fn names(groups: &BTreeSet<GroupName>) -> BTreeSet<String> {
    groups.iter().map(|group| group.as_str().to_owned()).collect()
}

fn locals(groups: BTreeSet<String>) -> BTreeSet<GroupName> {
    groups.into_iter().map(GroupName::new).collect()
}

const UNREADABLE: Error = Error::Form("what was kept of its chain cannot be read");
