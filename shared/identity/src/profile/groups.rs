//! Groups of ours, from whatever an issuer says of a subject.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Members, Source, setting::GROUPS_CLAIM};
use crate::{Error, GroupName, Groups, config::Issuer};

/// How many groups a token may list. Entra stops at 200.
const RAW_LIMIT: usize = 256;
/// How many local groups may come of them.
const LOCAL_LIMIT: usize = 64;

/// The local groups, by the issuer's table; what the table does not name is dropped.
pub(crate) fn groups(claims: &Members, issuer: &Issuer) -> Result<Groups, Error> {
    let raw = match &issuer.profile().groups {
        Source::List(claim) => {
            let claim = issuer.given().one(GROUPS_CLAIM.name()).unwrap_or(claim);
            if overflown(claims, claim)? {
                return Ok(Groups::Unknown);
            }
            listed(claims, claim)?
        }
        Source::Made(make) => make(claims)?,
        Source::Pairs(names) => pairs(claims, names)?,
    };
    local(&raw, issuer).map(Groups::Known)
}

fn local(raw: &[String], issuer: &Issuer) -> Result<BTreeSet<GroupName>, Error> {
    let local: BTreeSet<GroupName> =
        raw.iter().filter_map(|value| issuer.local_group(value)).cloned().collect();
    if local.len() > LOCAL_LIMIT {
        return Err(Error::Claim("groups", "at most 64 groups of ours"));
    }
    Ok(local)
}

fn listed(claims: &Members, claim: &str) -> Result<Vec<String>, Error> {
    let wants = Error::Claim("groups", "a list of at most 256 texts");
    match claims.get(claim) {
        None => Ok(Vec::new()),
        Some(Value::Array(list)) if list.len() <= RAW_LIMIT => {
            let texts = list.iter().map(|value| value.as_str().map(str::to_owned));
            texts.collect::<Option<_>>().ok_or(wants)
        }
        Some(_) => Err(wants),
    }
}

/// The name before the first `=` is one of the profile's own, so that a pair reads one way only.
fn pairs(claims: &Members, names: &[&'static str]) -> Result<Vec<String>, Error> {
    let mut found = Vec::new();
    for name in names {
        match claims.get(*name) {
            None => {}
            Some(Value::String(value)) => found.push(format!("{name}={value}")),
            Some(_) => return Err(Error::Claim(name, "a text")),
        }
    }
    Ok(found)
}

/// Whether the issuer points to the groups instead of listing them (OIDC Core, 5.6.2, as Entra uses
/// it). Where it points to is of no interest: nothing is fetched on a token's word.
fn overflown(claims: &Members, groups_claim: &str) -> Result<bool, Error> {
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
