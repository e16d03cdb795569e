//! One member of a chain: who it is, who vouches for it, and which groups it is in.

use std::collections::BTreeSet;

use request::Digest;

use crate::{
    Grant, GroupName, IssuerAlias, NodeId,
    claims::Claims,
    names::{OURS, short},
};

/// One member of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    node: NodeId,
    issuer: IssuerAlias,
    subject: String,
    client: Option<String>,
    actor: Option<String>,
    groups: Groups,
}

impl Hop {
    /// A caller with an issuer's own token.
    pub(crate) fn direct(claims: Claims, node: NodeId) -> Self {
        let Claims { issuer, subject, client, actor, groups, .. } = claims;
        Self { node, issuer, subject, client, actor, groups }
    }

    /// A node below a root: we vouch for it.
    pub(crate) fn ours(node: NodeId, groups: Groups) -> Self {
        let subject = node.as_str().to_owned();
        let issuer = IssuerAlias::new(OURS.to_owned());
        Self { node, issuer, subject, client: None, actor: None, groups }
    }

    /// A direct caller as our own store keeps it.
    pub(crate) fn kept(
        node: NodeId,
        issuer: IssuerAlias,
        subject: String,
        client: Option<String>,
        actor: Option<String>,
        groups: Groups,
    ) -> Self {
        Self { node, issuer, subject, client, actor, groups }
    }

    /// The root of a tree: the principal whom its issuer vouches for.
    pub(crate) fn root(grant: &Grant, node: NodeId, groups: Groups) -> Self {
        let (issuer, subject) = grant.root.clone();
        let (client, actor) = (grant.root_client.clone(), grant.root_actor.clone());
        Self { node, issuer, subject, client, actor, groups }
    }

    /// Its id: for a direct caller the same for the same issuer, subject, client, actor and instance.
    #[must_use]
    pub fn node(&self) -> &NodeId {
        &self.node
    }

    /// Who vouches for it.
    #[must_use]
    pub fn issuer(&self) -> &IssuerAlias {
        &self.issuer
    }

    /// Its name, as the issuer writes it: a subject means something only beside its issuer.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The software that asks for the subject, where the issuer says.
    #[must_use]
    pub fn client(&self) -> Option<&str> {
        self.client.as_deref()
    }

    /// Who acts for the subject, where the issuer says (RFC 8693, 4.1): the outermost actor only.
    #[must_use]
    pub fn actor(&self) -> Option<&str> {
        self.actor.as_deref()
    }

    /// The local groups it is in.
    #[must_use]
    pub fn groups(&self) -> &Groups {
        &self.groups
    }
}

/// The local groups of a hop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Groups {
    /// Exactly these.
    Known(BTreeSet<GroupName>),
    /// The issuer did not tell: there were too many for the token. Neither membership nor its
    /// absence may be concluded.
    Unknown,
}

/// The id of a caller with an issuer's own token.
pub(crate) fn node(claims: &Claims) -> NodeId {
    let mut parts = vec![claims.issuer.as_str().as_bytes(), claims.subject.as_bytes()];
    parts.extend(claims.client.as_deref().map(str::as_bytes));
    // Marked, so that neither can be taken for the client or for the other.
    for (mark, part) in [("actor", &claims.actor), ("instance", &claims.instance)] {
        parts.extend(part.iter().flat_map(|part| [mark.as_bytes(), part.as_bytes()]));
    }
    NodeId::new(short("d", &Digest::of_parts(&parts)))
}
