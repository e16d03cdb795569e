//! The claims of a signed token: each of the one kind it must be, for us, now, and about somebody.

use request::Millis;
use serde_json::Value;

use crate::{
    Error, Groups, IssuerAlias, base64url,
    config::Issuer,
    keys::Signed,
    profile::{self, Members, escaped, named},
};

/// Whole numbers that every JSON reader agrees on (RFC 8259, 6) end before this.
const NUMBER_LIMIT: u64 = 1 << 53;
/// How many audiences a token may name.
const AUDIENCES_LIMIT: usize = 8;
/// Bytes of a thumbprint (RFC 7638, with SHA-256).
const THUMBPRINT_BYTES: usize = 32;
/// What only tokens of another kind carry: ID tokens (OIDC Core, 2 and 3.3.2.11), and security
/// events, logout tokens among them (RFC 8417, 2.2).
const FOREIGN_CLAIMS: [&str; 5] = ["at_hash", "c_hash", "events", "nonce", "s_hash"];

const MOMENT: &str = "a whole number of seconds";

/// Who a believed token is about.
#[cfg_attr(test, derive(Debug))]
pub(crate) struct Claims {
    pub(crate) issuer: IssuerAlias,
    /// As the issuer's profile puts it together.
    pub(crate) subject: String,
    pub(crate) client: Option<String>,
    pub(crate) groups: Groups,
    pub(crate) id: Option<String>,
    /// Long ago, if the token does not say.
    pub(crate) issued: Millis,
    pub(crate) expires: Millis,
    /// This one run of the subject, where the issuer tells them apart.
    pub(crate) instance: Option<String>,
    /// The thumbprint of the key that the token is bound to. Nobody has proven it yet.
    pub(crate) confirmation: Option<String>,
    /// Who acts for the subject, by the issuer's word. It is told and decides nothing.
    pub(crate) actor: Option<String>,
    /// When the subject logged in, in Unix seconds.
    pub(crate) auth_time: Option<u64>,
    /// How well (OpenID Connect Core, 2).
    pub(crate) acr: Option<String>,
}

/// Steps 8 to 14, in this order.
pub(crate) fn read(signed: &Signed, issuer: &Issuer, now: Millis) -> Result<Claims, Error> {
    read_for(signed, issuer, issuer.audience(), now)
}

/// The same of a token that a person decides with: it is for an audience of its own, which it names.
pub(crate) fn of_people(signed: &Signed, issuer: &Issuer, now: Millis) -> Result<Claims, Error> {
    if !signed.claims().contains_key("aud") {
        return Err(Error::Audience(false));
    }
    read_for(signed, issuer, issuer.people_audience(), now)
}

fn read_for(
    signed: &Signed,
    issuer: &Issuer,
    audience: &[String],
    now: Millis,
) -> Result<Claims, Error> {
    let (claims, profile, given) = (signed.claims(), issuer.profile(), issuer.given());
    same_issuer(claims, issuer)?;
    for_us(claims, issuer, audience)?;
    let (issued, expires) = in_time(claims, issuer, now)?;
    access_token(claims)?;
    let confirmation = confirmation(claims)?;
    profile.check(claims, given)?;
    let subject = profile.principal(claims, given)?;
    let client = profile.client(claims, given)?;
    let foreign = actor(claims)?;
    Ok(Claims {
        issuer: issuer.alias().clone(),
        id: text(claims, "jti")?,
        groups: profile::groups(claims, issuer)?,
        instance: profile.instance(claims)?,
        actor: profile.actor(claims, client.as_deref()).unwrap_or(Ok(foreign))?,
        auth_time: moment(claims, "auth_time")?,
        acr: text(claims, "acr")?,
        subject,
        client,
        issued,
        expires,
        confirmation,
    })
}

/// Step 9. The entry was chosen by this claim; this says so where it is relied on.
fn same_issuer(claims: &Members, issuer: &Issuer) -> Result<(), Error> {
    match claims.get("iss") {
        Some(Value::String(text)) if text == issuer.issuer() => Ok(()),
        None if issuer.profile().may_lack("iss") => Ok(()),
        _ => Err(Error::Issuer),
    }
}

/// Step 10: the audience is ours by exact bytes, and ours alone where the entry says so.
fn for_us(claims: &Members, issuer: &Issuer, audience: &[String]) -> Result<(), Error> {
    let named = match claims.get("aud") {
        None if issuer.profile().may_lack("aud") => return Ok(()),
        Some(Value::String(text)) => vec![text.as_str()],
        Some(Value::Array(list)) if list.len() <= AUDIENCES_LIMIT => {
            texts(list).ok_or(Error::Claim("aud", "a text or a list of texts"))?
        }
        _ => return Err(Error::Claim("aud", "a text or a list of at most 8 texts")),
    };
    let ours = |text: &&str| audience.iter().any(|own| own == text);
    if !named.iter().any(ours) {
        return Err(Error::Audience(false));
    }
    if issuer.sole_audience() && !named.iter().all(ours) {
        return Err(Error::Audience(true));
    }
    Ok(())
}

/// Step 11: begun, not over, and not for longer than the entry allows. Gives when it was issued and
/// when it ends.
fn in_time(claims: &Members, issuer: &Issuer, now: Millis) -> Result<(Millis, Millis), Error> {
    let (now, leeway) = (now.seconds(), issuer.leeway_s());
    let expires = moment(claims, "exp")?.ok_or(Error::Claim("exp", MOMENT))?;
    let issued = moment(claims, "iat")?;
    if issued.is_none() && !issuer.profile().may_lack("iat") {
        return Err(Error::Claim("iat", MOMENT));
    }
    if expires.saturating_add(leeway) <= now {
        return Err(Error::Expired);
    }
    for (claim, begins) in [("iat", issued), ("nbf", moment(claims, "nbf")?)] {
        if begins.is_some_and(|begins| begins > now.saturating_add(leeway)) {
            return Err(Error::Early(claim));
        }
    }
    // Where nobody says when it began, what is left of it counts.
    let life =
        issued.map_or(Some(expires.saturating_sub(now)), |issued| expires.checked_sub(issued));
    match life {
        None => Err(Error::Claim("exp", "after `iat`")),
        Some(life) if life > issuer.max_lifetime_s() => Err(Error::Lifetime),
        Some(_) => Ok((moment_of(issued.unwrap_or(0)), moment_of(expires))),
    }
}

fn moment_of(seconds: u64) -> Millis {
    Millis(seconds.saturating_mul(1000))
}

/// Step 12: an access token and nothing else, also where the header's type does not say.
fn access_token(claims: &Members) -> Result<(), Error> {
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

/// Step 13: the thumbprint of the key that it is bound to (RFC 9449, 6.1). A binding of another kind
/// is one that nobody here can prove, and one that we do not know cannot be left out of account.
fn confirmation(claims: &Members) -> Result<Option<String>, Error> {
    let Some(cnf) = claims.get("cnf") else { return Ok(None) };
    let wants = Error::Claim("cnf", "an object with the thumbprint `jkt` and no other member");
    let Value::Object(members) = cnf else { return Err(wants) };
    if members.contains_key("x5t#S256") {
        return Err(Error::Bound);
    }
    let jkt = members.get("jkt").and_then(Value::as_str).filter(|_| members.len() == 1);
    let whole =
        |jkt: &&str| base64url::decode(jkt).is_some_and(|bytes| bytes.len() == THUMBPRINT_BYTES);
    jkt.filter(whole).map(|jkt| Some(jkt.to_owned())).ok_or(wants)
}

/// The outermost actor of a delegation (RFC 8693, 4.1). Those within it are its issuer's business:
/// it can have written whatever it likes.
fn actor(claims: &Members) -> Result<Option<String>, Error> {
    let Some(act) = claims.get("act") else { return Ok(None) };
    let wants = Error::Claim("act", "an object of texts and objects");
    let Value::Object(members) = act else { return Err(wants) };
    if !members.values().all(|value| value.is_string() || value.is_object()) {
        return Err(wants);
    }
    let (issuer, subject) = (named(members.get("iss"), "act")?, named(members.get("sub"), "act")?);
    Ok(match (issuer, subject) {
        (Some(issuer), Some(subject)) => Some(format!("{}|{}", escaped(issuer), escaped(subject))),
        (None, Some(subject)) => Some(escaped(subject)),
        (_, None) => None,
    })
}

/// A claim that names something, if it is there.
pub(crate) fn text(claims: &Members, claim: &'static str) -> Result<Option<String>, Error> {
    Ok(named(claims.get(claim), claim)?.map(str::to_owned))
}

/// A moment in whole seconds. `1e9` and `1.0` are other ways to write a number, not this one.
pub(crate) fn moment(claims: &Members, claim: &'static str) -> Result<Option<u64>, Error> {
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
