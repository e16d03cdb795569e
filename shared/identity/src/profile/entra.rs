//! Microsoft Entra: access tokens of users and apps, and those of agents.
//!
//! A principal is the tenant and the object id. Names and addresses of people change hands, and
//! `sub` is another one for every app that asks.

use serde_json::Value;

use super::{
    BLANK, Given, Members, Must, Part, Profile, Rule, forms, look,
    setting::{GROUPS_CLAIM, Setting},
};
use crate::{Error, algorithm::Algorithm};

/// In the facets of an actor or a subject: it is an agent's identity.
const AGENT: &str = "11";

const TENANT: Setting =
    Setting::text("tenant", forms::guid, "the id of one tenant, a GUID in lower case").needed();
const SETTINGS: &[Setting] = &[TENANT, GROUPS_CLAIM, Setting::switch("v1")];

/// What v2 tokens of all kinds have in common.
const V2: Profile = Profile {
    name: "entra",
    settings: SETTINGS,
    issuers: V2_ISSUERS,
    algorithms: &[Algorithm::Rs256],
    // 90 minutes at most, and `iat` is set 5 minutes back.
    lifetime_s: Some(95 * 60),
    rules: &[VERSION_2, IN_TENANT, OBJECT, BY_APP],
    coherent: entitled,
    principal: &[Part::Claim(&["tid"]), Part::Text("|"), Part::Claim(&["oid"])],
    client: Some("azp"),
    people: Some(&[VERSION_2, IN_TENANT, OBJECT]),
    ..BLANK
};

/// The older tokens: an entry has to ask for them.
const V1: Profile = Profile {
    issuers: V1_ISSUERS,
    rules: &[VERSION_1, IN_TENANT, OBJECT, BY_APP_1],
    client: Some("appid"),
    people: Some(&[VERSION_1, IN_TENANT, OBJECT]),
    ..V2
};

pub(super) const USERS_AND_APPS: Profile = Profile { variant: Some(("v1", &V1)), ..V2 };

pub(super) const AGENTS: Profile = Profile {
    name: "entra-agent",
    variant: Some(("v1", &AGENTS_V1)),
    coherent: entitled_agent,
    actor: Some(acting),
    people: None,
    ..V2
};

const AGENTS_V1: Profile = Profile {
    name: "entra-agent",
    coherent: entitled_agent,
    actor: Some(acting),
    people: None,
    ..V1
};

/// Of the public cloud and of the national ones.
const V2_ISSUERS: &[&str] = &[
    "https://login.microsoftonline.com/{tenant}/v2.0",
    "https://login.microsoftonline.us/{tenant}/v2.0",
    "https://login.partner.microsoftonline.cn/{tenant}/v2.0",
];
const V1_ISSUERS: &[&str] = &["https://sts.windows.net/{tenant}/"];

const IN_TENANT: Rule = Rule::new(&["tid"], Must::BeListed("tenant"));
const OBJECT: Rule = Rule::new(&["oid"], Must::BeThere);
const VERSION_1: Rule = Rule::new(&["ver"], Must::Be("1.0"));
const VERSION_2: Rule = Rule::new(&["ver"], Must::Be("2.0"));
/// ID tokens may have roles and our audience. They have no such claim.
const BY_APP: Rule = Rule::new(&["azp"], Must::BeThere);
const BY_APP_1: Rule = Rule::new(&["appid"], Must::BeThere);

/// Entra issues a token for an API to any app of the tenant that asks, unless the API's owner
/// turned that off: only a permission says that somebody granted something.
fn entitled(claims: &Members, _: &Given) -> Result<(), Error> {
    let delegated = match claims.get("scp") {
        None => false,
        Some(Value::String(scopes)) => scopes.split(' ').any(|scope| !scope.is_empty()),
        Some(_) => return Err(Error::Claim("scp", "a text")),
    };
    let as_an_app = match claims.get("roles") {
        None => false,
        Some(Value::Array(roles)) if roles.iter().all(Value::is_string) => !roles.is_empty(),
        Some(_) => return Err(Error::Claim("roles", "a list of texts")),
    };
    if delegated || as_an_app { Ok(()) } else { Err(Error::Claim("scp", "there, or `roles`")) }
}

/// An agent acts, for a user or for itself. The blueprint it is made from (`xms_par_app_azp`) says
/// nothing of what it may do, and is not looked at.
fn entitled_agent(claims: &Members, given: &Given) -> Result<(), Error> {
    entitled(claims, given)?;
    if !has_facet(claims, "xms_act_fct", AGENT)? {
        return Err(Error::Claim("xms_act_fct", "that of an agent"));
    }
    if has_facet(claims, "xms_sub_fct", AGENT)? == for_a_user(claims)? {
        return Err(Error::Claim("xms_sub_fct", "in accord with `idtyp`"));
    }
    Ok(())
}

/// For a user, an agent's own user among them, the agent is the actor; for itself it is the subject.
fn acting(claims: &Members, client: Option<&str>) -> Result<Option<String>, Error> {
    Ok(client.filter(|_| for_a_user(claims).is_ok_and(|user| user)).map(super::escaped))
}

fn for_a_user(claims: &Members) -> Result<bool, Error> {
    match look::needed(claims, &["idtyp"])? {
        "app" => Ok(false),
        "user" => Ok(true),
        _ => Err(Error::Claim("idtyp", "`user` or `app`")),
    }
}

/// Facets are numbers in any order, with spaces between them, among them some that nobody knows yet.
fn has_facet(claims: &Members, claim: &'static str, facet: &str) -> Result<bool, Error> {
    match claims.get(claim) {
        None => Ok(false),
        Some(Value::String(facets)) => Ok(facets.split(' ').any(|other| other == facet)),
        Some(_) => Err(Error::Claim(claim, "a text")),
    }
}
