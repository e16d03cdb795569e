//! A token for a token (RFC 8693): an issuer's own begins a tree, and one of ours is renewed.

use identity::Proven;
use request::{Bearer, Over, Proof};
use serde_json::Value;

use crate::{
    Call, Error, Issued, Ports,
    actor::{Beside, workload},
    begin,
    call::Refusal,
    renew,
};

/// What is asked for at the token endpoint with a token in hand. It has no `Debug`.
pub struct Exchange {
    /// The token that is to be exchanged.
    pub subject: Bearer,
    /// A token of whoever acts, where that is somebody else.
    pub actor: Option<Bearer>,
    /// Where the new token is to be good.
    pub resource: String,
    /// The rights that are asked for; none at all where nothing is, or unchanged for a renewal.
    pub rights: Option<Value>,
    /// The proof of the key that the new token is to be bound to.
    pub proof: Option<Proof>,
    /// The request that the proof must be for.
    pub over: Over,
    /// The same for the record.
    pub call: Call,
}

/// Exchanges it. The subject's token stays as good as it was: what it can be exchanged for is
/// bounded by policy, and each exchange is a tree of its own.
///
/// # Errors
/// As [`Error::code`] has it; then nothing was issued.
pub async fn exchange(ask: Exchange, on: &Ports) -> Result<Issued, Error> {
    if ask.resource != on.own()?.resource() {
        return Err(Error::Resource);
    }
    let proof = ask.proof.as_ref().ok_or(Error::Proofless)?;
    let proven = identity::prove(proof, &ask.over, &on.verifier).await?;
    let who = identity::subject(&ask.subject, &proven, &on.verifier).await?;
    let done = match who.get().grant() {
        None => begin::begin(&who, &ask, &proven, on).await,
        Some(grant) => renew::renew(&who, grant, &ask, &proven, on).await,
    };
    match done {
        Ok(issued) => Ok(issued),
        Err(why) => {
            let (rights, call) = (ask.rights.as_ref(), &ask.call);
            Err(Refusal { who: &who, why, rights, call }.told(on).await)
        }
    }
}

impl Exchange {
    /// Who acts, if somebody else does.
    pub(crate) async fn workload(
        &self,
        proven: &Proven,
        on: &Ports,
    ) -> Result<Option<String>, Error> {
        let beside =
            Beside { subject: Some(&self.subject), proven: Some(proven), over: &self.over };
        workload(self.actor.as_ref(), &beside, on).await
    }
}
