//! The workload that acts, where it shows a token of its own beside what it exchanges (RFC 8693, 2.1).

use identity::{Proven, Revocations};
use request::{Bearer, Over, Presented, Scheme};

use crate::{Error, Ports};

/// Whom an actor's token is to be held against.
pub(crate) struct Beside<'a> {
    /// The token that is exchanged, where it is one.
    pub(crate) subject: Option<&'a Bearer>,
    /// The proof that came along.
    pub(crate) proven: Option<&'a Proven>,
    /// The request it came with.
    pub(crate) over: &'a Over,
}

/// Believes the actor; gives issuer and subject in one text, as `sub` has them.
pub(crate) async fn workload(
    actor: Option<&Bearer>,
    beside: &Beside<'_>,
    on: &Ports,
) -> Result<Option<String>, Error> {
    let Some(actor) = actor else { return Ok(None) };
    if beside.subject.is_some_and(|subject| subject.expose() == actor.expose()) {
        return Err(Error::Grant("nobody is the actor for itself"));
    }
    let who = match beside.proven {
        Some(proven) => identity::subject(actor, proven, &on.verifier).await?,
        None => {
            let (token, over) = (Bearer::new(actor.expose().to_owned()), beside.over.clone());
            let shown = Presented { scheme: Scheme::Bearer, token, proof: None, over };
            identity::verify(&shown, &on.verifier).await?
        }
    };
    let chain = who.get();
    if chain.grant().is_some() {
        return Err(Error::Grant("the actor's token must be its own issuer's, not one of ours"));
    }
    let keys: Vec<_> = Revocations::key().into_iter().collect();
    let found = on.ledger.store().read(chain.partition(), &keys).await?;
    let revoked = found.first().and_then(Option::as_ref);
    chain.standing().still(revoked).map_err(identity::Error::from)?;
    let subject = chain.actor().subject().replace('%', "%25").replace('|', "%7C");
    let name = format!("{}|{subject}", chain.actor().issuer());
    match name.len() <= NAME_LIMIT {
        true => Ok(Some(name)),
        false => Err(Error::Grant("the actor's name is too long to be put into a token")),
    }
}

/// Bytes that a name in a token may have.
const NAME_LIMIT: usize = 255;
