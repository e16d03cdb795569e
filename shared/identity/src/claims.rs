//! The claims of a signed token: each of the one kind it must be, for us, now, and about somebody.

use std::collections::BTreeSet;

use request::Millis;
use serde_json::{Map, Value};

use crate::{Error, GroupName, Groups, IssuerAlias, config::Issuer, keys::Signed, text};

/// Whole numbers that every JSON reader agrees on (RFC 8259, 6) end before this.
const NUMBER_LIMIT: u64 = 1 << 53;
/// How many audiences a token may name.
const AUDIENCES_LIMIT: usize = 8;
/// How many groups a token may list. Entra stops at 200.
const RAW_GROUPS_LIMIT: usize = 256;
/// How many local groups may come of them.
const LOCAL_GROUPS_LIMIT: usize = 64;
/// What only tokens of another kind carry: ID tokens (OIDC Core, 2 and 3.3.2.11), and security
/// events, logout tokens among them (RFC 8417, 2.2).
const FOREIGN_CLAIMS: [&str; 5] = ["at_hash", "c_hash", "events", "nonce", "s_hash"];

const NAME: &str = "a text of 1 to 255 bytes without control or invisible characters";
const MOMENT: &str = "a whole number of seconds";

/// Who a believed token is about.
pub(crate) struct Claims {
    pub(crate) issuer: IssuerAlias,
    pub(crate) subject: String,
    pub(crate) client: Option<String>,
    pub(crate) groups: Groups,
    pub(crate) id: Option<String>,
    pub(crate) expires: Millis,
}

/// Steps 8 to 14, in this order.
pub(crate) fn read(signed: &Signed, issuer: &Issuer, now: Millis) -> Result<Claims, Error> {
    let claims = signed.claims();
    same_issuer(claims, issuer)?;
    for_us(claims, issuer)?;
    let expires = in_time(claims, issuer, now)?;
    access_token(claims)?;
    unbound(claims)?;
    Ok(Claims {
        issuer: issuer.alias().clone(),
        subject: name(claims, "sub", "sub")?.ok_or(Error::Claim("sub", NAME))?,
        client: name(claims, issuer.client_claim(), "client_id")?,
        id: name(claims, "jti", "jti")?,
        groups: groups(claims, issuer)?,
        expires,
    })
}

/// Step 9. The entry was chosen by this claim; this says so where it is relied on.
fn same_issuer(claims: &Map<String, Value>, issuer: &Issuer) -> Result<(), Error> {
    match claims.get("iss") {
        Some(Value::String(text)) if text == issuer.issuer() => Ok(()),
        _ => Err(Error::Issuer),
    }
}

/// Step 10: the audience is ours by exact bytes, and ours alone where the entry says so.
fn for_us(claims: &Map<String, Value>, issuer: &Issuer) -> Result<(), Error> {
    let named = match claims.get("aud") {
        Some(Value::String(text)) => vec![text.as_str()],
        Some(Value::Array(list)) if list.len() <= AUDIENCES_LIMIT => {
            texts(list).ok_or(Error::Claim("aud", "a text or a list of texts"))?
        }
        _ => return Err(Error::Claim("aud", "a text or a list of at most 8 texts")),
    };
    let ours = |text: &&str| issuer.audience().iter().any(|own| own == text);
    if !named.iter().any(ours) {
        return Err(Error::Audience(false));
    }
    if issuer.sole_audience() && !named.iter().all(ours) {
        return Err(Error::Audience(true));
    }
    Ok(())
}

/// Step 11: begun, not over, and not for longer than the entry allows.
fn in_time(claims: &Map<String, Value>, issuer: &Issuer, now: Millis) -> Result<Millis, Error> {
    let (now, leeway) = (now.seconds(), issuer.leeway_s());
    let expires = moment(claims, "exp")?.ok_or(Error::Claim("exp", MOMENT))?;
    let issued = moment(claims, "iat")?.ok_or(Error::Claim("iat", MOMENT))?;
    if expires.saturating_add(leeway) <= now {
        return Err(Error::Expired);
    }
    if issued > now.saturating_add(leeway) {
        return Err(Error::Early("iat"));
    }
    if moment(claims, "nbf")?.is_some_and(|begins| begins > now.saturating_add(leeway)) {
        return Err(Error::Early("nbf"));
    }
    match expires.checked_sub(issued) {
        None => Err(Error::Claim("exp", "after `iat`")),
        Some(life) if life > issuer.max_lifetime_s() => Err(Error::Lifetime),
        Some(_) => Ok(Millis(expires.saturating_mul(1000))),
    }
}

/// Step 12: an access token and nothing else, also where the header's type does not say.
fn access_token(claims: &Map<String, Value>) -> Result<(), Error> {
    if let Some(name) = FOREIGN_CLAIMS.iter().find(|name| claims.contains_key(**name)) {
        return Err(Error::Kind(name));
    }
    // Cognito marks its tokens by this claim.
    match claims.get("token_use") {
        None => Ok(()),
        Some(Value::String(kind)) if kind == "access" => Ok(()),
        Some(_) => Err(Error::Kind("token_use")),
    }
}

/// Step 13: a token bound to a key must come with proof of the key, and a bearer brings none.
fn unbound(claims: &Map<String, Value>) -> Result<(), Error> {
    if claims.contains_key("cnf") { Err(Error::Bound) } else { Ok(()) }
}

/// The local groups, by the issuer's table; what the table does not name is dropped.
fn groups(claims: &Map<String, Value>, issuer: &Issuer) -> Result<Groups, Error> {
    if overflown(claims, issuer.groups_claim())? {
        return Ok(Groups::Unknown);
    }
    let wants = Error::Claim("groups", "a list of at most 256 texts");
    let raw = match claims.get(issuer.groups_claim()) {
        None => Vec::new(),
        Some(Value::Array(list)) if list.len() <= RAW_GROUPS_LIMIT => texts(list).ok_or(wants)?,
        Some(_) => return Err(wants),
    };
    let local: BTreeSet<GroupName> =
        raw.into_iter().filter_map(|value| issuer.local_group(value)).cloned().collect();
    if local.len() > LOCAL_GROUPS_LIMIT {
        return Err(Error::Claim("groups", "at most 64 groups of ours"));
    }
    Ok(Groups::Known(local))
}

/// Whether the issuer points to the groups instead of listing them (OIDC Core, 5.6.2, as Entra uses
/// it). Where it points to is of no interest: nothing is fetched on a token's word.
fn overflown(claims: &Map<String, Value>, groups_claim: &str) -> Result<bool, Error> {
    let elsewhere = match claims.get("_claim_names") {
        None => false,
        Some(Value::Object(names)) => names.contains_key(groups_claim),
        Some(_) => return Err(Error::Claim("_claim_names", "an object")),
    };
    match claims.get("hasgroups") {
        None => Ok(elsewhere),
        Some(Value::Bool(more)) => Ok(elsewhere || *more),
        Some(_) => Err(Error::Claim("hasgroups", "true or false")),
    }
}

/// A claim that names somebody. `told` is its name in an error, which holds no configured text.
fn name(
    claims: &Map<String, Value>,
    claim: &str,
    told: &'static str,
) -> Result<Option<String>, Error> {
    match claims.get(claim) {
        None => Ok(None),
        Some(Value::String(text)) if text::names_somebody(text) => Ok(Some(text.clone())),
        Some(_) => Err(Error::Claim(told, NAME)),
    }
}

/// A moment in whole seconds. `1e9` and `1.0` are other ways to write a number, not this one.
fn moment(claims: &Map<String, Value>, claim: &'static str) -> Result<Option<u64>, Error> {
    match claims.get(claim) {
        None => Ok(None),
        Some(value) => match value.as_u64() {
            Some(seconds) if seconds < NUMBER_LIMIT => Ok(Some(seconds)),
            _ => Err(Error::Claim(claim, MOMENT)),
        },
    }
}

fn texts(list: &[Value]) -> Option<Vec<&str>> {
    list.iter().map(Value::as_str).collect()
}
