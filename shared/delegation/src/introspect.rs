//! Whether a token of the caller's own tree is good at this moment, and what it says (RFC 7662).

use audit::uses;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use identity::{Chain, Revocations};
use request::{Bearer, Over, Presented, Scheme};
use serde_json::{Map, Value, json};

use crate::{Error, Ports};

/// What is asked. It has no `Debug`.
pub struct Introspect {
    /// What the caller shows of itself.
    pub presented: Presented,
    /// The token that it wants to know about.
    pub token: Bearer,
}

/// Says it, as RFC 7662, 2.2 has it. Of a token that is not good, or is not of the caller's node or
/// one below it, only that it is not active: whoever asks does not learn which.
///
/// # Errors
/// The caller is not believed, or the store cannot be asked.
pub async fn introspect(ask: Introspect, on: &Ports) -> Result<Value, Error> {
    let who = identity::verify(&ask.presented, &on.verifier).await?;
    let chain = who.get();
    let known = claims(&ask.token, &ask.presented.over, on).await?;
    let known = known.filter(|claims| is_below(claims, chain));
    let alive = match &known {
        Some(claims) => alive(claims, chain, on).await?,
        None => false,
    };
    // No record is made, but the caller's proof is used up as anywhere.
    uses(&who, &on.ledger).await?;
    Ok(match known.filter(|_| alive) {
        Some(claims) => said(claims),
        None => json!({"active": false}),
    })
}

/// What a token of ours says, if it is one and its time has not run out. Who holds it does not matter
/// here: that a token is bound is told of a token that is good otherwise.
async fn claims(
    token: &Bearer,
    over: &Over,
    on: &Ports,
) -> Result<Option<Map<String, Value>>, Error> {
    let Some(claims) = read(token).filter(|claims| is_ours(claims, on)) else { return Ok(None) };
    let (token, over) = (Bearer::new(token.expose().to_owned()), over.clone());
    let shown = Presented { scheme: Scheme::Bearer, token, proof: None, over };
    match identity::verify(&shown, &on.verifier).await {
        // INVARIANT: the binding is looked at last, when signature, time and claims have been.
        Ok(_) | Err(identity::Error::Bound) => Ok(Some(claims)),
        Err(_) => Ok(None),
    }
}

/// The claims as they stand there, before anybody has believed them.
fn read(token: &Bearer) -> Option<Map<String, Value>> {
    let part = token.expose().split('.').nth(1)?;
    match request::json::strict(&URL_SAFE_NO_PAD.decode(part).ok()?, DEPTH).ok()? {
        Value::Object(claims) => Some(claims),
        _ => None,
    }
}

/// Of another issuer's token nothing is said, and its keys are not asked for.
fn is_ours(claims: &Map<String, Value>, on: &Ports) -> bool {
    let issuer = on.verifier.own().map(identity::Own::issuer);
    issuer.is_some() && claims.get("iss").and_then(Value::as_str) == issuer
}

fn path(claims: &Map<String, Value>) -> Vec<&str> {
    let path = claims.get("agt").and_then(|agent| agent.get("path")).and_then(Value::as_array);
    path.into_iter().flatten().filter_map(Value::as_str).collect()
}

fn is_below(claims: &Map<String, Value>, chain: &Chain) -> bool {
    chain.grant().is_some() && path(claims).contains(&chain.actor().node().as_str())
}

/// Whether nothing on its way has been revoked. It lies in the caller's tree.
async fn alive(claims: &Map<String, Value>, chain: &Chain, on: &Ports) -> Result<bool, Error> {
    let keys: Vec<_> = Revocations::key().into_iter().collect();
    let found = on.ledger.store().read(chain.partition(), &keys).await?;
    let item = found.first().and_then(Option::as_ref);
    let list = Revocations::read(item).map_err(identity::Error::from)?;
    let ended = path(claims).iter().any(|node| list.nodes.contains(*node));
    let begun_s = claims.get("iat").and_then(Value::as_u64);
    Ok(!ended && (list.since.is_none() || begun_s > list.since))
}

fn said(claims: Map<String, Value>) -> Value {
    let bound = claims.contains_key("cnf");
    let told = claims.into_iter().filter(|(name, _)| TOLD.contains(&name.as_str()));
    let kind = if bound { "DPoP" } else { "Bearer" };
    let more = [("active", Value::Bool(true)), ("token_type", kind.into())];
    told.chain(more.map(|(name, value)| (name.to_owned(), value))).collect()
}

/// The members of RFC 7662, 2.2, of RFC 8693, 4.1, of RFC 9396, 9.2 and of RFC 9449, 6.2.
const TOLD: [&str; 11] = [
    "act",
    "aud",
    "authorization_details",
    "client_id",
    "cnf",
    "exp",
    "iat",
    "iss",
    "jti",
    "nbf",
    "sub",
];

/// As deep as the gate lets a payload be.
const DEPTH: usize = 24;
