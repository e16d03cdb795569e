//! The claims of a token that we issued ourselves. Whatever is odd about one is a fault of ours or a
//! stolen key, because nobody else signs them: it is refused, and told loudly.

use std::collections::{BTreeMap, BTreeSet};

use request::Millis;
use rights::Rights;
use serde_json::{Map, Value};

use crate::{
    Error, GroupName, IssuerAlias, NodeId, Own,
    grant::{Class, Grant},
    keys::Signed,
    text,
};

/// Clocks of our own functions may be this far apart, in seconds.
const LEEWAY_S: u64 = 5;
/// The deepest chain that can be, whatever `tokens.toml` says.
const DEPTH_LIMIT: usize = 8;
/// Seconds that a token without a key lives at most.
const LEAF_LIFETIME_S: u64 = 60;
/// Seconds that any token of ours lives at most.
const LIFETIME_LIMIT_S: u64 = 900;

/// All claims there are. A claim that is not listed was not written by us.
const CLAIMS: [&str; 16] = [
    "acr",
    "act",
    "agt",
    "aud",
    "auth_time",
    "authorization_details",
    "client_id",
    "cnf",
    "exp",
    "groups",
    "iat",
    "iss",
    "jti",
    "nbf",
    "sub",
    "txn",
];
/// All members of `agt` there are.
const AGENT: [&str; 11] =
    ["acc", "by", "cls", "depth", "from", "img", "lbl", "max", "out", "path", "v"];

/// Reads them. The signature has been checked, with one of our own keys.
pub(crate) fn read(signed: &Signed, own: &Own, now: Millis) -> Result<Grant, Error> {
    let grant = grant(signed.claims(), own, now);
    if let Err(Error::Claim(what, _)) = &grant {
        // Either we wrote it wrongly, or somebody else has the key.
        tracing::error!(alarm = "own-token", what, "a token signed by our own key is not ours");
    }
    grant
}

fn grant(claims: &Map<String, Value>, own: &Own, now: Millis) -> Result<Grant, Error> {
    only(claims, &CLAIMS)?;
    for_us(claims, own)?;
    let (issued_s, expires_s) = in_time(claims, now)?;
    let agent = object(claims, "agt")?;
    only(agent, &AGENT)?;
    if number(agent, "v")? != 1 {
        return Err(odd("agt.v"));
    }
    let path = path(agent)?;
    let class = Class::named(text(agent, "cls")?).ok_or_else(|| odd("agt.cls"))?;
    let grant = Grant {
        root: root(text(claims, "sub")?)?,
        root_client: optional(agent, "from")?,
        root_actor: optional(agent, "by")?,
        groups: groups(claims, agent, path.len())?,
        accounts: accounts(agent, &path)?,
        max_depth: number(agent, "max")?,
        class,
        label: text(agent, "lbl")?.to_owned(),
        workload: optional(agent, "img")?,
        rights: Rights::parse(claims.get("authorization_details").unwrap_or(&Value::Null))
            .map_err(|_| odd("authorization_details"))?,
        confirmation: confirmation(claims, class)?,
        id: text(claims, "jti")?.to_owned(),
        tree: text(claims, "txn")?.to_owned(),
        issued_s,
        expires_s,
        auth_time: claims.get("auth_time").map(|_| number(claims, "auth_time")).transpose()?,
        acr: optional(claims, "acr")?,
        path,
    };
    coherent(&grant, claims, agent, own)?;
    Ok(grant)
}

/// What says the same thing twice says the same thing.
fn coherent(
    grant: &Grant,
    claims: &Map<String, Value>,
    agent: &Map<String, Value>,
    own: &Own,
) -> Result<(), Error> {
    let depth = number(agent, "depth")?;
    let leaf = grant.path.last().ok_or_else(|| odd("agt.path"))?;
    let unique: BTreeSet<&NodeId> = grant.path.iter().collect();
    if depth + 1 != grant.path.len() as u64 || unique.len() != grant.path.len() {
        return Err(odd("agt.path"));
    }
    if depth > grant.max_depth || grant.max_depth > own.bounds().max_depth {
        return Err(odd("agt.max"));
    }
    if text(claims, "client_id")? != leaf.as_str() {
        return Err(odd("client_id"));
    }
    if grant.class == Class::Leaf {
        let short = number(claims, "exp")?.saturating_sub(grant.issued_s) <= LEAF_LIFETIME_S;
        if !short || depth != grant.max_depth {
            return Err(odd("agt.cls"));
        }
    }
    actors(claims.get("act"), &grant.path, own)
}

/// The nested `act` is for others to read (RFC 8693, 4.1); ours must tell the story of the path.
fn actors(act: Option<&Value>, path: &[NodeId], own: &Own) -> Result<(), Error> {
    let outermost = act.and_then(Value::as_object).ok_or_else(|| odd("act"))?;
    if text(outermost, "iss")? != own.issuer() {
        return Err(odd("act"));
    }
    let mut act = act;
    for (depth, node) in path.iter().rev().enumerate() {
        let members = act.and_then(Value::as_object).ok_or_else(|| odd("act"))?;
        only(
            members,
            if depth == 0 { &["act", "iss", "sub", "sub_profile"] } else { &["act", "sub"] },
        )?;
        if text(members, "sub")? != node.as_str() {
            return Err(odd("act"));
        }
        act = members.get("act");
    }
    if act.is_none() { Ok(()) } else { Err(odd("act")) }
}

fn for_us(claims: &Map<String, Value>, own: &Own) -> Result<(), Error> {
    if text(claims, "iss")? != own.issuer() {
        return Err(Error::Issuer);
    }
    if text(claims, "aud")? == own.resource() { Ok(()) } else { Err(Error::Audience(true)) }
}

fn in_time(claims: &Map<String, Value>, now: Millis) -> Result<(u64, u64), Error> {
    let now_s = now.seconds();
    let (issued, begins) = (number(claims, "iat")?, number(claims, "nbf")?);
    let expires = number(claims, "exp")?;
    if expires.saturating_add(LEEWAY_S) <= now_s {
        return Err(Error::Expired);
    }
    if issued.max(begins) > now_s.saturating_add(LEEWAY_S) {
        // Widening the leeway would hide that a clock is wrong.
        tracing::error!(alarm = "clock", "a token of ours is from the future");
        return Err(Error::Early(if issued > begins { "iat" } else { "nbf" }));
    }
    match expires.checked_sub(issued) {
        Some(life) if life <= LIFETIME_LIMIT_S => Ok((issued, expires)),
        _ => Err(odd("exp")),
    }
}

/// `alias|subject`, the parts escaped, so that no subject can be read as another alias and subject.
fn root(sub: &str) -> Result<(IssuerAlias, String), Error> {
    let (alias, subject) = sub.split_once('|').ok_or_else(|| odd("sub"))?;
    let subject = unescaped(subject).filter(|subject| text::names_somebody(subject));
    match subject {
        Some(subject) if !alias.is_empty() => Ok((IssuerAlias::new(alias.into()), subject)),
        _ => Err(odd("sub")),
    }
}

fn unescaped(text: &str) -> Option<String> {
    let mut pieces = text.split('%');
    let mut whole = pieces.next()?.to_owned();
    for piece in pieces {
        let (letter, rest) = match (piece.strip_prefix("25"), piece.strip_prefix("7C")) {
            (Some(rest), _) => ('%', rest),
            (_, Some(rest)) => ('|', rest),
            _ => return None,
        };
        whole.push(letter);
        whole.push_str(rest);
    }
    (!text.contains('|')).then_some(whole)
}

fn path(agent: &Map<String, Value>) -> Result<Vec<NodeId>, Error> {
    let list = agent.get("path").and_then(Value::as_array).ok_or_else(|| odd("agt.path"))?;
    if list.is_empty() || list.len() > DEPTH_LIMIT + 1 {
        return Err(odd("agt.path"));
    }
    let nodes = list.iter().map(|node| node.as_str().and_then(NodeId::ours));
    nodes.collect::<Option<_>>().ok_or_else(|| odd("agt.path"))
}

/// The groups of every hop, from those of the last one and what each left behind on the way.
fn groups(
    claims: &Map<String, Value>,
    agent: &Map<String, Value>,
    hops: usize,
) -> Result<Vec<BTreeSet<GroupName>>, Error> {
    let last = names(claims.get("groups").unwrap_or(&Value::Null))?;
    let out: BTreeMap<usize, BTreeSet<GroupName>> = match agent.get("out") {
        None => BTreeMap::new(),
        Some(Value::Object(members)) => members
            .iter()
            .map(|(depth, left)| Ok((depth.parse().map_err(|_| odd("agt.out"))?, names(left)?)))
            .collect::<Result<_, Error>>()?,
        Some(_) => return Err(odd("agt.out")),
    };
    if out.keys().any(|depth| *depth == 0 || *depth >= hops) {
        return Err(odd("agt.out"));
    }
    let at = |hop: usize| {
        let left = out.range(hop + 1..).flat_map(|(_, names)| names);
        last.iter().chain(left).cloned().collect()
    };
    Ok((0..hops).map(at).collect())
}

fn names(value: &Value) -> Result<BTreeSet<GroupName>, Error> {
    let list = value.as_array().ok_or_else(|| odd("groups"))?;
    let name = |value: &Value| Some(GroupName::new(value.as_str()?.to_owned()));
    list.iter().map(name).collect::<Option<_>>().ok_or_else(|| odd("groups"))
}

fn accounts(agent: &Map<String, Value>, path: &[NodeId]) -> Result<Vec<NodeId>, Error> {
    let Some(list) = agent.get("acc") else { return Ok(Vec::new()) };
    let list = list.as_array().ok_or_else(|| odd("agt.acc"))?;
    let node = |depth: &Value| path.get(usize::try_from(depth.as_u64()?).ok()?).cloned();
    list.iter().map(node).collect::<Option<_>>().ok_or_else(|| odd("agt.acc"))
}

fn confirmation(claims: &Map<String, Value>, class: Class) -> Result<Option<String>, Error> {
    match (class, claims.get("cnf")) {
        (Class::Leaf, None) => Ok(None),
        (Class::Bound, Some(Value::Object(members))) => {
            only(members, &["jkt"])?;
            Ok(Some(text(members, "jkt")?.to_owned()))
        }
        _ => Err(odd("cnf")),
    }
}

fn only(members: &Map<String, Value>, known: &[&str]) -> Result<(), Error> {
    match members.keys().all(|name| known.contains(&name.as_str())) {
        true => Ok(()),
        false => Err(odd("a claim that we do not write")),
    }
}

fn object<'a>(
    members: &'a Map<String, Value>,
    name: &'static str,
) -> Result<&'a Map<String, Value>, Error> {
    members.get(name).and_then(Value::as_object).ok_or_else(|| odd(name))
}

fn text<'a>(members: &'a Map<String, Value>, name: &'static str) -> Result<&'a str, Error> {
    let text = members.get(name).and_then(Value::as_str);
    text.filter(|text| text::names_somebody(text)).ok_or_else(|| odd(name))
}

fn optional(members: &Map<String, Value>, name: &'static str) -> Result<Option<String>, Error> {
    members.get(name).map(|_| Ok(text(members, name)?.to_owned())).transpose()
}

fn number(members: &Map<String, Value>, name: &'static str) -> Result<u64, Error> {
    let number = members.get(name).and_then(Value::as_u64);
    number.filter(|number| *number < 1 << 53).ok_or_else(|| odd(name))
}

/// Only our key signs such a token, so that this names what of it is wrong.
fn odd(what: &'static str) -> Error {
    Error::Claim(what, "as this deployment writes it")
}
