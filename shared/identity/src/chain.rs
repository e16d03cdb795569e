//! Who acts, and on whose behalf: the evidence that later stages swallow.

use std::{collections::BTreeSet, fmt};

use request::{Digest, Millis};

use crate::{claims::Claims, gate::Parts};

/// Something that this crate has proven. Nobody else can make one.
///
/// ```compile_fail
/// fn forge(chain: identity::Chain) -> identity::Verified<identity::Chain> {
///     identity::Verified(chain)
/// }
/// ```
#[derive(Debug)]
pub struct Verified<T>(T);

impl<T> Verified<T> {
    /// What was proven.
    #[must_use]
    pub fn get(&self) -> &T {
        &self.0
    }
}

/// The way from the principal at the root to the agent that acts. Never empty.
///
/// ```compile_fail
/// fn forge(hop: identity::Hop) -> identity::Chain {
///     identity::Chain { hops: vec![hop] }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    // INVARIANT: the last of `hops` is `actor`; kept apart, so that there always is one.
    hops: Vec<Hop>,
    actor: Hop,
    session: Digest,
    expires: Millis,
}

impl Chain {
    /// Every hop, the root first and the acting agent last.
    #[must_use]
    pub fn hops(&self) -> &[Hop] {
        &self.hops
    }

    /// Where it all started.
    #[must_use]
    pub fn root(&self) -> &Hop {
        self.hops.first().unwrap_or(&self.actor)
    }

    /// Who acts now.
    #[must_use]
    pub fn actor(&self) -> &Hop {
        &self.actor
    }

    /// The name of this instance of the chain: one root token and one way down from it. The records
    /// that are chained to each other by their hashes belong to one session.
    #[must_use]
    pub fn session(&self) -> Digest {
        self.session
    }

    /// When the token ceases to be one, by its own word (no leeway added).
    #[must_use]
    pub fn token_expires(&self) -> Millis {
        self.expires
    }
}

/// One member of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    node: NodeId,
    issuer: IssuerAlias,
    subject: String,
    client: Option<String>,
    groups: Groups,
}

impl Hop {
    /// Its id: the same for the same issuer, subject and client.
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

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            pub(crate) fn new(text: String) -> Self {
                Self(text)
            }

            /// The name.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

names! {
    /// The id of one member of a chain: `d_` and 32 hexadecimal digits for a direct caller.
    NodeId;
    /// The short name under which the configuration knows an issuer: `a-z`, `0-9`, `-` and `_`.
    IssuerAlias;
    /// The name of a local group: `a-z`, `0-9`, `-` and `_`. Only the configuration makes them.
    GroupName;
}

/// The chain of a caller who brings an issuer's own token: one hop, root and actor in one.
pub(crate) fn direct(claims: Claims, parts: &Parts<'_>) -> Verified<Chain> {
    let node = node(&claims);
    let session = session(&claims, &node, parts);
    let Claims { issuer, subject, client, groups, expires, .. } = claims;
    let actor = Hop { node, issuer, subject, client, groups };
    Verified(Chain { hops: vec![actor.clone()], actor, session, expires })
}

fn node(claims: &Claims) -> NodeId {
    let mut parts = vec![claims.issuer.as_str().as_bytes(), claims.subject.as_bytes()];
    parts.extend(claims.client.as_deref().map(str::as_bytes));
    let digest = Digest::of_parts(&parts).to_string();
    NodeId::new(format!("d_{}", digest.chars().take(32).collect::<String>()))
}

/// Of the token's own name where it has one, and else of what was signed: a signature can be spelt
/// anew without its key, and that makes no other session. The first part keeps the two apart.
fn session(claims: &Claims, node: &NodeId, parts: &Parts<'_>) -> Digest {
    let (kind, root) = match &claims.id {
        Some(id) => ("jti", id.as_bytes()),
        None => ("token", parts.signed().as_bytes()),
    };
    let alias = claims.issuer.as_str().as_bytes();
    Digest::of_parts(&[kind.as_bytes(), alias, root, node.as_str().as_bytes()])
}
