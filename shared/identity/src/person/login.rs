//! A person by an ID token: who has just signed in to a page of ours (OpenID Connect Core, 3.1.3.7).

use request::Bearer;
use serde_json::Value;

use super::{Person, by_themselves, called, desk, known, logged_in};
use crate::{
    Error, Login, Verified, Verifier, claims,
    config::Issuer,
    gate, keys,
    profile::{self, Members},
};

/// Believes that a person has just signed in, by the ID token that their issuer's token endpoint gave
/// us for it. `nonce` is the one that this sign-in was begun with, `client` what we are called there.
///
/// # Errors
/// As for [`crate::verify`], and [`Error::Person`] for whoever is believed and is nobody of flesh and
/// blood.
pub async fn signed_in(
    token: &Bearer,
    nonce: &str,
    client: &str,
    on: &Verifier,
) -> Result<Verified<Person>, Error> {
    let parts = gate::split(token.expose())?;
    let header = gate::header(&parts)?;
    let said = gate::payload(&parts)?;
    let desk = desk(&said, on)?;
    let issuer = desk.issuer();
    let algorithm = gate::admit_login(&header, issuer)?;
    let key = desk.key(header.kid(), on.keys(), on.clock()).await?;
    let signed = keys::check(&parts, algorithm, &key, said)?;
    let now_s = on.clock().now().seconds();
    let claims = signed.claims();
    for_this(claims, nonce, client)?;
    recent(claims, issuer, now_s)?;
    by_themselves(claims)?;
    issuer.profile().check_login(claims, issuer.given())?;
    Ok(Verified::proven(Person {
        issuer: issuer.alias().clone(),
        subject: issuer.profile().principal(claims, issuer.given())?,
        name: called(claims),
        groups: known(profile::groups(claims, issuer)?)?,
        login: login(claims, issuer, now_s)?,
        proof: None,
    }))
}

/// Steps 3 to 5 and 11: for us, and for this one sign-in.
fn for_this(claims: &Members, nonce: &str, client: &str) -> Result<(), Error> {
    let (named, others) = match claims.get("aud") {
        Some(Value::String(text)) => (text == client, false),
        Some(Value::Array(list)) => (list.iter().any(|text| text == client), list.len() > 1),
        _ => return Err(Error::Claim("aud", "a text or a list of texts")),
    };
    // Among several audiences, and wherever it is named, the one whom it was issued to is us.
    let party = claims.get("azp");
    let ours = party.map_or(!others, |party| party == client);
    if !named || !ours {
        return Err(Error::Audience(named));
    }
    match claims.get("nonce") {
        Some(Value::String(text)) if text == nonce && !nonce.is_empty() => Ok(()),
        _ => Err(Error::Claim("nonce", "the one that the sign-in was begun with")),
    }
}

/// Steps 9 and 10: not over, and issued a moment ago, since it came straight from where it was issued.
fn recent(claims: &Members, issuer: &Issuer, now_s: u64) -> Result<(), Error> {
    let leeway = issuer.leeway_s();
    let moment = |claim| claims::moment(claims, claim)?.ok_or(Error::Claim(claim, MOMENT));
    let (issued, expires) = (moment("iat")?, moment("exp")?);
    if expires.saturating_add(leeway) <= now_s {
        return Err(Error::Expired);
    }
    for (claim, begins) in [("iat", Some(issued)), ("nbf", claims::moment(claims, "nbf")?)] {
        if begins.is_some_and(|begins| begins > now_s.saturating_add(leeway)) {
            return Err(Error::Early(claim));
        }
    }
    match issued.saturating_add(FRESH_S + leeway) < now_s {
        true => Err(Error::Expired),
        false => Ok(()),
    }
}

/// A login in the future would stay fresh for longer than it is.
fn login(claims: &Members, issuer: &Issuer, now_s: u64) -> Result<Login, Error> {
    let auth_time = claims::moment(claims, "auth_time")?;
    if auth_time.is_some_and(|at| at > now_s.saturating_add(issuer.leeway_s())) {
        return Err(Error::Early("auth_time"));
    }
    logged_in(auth_time, claims::text(claims, "acr")?)
}

/// Seconds since an ID token was issued, at most: 10 minutes. Entra sets `iat` back by five.
const FRESH_S: u64 = 600;
const MOMENT: &str = "a whole number of seconds";
