//! The claims of a proof: that it was made for this request, for this token, and just now.

use request::{Bearer, Digest, Over};
use serde_json::{Map, Value};

use super::{Error, Nonces, Rules, address};
use crate::{base64url, gate, gate::Parts};

/// Nesting of the claims; those that are read have none.
const DEPTH: usize = 8;
/// Bytes of `jti`.
const ID_LIMIT: usize = 128;
/// Seconds that a proof is good for after it was made.
const AGE_S: u64 = 60;
/// Seconds that its maker's clock may be ahead of ours.
const AHEAD_S: u64 = 5;

/// The claims, parsed once. Those that nobody reads are ignored (RFC 7519, 4.3).
pub(super) struct Claims(Map<String, Value>);

/// Reads the claims. For parts whose signature was checked.
pub(super) fn read(parts: &Parts<'_>) -> Result<Claims, Error> {
    gate::object(parts.payload(), DEPTH)
        .map(Claims)
        .ok_or(Error::Form("its claims are not strict JSON in canonical base64url"))
}

impl Claims {
    /// What tells this proof from the others by its key.
    pub(super) fn id(&self) -> Result<&str, Error> {
        let fits = |id: &&str| {
            (1..=ID_LIMIT).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_graphic())
        };
        self.text("jti")
            .filter(fits)
            .ok_or(Error::Claim("jti", "1 to 128 visible ASCII characters"))
    }

    /// `htm` and `htu`: this method at the public address of this endpoint. What the `Host` header
    /// says is nothing to us: behind a gateway it is not what the client called, and a client can
    /// send any.
    pub(super) fn made_for(&self, over: &Over, urls: &[String]) -> Result<(), Error> {
        let method = self.text("htm").ok_or(Error::Claim("htm", "a text"))?;
        let url = self.text("htu").ok_or(Error::Claim("htu", "a text"))?;
        if method != over.method {
            return Err(Error::Method);
        }
        let called = address::normal(url).ok_or(Error::Url)?;
        let ours = |base: &String| address::below(base, &over.path).as_ref() == Some(&called);
        if urls.iter().any(ours) { Ok(()) } else { Err(Error::Url) }
    }

    /// `iat` and `nonce`: made just now.
    ///
    /// Where nonces are demanded, the nonce alone bounds the age (RFC 9449, 4.3, step 11), so that a
    /// client whose clock is behind is served; one that is ahead is refused in any case, because a
    /// proof for later is one that somebody may keep for later. A nonce that nobody demands is no
    /// more than any other claim.
    pub(super) fn fresh(&self, by: &Rules<'_>) -> Result<(), Error> {
        let made = self.0.get("iat").and_then(Value::as_u64).filter(|made| *made < MOMENT_LIMIT);
        let made = made.ok_or(Error::Claim("iat", "a whole number of seconds since 1970"))?;
        let given =
            |nonces: &Nonces| self.text("nonce").is_some_and(|text| nonces.accepts(text, by.now));
        if by.nonces.is_some_and(|nonces| !given(nonces)) {
            return Err(Error::Nonce);
        }
        let now = by.now.seconds();
        let old = by.nonces.is_none() && made.saturating_add(AGE_S) < now;
        let over = self.moment("exp")?.is_some_and(|ends| ends <= now);
        let begins = self.moment("nbf")?.unwrap_or(made).max(made);
        if old || over || begins > now.saturating_add(AHEAD_S) { Err(Error::Time) } else { Ok(()) }
    }

    /// `exp` or `nbf`: no client has to send them, but where they are sent they hold (RFC 7519, 4.1.4
    /// and 4.1.5).
    fn moment(&self, claim: &'static str) -> Result<Option<u64>, Error> {
        let Some(moment) = self.0.get(claim) else { return Ok(None) };
        let moment = moment.as_u64().filter(|moment| *moment < MOMENT_LIMIT);
        moment.map(Some).ok_or(Error::Claim(claim, "a whole number of seconds since 1970"))
    }

    /// `ath`, where there is a token: of the bytes of this one (RFC 9449, 4.2).
    pub(super) fn names_token(&self, token: Option<&Bearer>) -> Result<(), Error> {
        let named = |token: &Bearer| self.text("ath") == Some(&hash(token.expose().as_bytes()));
        if token.is_none_or(named) { Ok(()) } else { Err(Error::Token) }
    }

    /// `bdh`, where the body counts: of its bytes. Elsewhere the claim is not looked at.
    pub(super) fn names_body(&self, over: &Over) -> Result<(), Error> {
        let named = |body: Digest| self.text("bdh") == Some(&base64url::encode(body.bytes()));
        if over.body.is_none_or(named) { Ok(()) } else { Err(Error::Body) }
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }
}

fn hash(bytes: &[u8]) -> String {
    base64url::encode(Digest::of(bytes).bytes())
}

/// 2^53: what every reader of JSON reads alike (RFC 8259, 6).
const MOMENT_LIMIT: u64 = 1 << 53;
