//! What an issuer tells us about its people after it has vouched for them: security event tokens
//! (RFC 8417) of the kinds that CAEP defines, pushed to us (RFC 8935).

use request::Bearer;
use serde_json::{Map, Value};

use crate::{
    Error, IssuerAlias, Verified, Verifier, config::Issuer, gate, keys, keys::Signed, text,
};

/// Where CAEP's event types live (OpenID CAEP 1.0, 3).
const CAEP: &str = "https://schemas.openid.net/secevent/caep/event-type/";
/// The kinds after which nothing that was issued before is good any more.
const KINDS: [(&str, Kind); 3] = [
    ("credential-change", Kind::CredentialChange),
    ("session-revoked", Kind::SessionRevoked),
    ("token-claims-change", Kind::TokenClaimsChange),
];
/// Seconds that an event may be from the future, as clocks go.
const LEEWAY_S: u64 = 60;

/// What happened to a principal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A credential was changed, or taken away.
    CredentialChange,
    /// The session was ended.
    SessionRevoked,
    /// What its tokens say of it is not true any more.
    TokenClaimsChange,
}

impl Kind {
    /// Its name in records.
    #[must_use]
    pub fn name(self) -> &'static str {
        KINDS.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }
}

/// One event that an issuer vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityEvent {
    /// The issuer.
    pub issuer: IssuerAlias,
    /// Whom it is about, as the subject of this issuer's chains; `None` where it names somebody in a
    /// way that we cannot match.
    pub subject: Option<String>,
    /// What happened; `None` for a kind that changes nothing here.
    pub kind: Option<Kind>,
    /// When, in Unix seconds: what was issued until then is not good any more.
    pub at_s: u64,
    /// The event's own id; an issuer may send it again.
    pub id: String,
}

/// Believes a security event, or says why not. Only issuers whose entry names an audience for events
/// can send any.
///
/// # Errors
/// As for [`crate::verify`].
pub async fn event(set: &Bearer, on: &Verifier) -> Result<Verified<SecurityEvent>, Error> {
    let parts = gate::split(set.expose())?;
    let header = gate::header(&parts)?;
    let said = gate::payload(&parts)?;
    let desk = on.desk(gate::issuer(&said)?)?;
    let issuer = desk.issuer();
    let audience = issuer.events().ok_or(Error::Issuer)?;
    let algorithm = gate::admit_event(&header, issuer)?;
    let key = desk.key(header.kid(), on.keys(), on.clock()).await?;
    let signed = keys::check(&parts, algorithm, &key, said)?;
    read(&signed, issuer, audience, on.clock().now().seconds())
}

fn read(
    signed: &Signed,
    issuer: &Issuer,
    audience: &str,
    now_s: u64,
) -> Result<Verified<SecurityEvent>, Error> {
    let claims = signed.claims();
    if claims.get("iss").and_then(Value::as_str) != Some(issuer.issuer()) {
        return Err(Error::Issuer);
    }
    if !for_us(claims, audience) {
        return Err(Error::Audience(false));
    }
    // A logout token has `exp`, and an access token has it; a security event has none (RFC 8417, 2.2).
    if claims.contains_key("exp") {
        return Err(Error::Kind("exp"));
    }
    let issued_s = moment(claims, "iat")?;
    if issued_s > now_s.saturating_add(LEEWAY_S) {
        return Err(Error::Early("iat"));
    }
    let (kind, told) = happened(claims)?;
    let event = SecurityEvent {
        issuer: issuer.alias().clone(),
        subject: subject(claims, told, issuer)?,
        kind,
        // In milliseconds or seconds, as transmitters differ; never later than what says so.
        at_s: told.get("event_timestamp").and_then(Value::as_u64).map_or(issued_s, |at| {
            if at > issued_s.saturating_mul(10) { at / 1000 } else { at }.min(issued_s)
        }),
        id: word(claims, "jti")?,
    };
    Ok(Verified::proven(event))
}

fn for_us(claims: &Map<String, Value>, audience: &str) -> bool {
    match claims.get("aud") {
        Some(Value::String(text)) => text == audience,
        Some(Value::Array(list)) => list.iter().any(|text| text.as_str() == Some(audience)),
        _ => false,
    }
}

/// The one event of a token, and what it says.
fn happened(claims: &Map<String, Value>) -> Result<(Option<Kind>, &Map<String, Value>), Error> {
    let wants = || Error::Claim("events", "an object with one event");
    let events = claims.get("events").and_then(Value::as_object).ok_or_else(wants)?;
    let (Some((name, told)), 1) = (events.iter().next(), events.len()) else { return Err(wants()) };
    let kind = name.strip_prefix(CAEP);
    let kind = kind.and_then(|name| KINDS.iter().find(|(known, _)| *known == name));
    Ok((kind.map(|(_, kind)| *kind), told.as_object().ok_or_else(wants)?))
}

/// Whom it is about: `sub_id` of the token, or `subject` of the event as older transmitters have it
/// (RFC 9493, 3.2.2 and 3.2.3).
fn subject(
    claims: &Map<String, Value>,
    told: &Map<String, Value>,
    issuer: &Issuer,
) -> Result<Option<String>, Error> {
    let wants = || Error::Claim("sub_id", "a subject identifier");
    let Some(id) = claims.get("sub_id").or_else(|| told.get("subject")) else {
        return Ok(None);
    };
    let id = id.as_object().ok_or_else(wants)?;
    let text = |name: &str| id.get(name).and_then(Value::as_str);
    let named = match text("format") {
        Some("iss_sub") if text("iss") == Some(issuer.issuer()) => text("sub"),
        Some("opaque") => text("id"),
        Some(_) => None,
        None => return Err(wants()),
    };
    Ok(named.filter(|name| text::names_somebody(name)).map(ToOwned::to_owned))
}

fn moment(claims: &Map<String, Value>, name: &'static str) -> Result<u64, Error> {
    let moment = claims.get(name).and_then(Value::as_u64);
    moment.ok_or(Error::Claim(name, "a whole number of seconds"))
}

fn word(claims: &Map<String, Value>, name: &'static str) -> Result<String, Error> {
    let word = claims.get(name).and_then(Value::as_str);
    let word = word.filter(|word| text::names_somebody(word));
    word.map(ToOwned::to_owned).ok_or(Error::Claim(name, "a text of 1 to 255 bytes"))
}
