//! Who acts, and on whose behalf: the evidence that later stages swallow.

use request::{Digest, Millis};
use rights::Rights;
use state::Partition;

use crate::{
    Class, Error, Grant, Hop, NodeId, OwnerKey, Proven, Standing, Verifier, claims::Claims,
    gate::Parts, hop, names::principal, standing::Once,
};

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
    pub(crate) fn proven(what: T) -> Self {
        Self(what)
    }

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
    pub(crate) hops: Vec<Hop>,
    pub(crate) actor: Hop,
    pub(crate) session: Digest,
    pub(crate) expires: Millis,
    pub(crate) issued_s: u64,
    pub(crate) believed: Millis,
    pub(crate) partition: Partition,
    pub(crate) shown: Shown,
    pub(crate) owner: Option<OwnerKey>,
    pub(crate) login: Login,
    pub(crate) grant: Option<Grant>,
    pub(crate) standing: Standing,
}

/// How the acting agent showed to be the one that its token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// By having the token.
    Bearer,
    /// By a proof of the key that the token is bound to (RFC 9449).
    Dpop,
}

impl Shown {
    /// As policies and records name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bearer => "bearer",
            Self::Dpop => "dpop",
        }
    }
}

/// When and how the root principal logged in, where its issuer says (OpenID Connect Core, 2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Login {
    /// Unix seconds.
    pub auth_time: Option<u64>,
    /// The authentication context class.
    pub acr: Option<String>,
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

    /// When the token was issued, in Unix seconds.
    #[must_use]
    pub fn issued_s(&self) -> u64 {
        self.issued_s
    }

    /// When it was believed: the time by which its rights are judged.
    #[must_use]
    pub fn believed(&self) -> Millis {
        self.believed
    }

    /// Where everything of this chain is kept: a tree of nodes has a partition of its own, and so
    /// has a principal who comes directly.
    #[must_use]
    pub fn partition(&self) -> &Partition {
        &self.partition
    }

    /// How the acting agent showed who it is.
    #[must_use]
    pub fn shown(&self) -> Shown {
        self.shown
    }

    /// The key of which the acting agent showed a proof, where something can be encrypted for it.
    #[must_use]
    pub fn owner(&self) -> Option<&OwnerKey> {
        self.owner.as_ref()
    }

    /// How the root principal logged in.
    #[must_use]
    pub fn login(&self) -> &Login {
        &self.login
    }

    /// What our token grants; `None` for a caller with an issuer's own token, whom policy alone bounds.
    #[must_use]
    pub fn grant(&self) -> Option<&Grant> {
        self.grant.as_ref()
    }

    /// What may be asked for at most; `None` as for [`Self::grant`].
    #[must_use]
    pub fn rights(&self) -> Option<&Rights> {
        Some(&self.grant.as_ref()?.rights)
    }

    /// What has to be true in the store for it to act.
    #[must_use]
    pub fn standing(&self) -> &Standing {
        &self.standing
    }
}

/// The chain of a caller who brings an issuer's own token: one hop, root and actor in one.
pub(crate) fn direct(
    claims: Claims,
    parts: &Parts<'_>,
    proven: Option<&Proven>,
    on: &Verifier,
) -> Result<Verified<Chain>, Error> {
    let node = hop::node(&claims);
    let session = session(&claims, &node, parts);
    let partition = principal(&claims.issuer, &claims.subject).ok_or(UNKEPT)?;
    let issued_s = claims.issued.seconds();
    let once = proven.map(Once::from);
    let standing = Standing::new(vec![node.clone()], issued_s, once, patience(on));
    let shown = shown(claims.confirmation.as_deref());
    let owner = owner(proven);
    let login = Login { auth_time: claims.auth_time, acr: claims.acr.clone() };
    let expires = claims.expires;
    let actor = Hop::direct(claims, node);
    let hops = vec![actor.clone()];
    let grant = None;
    let believed = on.clock().now();
    Ok(Verified(Chain {
        hops,
        actor,
        session,
        expires,
        issued_s,
        believed,
        partition,
        shown,
        owner,
        login,
        grant,
        standing,
    }))
}

/// The chain of one of our own tokens: the principal at its root, and every node on the way.
pub(crate) fn issued(
    grant: Grant,
    proven: Option<&Proven>,
    on: &Verifier,
) -> Result<Verified<Chain>, Error> {
    let partition = grant.partition().ok_or(UNKEPT)?;
    let hops = grant.hops();
    let actor = hops.last().cloned().ok_or(UNKEPT)?;
    // A leaf has no key: its token is its proof, and as good for one time only.
    let once = match grant.class {
        Class::Bound => proven.map(Once::from),
        Class::Leaf => Some(Once {
            id: Digest::of_parts(&[b"token", grant.id.as_bytes()]),
            until_s: grant.expires_s + 60,
        }),
    };
    let standing = Standing::new(grant.path.clone(), grant.issued_s, once, patience(on));
    Ok(Verified(Chain {
        session: grant.session(),
        expires: Millis(grant.expires_s.saturating_mul(1000)),
        issued_s: grant.issued_s,
        believed: on.clock().now(),
        partition,
        shown: shown(grant.confirmation.as_deref()),
        owner: owner(proven),
        login: Login { auth_time: grant.auth_time, acr: grant.acr.clone() },
        standing,
        hops,
        actor,
        grant: Some(grant),
    }))
}

fn shown(confirmation: Option<&str>) -> Shown {
    if confirmation.is_some() { Shown::Dpop } else { Shown::Bearer }
}

fn owner(proven: Option<&Proven>) -> Option<OwnerKey> {
    proven.and_then(Proven::key).cloned()
}

fn patience(on: &Verifier) -> u64 {
    on.own().map_or(100, |own| own.bounds().replays)
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

/// Never, unless digests stop being hexadecimal.
const UNKEPT: Error = Error::Form("it names nobody whose state could be kept");
