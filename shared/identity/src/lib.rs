//! Stage 1: know who is asking, from a signed token and nothing else.
//!
//! [`verify`] takes the token of a request through an admission gate, in the order that costs an
//! attacker most and us least: what can be refused without keys is refused before keys are looked
//! for. Every step is a short function in a file of its own, and hands the next one a type that
//! only it can make.
//!
//! | step | file |
//! |---|---|
//! | one compact JWS of bounded size, in its own alphabet; the header | `gate` |
//! | the issuer, by exact bytes; its algorithms and types | `config`, `gate` |
//! | the key, from that issuer's own set | `cache`, `keys`, `roca` |
//! | the signature | `keys` |
//! | the claims: kinds, audience, time, kind of token, binding | `claims` |
//! | for tokens of ours: the claims as we write them | `own`, `issued`, `grant` |
//! | the key that the token is bound to, proven for this request | `possession`, `dpop` |
//! | who that is: principal, client, groups, every hop | `chain`, `hop` |
//! | what the store has to say before it may act | `standing` |
//! | a person instead of an agent: by an access token, by signing in, by a session | `person` |
//!
//! The rules are those of RFC 7515, 7517, 7519, 8037, 8725, 9068 and 9449, taken at their
//! strictest. `jsonwebtoken` lends its signature primitive only: as a verifier of tokens it lets
//! pass what is refused here (a doubled claim, `crit`, an `iss` that is a list).

mod algorithm;
mod base64url;
mod cache;
mod chain;
mod claims;
mod config;
mod dpop;
mod error;
mod event;
mod gate;
mod grant;
mod hop;
mod issued;
mod kept;
mod keys;
mod names;
mod nonces;
mod own;
mod person;
mod possession;
mod profile;
mod roca;
mod shipping;
mod standing;
mod text;
mod toml_reader;
mod verifier;

#[cfg(test)]
mod tests;

use request::{Bearer, Over, Presented, Proof};

pub use cache::{FetchError, KeySource, NoKeys};
pub use chain::{Chain, Login, Shown, Verified};
pub use config::Issuers;
pub use dpop::{BadKey, Error as ProofError, Nonces, OwnerKey, Proven};
pub use error::Error;
pub use event::{Kind as EventKind, SecurityEvent, event};
pub use grant::{Class, Grant};
pub use hop::{Groups, Hop};
pub use kept::resume;
pub use names::{GroupName, IssuerAlias, NodeId, principal};
pub use nonces::{KeyPair, NoNonces, NonceKeys};
pub use own::{Bounds, Own};
pub use person::{Person, person, recalled, signed_in};
pub use shipping::{BadKeys, KeysOf};
pub use standing::{Fallen, Revocations, Standing};
pub use verifier::Verifier;

use possession::Held;

/// Believes a caller, or says why not: the token, and that its key is in the caller's hands.
///
/// Nothing is fetched for a token that can be refused without: a stranger's token costs no network.
///
/// # Errors
/// [`Error::Unavailable`] and [`Error::Nonces`] when something that is needed cannot be had, which is
/// nobody's fault who calls; every other [`Error`] means that this caller is not believed.
pub async fn verify(shown: &Presented, on: &Verifier) -> Result<Verified<Chain>, Error> {
    let held = believed(&shown.token, on).await?;
    let proven = possession::shown(held.confirmation(), shown, on).await?;
    held.chain(proven.as_ref(), on)
}

/// Believes the token that somebody wants to exchange for another (RFC 8693, 2.1), sent with a proof
/// of the key that the other is to be bound to. Where the token is bound itself, it is to that key.
///
/// # Errors
/// As for [`verify`].
pub async fn subject(
    token: &Bearer,
    proven: &Proven,
    on: &Verifier,
) -> Result<Verified<Chain>, Error> {
    let held = believed(token, on).await?;
    if held.confirmation().is_some_and(|jkt| jkt != proven.jkt()) {
        return Err(Error::Bound);
    }
    held.chain(Some(proven), on)
}

/// Believes that whoever sends this request has the key that the proof is by.
///
/// # Errors
/// As for [`verify`].
pub async fn prove(proof: &Proof, over: &Over, on: &Verifier) -> Result<Proven, Error> {
    possession::proven(proof, over, None, on).await
}

/// What a token says, by its issuer's word.
async fn believed<'t>(token: &'t Bearer, on: &Verifier) -> Result<Held<'t>, Error> {
    let parts = gate::split(token.expose())?;
    let header = gate::header(&parts)?;
    let said = gate::payload(&parts)?;
    let issuer = gate::issuer(&said)?;
    if let Some(own) = on.own().filter(|own| own.issuer() == issuer) {
        // Pinned keys: for a token of ours nothing is ever fetched.
        let algorithm = gate::admit_own(&header)?;
        let key = own.key(header.kid()).ok_or(Error::Signature)?;
        let signed = keys::check(&parts, algorithm, &key, said)?;
        return Ok(Held::Ours(Box::new(issued::read(&signed, own, on.clock().now())?)));
    }
    let desk = on.desk(issuer)?;
    let algorithm = gate::admit(&header, desk.issuer())?;
    let key = desk.key(header.kid(), on.keys(), on.clock()).await?;
    let signed = keys::check(&parts, algorithm, &key, said)?;
    let claims = claims::read(&signed, desk.issuer(), on.clock().now())?;
    Ok(Held::Foreign(Box::new(claims), parts))
}
