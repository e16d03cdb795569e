//! That the key which a token is bound to is in the hands of whoever sends the request.

use request::{Bearer, Over, Presented, Proof, Scheme};

use crate::{
    Chain, Error, Grant, Proven, Verified, Verifier, chain, claims::Claims, dpop, gate::Parts,
};

/// A token that is believed, before anybody has shown to be its holder.
pub(crate) enum Held<'t> {
    /// An issuer's own.
    Foreign(Box<Claims>, Parts<'t>),
    /// One of ours.
    Ours(Box<Grant>),
}

impl Held<'_> {
    /// The thumbprint of the key it is bound to.
    pub(crate) fn confirmation(&self) -> Option<&str> {
        match self {
            Self::Foreign(claims, _) => claims.confirmation.as_deref(),
            Self::Ours(grant) => grant.confirmation.as_deref(),
        }
    }

    /// The chain that it stands for, now that its holder has been looked at.
    pub(crate) fn chain(
        self,
        proven: Option<&Proven>,
        on: &Verifier,
    ) -> Result<Verified<Chain>, Error> {
        match self {
            Self::Foreign(claims, parts) => chain::direct(*claims, &parts, proven, on),
            Self::Ours(grant) => chain::issued(*grant, proven, on),
        }
    }
}

/// Holds what was shown against what the token is bound to. A bound token without its proof is a
/// stolen one until somebody shows otherwise.
pub(crate) async fn shown(
    bound: Option<&str>,
    shown: &Presented,
    on: &Verifier,
) -> Result<Option<Proven>, Error> {
    match (bound, shown.scheme, &shown.proof) {
        (Some(_), Scheme::Bearer, _) | (Some(_), Scheme::Dpop, None) => Err(Error::Bound),
        (None, Scheme::Dpop, _) => Err(Error::Unbound),
        (None, Scheme::Bearer, None) => Ok(None),
        // Nobody asked for it, but a proof that comes along is a good one or the request is not.
        (None, Scheme::Bearer, Some(proof)) => {
            Ok(Some(proven(proof, &shown.over, Some(&shown.token), on).await?))
        }
        (Some(jkt), Scheme::Dpop, Some(proof)) => {
            let proven = proven(proof, &shown.over, Some(&shown.token), on).await?;
            if proven.jkt() == jkt { Ok(Some(proven)) } else { Err(Error::Bound) }
        }
    }
}

/// A good proof for this request, and for this token where there is one.
pub(crate) async fn proven(
    proof: &Proof,
    over: &Over,
    token: Option<&Bearer>,
    on: &Verifier,
) -> Result<Proven, Error> {
    let urls = on.own().map(crate::Own::urls).unwrap_or_default();
    let nonces = on.nonces().await?;
    let rules = dpop::Rules { urls, nonces: nonces.as_deref(), now: on.clock().now() };
    Ok(dpop::check(proof, over, token, &rules)?)
}
