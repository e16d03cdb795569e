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
//! | who that is: principal, client, groups | `chain`, `claims` |
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
mod error;
mod gate;
mod keys;
mod roca;
mod text;
mod toml_reader;
mod verifier;

#[cfg(test)]
mod tests;

use request::Bearer;

pub use cache::{FetchError, KeySource, NoKeys};
pub use chain::{Chain, GroupName, Groups, Hop, IssuerAlias, NodeId, Verified};
pub use config::Issuers;
pub use error::Error;
pub use verifier::Verifier;

/// Believes a token, or says why not.
///
/// Nothing is fetched for a token that can be refused without: a stranger's token costs no network.
///
/// # Errors
/// [`Error::Unavailable`] when the issuer's keys cannot be had, which is nobody's fault who calls;
/// every other [`Error`] means that this token is not believed.
pub async fn verify(token: &Bearer, on: &Verifier) -> Result<Verified<Chain>, Error> {
    let parts = gate::split(token.expose())?;
    let header = gate::header(&parts)?;
    let said = gate::payload(&parts)?;
    let desk = on.desk(gate::issuer(&said)?)?;
    let algorithm = gate::admit(&header, desk.issuer())?;
    let key = desk.key(header.kid(), on.keys(), on.clock()).await?;
    let signed = keys::check(&parts, algorithm, &key, said)?;
    let claims = claims::read(&signed, desk.issuer(), on.clock().now())?;
    Ok(chain::direct(claims, &parts))
}
