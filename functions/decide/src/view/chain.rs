//! The chain that asks, hop by hop.

use approvals::Document;
use identity::Groups;

use crate::text::Foreign;

/// One hop.
pub(crate) struct Hop {
    pub(crate) node: String,
    pub(crate) issuer: String,
    pub(crate) subject: Foreign,
    pub(crate) client: Option<Foreign>,
    pub(crate) actor: Option<Foreign>,
    pub(crate) label: Option<Foreign>,
    /// Nothing where they are not known.
    pub(crate) groups: Option<Vec<String>>,
}

/// The root first.
pub(super) fn hops(document: &Document) -> Vec<Hop> {
    // What groups they are in, policy judged by; it is part of the chain that was kept.
    let chain = identity::resume(&document.chain, document.asked_at).ok();
    let groups = |nth: usize| {
        let hop = chain.as_ref()?.get().hops().get(nth)?;
        match hop.groups() {
            Groups::Known(names) => {
                Some(names.iter().map(|name| name.as_str().to_owned()).collect())
            }
            Groups::Unknown => None,
        }
    };
    let hop = |(nth, member): (usize, &approvals::Member)| Hop {
        node: member.node.clone(),
        issuer: member.who.issuer.clone(),
        subject: Foreign::new(member.who.subject.as_str()),
        client: member.who.client.as_deref().map(Foreign::new),
        actor: member.who.actor.as_deref().map(Foreign::new),
        label: member.label.as_deref().map(Foreign::new),
        groups: groups(nth),
    };
    document.matter.hops.iter().enumerate().map(hop).collect()
}
