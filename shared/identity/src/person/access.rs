//! A person by an access token: who calls the API from a terminal or a program of their own.

use request::Presented;
use serde_json::Value;

use super::{Person, by_themselves, called, desk, known, logged_in};
use crate::{Error, Verified, Verifier, claims, gate, keys, possession, standing::Once};

/// Believes that a person calls, or says why not: by an access token that their issuer gave out for
/// deciding, and by a proof of its key where it is bound to one.
///
/// The token has to be for an audience of `people_audience` in the issuer's entry, which no agent's
/// token is for: what an agent holds to ask for something on behalf of its user is never the user's
/// word that somebody else may have it.
///
/// # Errors
/// As for [`crate::verify`], and [`Error::Person`] for whoever is believed and is nobody of flesh and
/// blood.
pub async fn person(shown: &Presented, on: &Verifier) -> Result<Verified<Person>, Error> {
    let parts = gate::split(shown.token.expose())?;
    let header = gate::header(&parts)?;
    let said = gate::payload(&parts)?;
    let desk = desk(&said, on)?;
    if desk.issuer().people_audience().is_empty() {
        return Err(Error::Person("people of its issuer sign in to the page only"));
    }
    let algorithm = gate::admit(&header, desk.issuer())?;
    let key = desk.key(header.kid(), on.keys(), on.clock()).await?;
    let signed = keys::check(&parts, algorithm, &key, said)?;
    let claims = claims::of_people(&signed, desk.issuer(), on.clock().now())?;
    let proven = possession::shown(claims.confirmation.as_deref(), shown, on).await?;
    by_themselves(signed.claims())?;
    // An app that got a token for itself is its own subject (RFC 9068, 5), whatever else it is called.
    let sub = signed.claims().get("sub").and_then(Value::as_str);
    let app = claims.client.as_deref().is_some_and(|id| id == claims.subject || Some(id) == sub);
    if claims.actor.is_some() || app {
        return Err(Error::Person("it is about an app"));
    }
    Ok(Verified::proven(Person {
        name: called(signed.claims()),
        groups: known(claims.groups)?,
        login: logged_in(claims.auth_time, claims.acr)?,
        issuer: claims.issuer,
        subject: claims.subject,
        proof: proven.as_ref().map(Once::from),
    }))
}
