//! Cookies: random, ours alone, and out of reach of scripts (RFC 6265bis, 4.1.3: `__Host-`).

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderValue, header};
use request::Digest;
use zeroize::Zeroizing;

/// A random name that only one browser knows: 256 bits. It is not printed, and not stored: the store
/// has its digest.
pub(crate) struct Ticket(Zeroizing<String>);

/// Which cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// Somebody is signing in.
    SignIn,
    /// Somebody is signed in.
    Session,
}

impl Cookie {
    fn name(self) -> &'static str {
        match self {
            Self::SignIn => "__Host-postern-sign-in",
            Self::Session => "__Host-postern",
        }
    }

    /// What a browser sends of it; nothing where it sends it twice, or something else than ours.
    pub(crate) fn read(self, headers: &HeaderMap) -> Option<Ticket> {
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let pairs = lines.flat_map(|line| line.split(';')).map(str::trim);
        let mut found = pairs.filter_map(|pair| pair.split_once('=')).filter(|(name, _)| {
            // Exactly ours: another site of the same domain can set no cookie of this prefix.
            *name == self.name()
        });
        match (found.next(), found.next()) {
            (Some((_, value)), None) => Ticket::read(value),
            _ => None,
        }
    }

    /// Sets it for so many seconds.
    pub(crate) fn set(self, ticket: &Ticket, seconds: u64) -> Option<HeaderValue> {
        let (name, value) = (self.name(), ticket.0.as_str());
        let line = format!("{name}={value}; Path=/; Max-Age={seconds}; {GUARDS}");
        HeaderValue::from_str(&line).ok()
    }

    /// Takes it away.
    pub(crate) fn clear(self) -> HeaderValue {
        let line = match self {
            Self::SignIn => {
                "__Host-postern-sign-in=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"
            }
            Self::Session => "__Host-postern=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax",
        };
        HeaderValue::from_static(line)
    }
}

impl Ticket {
    /// A new one.
    pub(crate) fn fresh() -> Result<Self, getrandom::Error> {
        Ok(Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(random()?.as_slice()))))
    }

    fn read(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        (bytes.len() == BYTES).then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// By what the store knows it.
    pub(crate) fn digest(&self) -> Digest {
        Digest::of(self.0.as_bytes())
    }

    /// Something that only this browser and we know, for one purpose. From it nothing else follows.
    pub(crate) fn derived(&self, purpose: &str) -> Digest {
        Digest::of_parts(&[b"postern-page", purpose.as_bytes(), self.0.as_bytes()])
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ticket(…)")
    }
}

/// 256 bits.
pub(crate) fn random() -> Result<Zeroizing<[u8; BYTES]>, getrandom::Error> {
    let mut bytes = Zeroizing::new([0; BYTES]);
    getrandom::fill(bytes.as_mut_slice())?;
    Ok(bytes)
}

const BYTES: usize = 32;
/// `Lax`, because people come back from where they sign in, and by links in messages.
const GUARDS: &str = "Secure; HttpOnly; SameSite=Lax";

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::COOKIE, HeaderValue::from_str(line).unwrap());
        }
        headers
    }

    #[test]
    fn a_cookie_comes_back_as_it_was_set() {
        let ticket = Ticket::fresh().unwrap();
        let line = Cookie::Session.set(&ticket, 60).unwrap();
        let line = line.to_str().unwrap();
        assert!(line.ends_with("Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Lax"), "{line}");
        let pair = line.split(';').next().unwrap();
        let read = Cookie::Session.read(&headers(&[&format!("a=b; {pair}; c=d")])).unwrap();
        assert_eq!(read.digest(), ticket.digest());
        assert!(Cookie::SignIn.read(&headers(&[pair])).is_none());
    }

    #[test]
    fn a_cookie_that_comes_twice_or_was_made_up_is_none() {
        let pair = format!("__Host-postern={}", URL_SAFE_NO_PAD.encode([7; 32]));
        assert!(Cookie::Session.read(&headers(&[&pair])).is_some());
        assert!(Cookie::Session.read(&headers(&[&pair, &pair])).is_none());
        assert!(Cookie::Session.read(&headers(&[&format!("{pair}; {pair}")])).is_none());
        for line in ["", "__Host-postern", "__Host-postern=", "__Host-postern=abc", "postern=x"] {
            assert!(Cookie::Session.read(&headers(&[line])).is_none(), "{line}");
        }
    }

    #[test]
    fn what_is_derived_is_another_for_each_purpose_and_each_browser() {
        let (one, other) = (Ticket::fresh().unwrap(), Ticket::fresh().unwrap());
        assert_ne!(one.derived("form"), one.derived("other"));
        assert_ne!(one.derived("form"), other.derived("form"));
        assert_ne!(one.derived("form"), one.digest());
        assert_eq!(format!("{one:?}"), "Ticket(…)");
    }
}
