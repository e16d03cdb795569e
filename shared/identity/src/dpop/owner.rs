//! The public key of whoever made a request, for encrypting to it what they are to have later.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::base64url;

/// A public key of P-256 as it stands in a proof. It is nobody's secret.
///
/// Both coordinates are 32 bytes in canonical base64url (RFC 7518, 6.2.1.2 and 6.2.1.3). That the
/// point is on its curve is checked by whatever uses it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Plain")]
pub struct OwnerKey {
    x: String,
    y: String,
}

/// A text that is no coordinate of P-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a coordinate of P-256 is 32 bytes in canonical base64url")]
pub struct BadKey;

impl OwnerKey {
    /// From its two coordinates.
    ///
    /// # Errors
    /// One of them is none.
    pub fn new(x: &str, y: &str) -> Result<Self, BadKey> {
        let whole = |text| base64url::decode(text).is_some_and(|bytes| bytes.len() == COORDINATE);
        let both = whole(x) && whole(y);
        both.then(|| Self { x: x.to_owned(), y: y.to_owned() }).ok_or(BadKey)
    }

    /// That of a JWK which was admitted as one of P-256.
    pub(super) fn of(jwk: &Map<String, Value>) -> Option<Self> {
        let text = |name| jwk.get(name).and_then(Value::as_str);
        Self::new(text("x")?, text("y")?).ok()
    }

    /// As a JWK: the members that the key consists of, and no others.
    #[must_use]
    pub fn jwk(&self) -> Value {
        json!({ "kty": "EC", "crv": "P-256", "x": self.x, "y": self.y })
    }

    /// The point, uncompressed: `04`, then both coordinates (SEC 1, 2.3.3).
    #[must_use]
    pub fn point(&self) -> Vec<u8> {
        let parts = [&self.x, &self.y].map(|text| base64url::decode(text).unwrap_or_default());
        [vec![4], parts.concat()].concat()
    }
}

/// As it is written down.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plain {
    x: String,
    y: String,
}

impl TryFrom<Plain> for OwnerKey {
    type Error = BadKey;

    fn try_from(plain: Plain) -> Result<Self, BadKey> {
        Self::new(&plain.x, &plain.y)
    }
}

/// Bytes of a coordinate.
const COORDINATE: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    #[test]
    fn a_key_that_was_written_down_is_read_again() {
        let key = OwnerKey::new(WHOLE, WHOLE).unwrap();
        let text = serde_json::to_string(&key).unwrap();
        assert_eq!(text, format!(r#"{{"x":"{WHOLE}","y":"{WHOLE}"}}"#));
        assert_eq!(serde_json::from_str::<OwnerKey>(&text).unwrap(), key);
        assert_eq!(key.point().len(), 65);
    }

    #[test]
    fn what_is_no_key_is_not_read() {
        let (short, loose) = (WHOLE.replace("AAEC", ""), WHOLE.replace("dHh8", "dHh9"));
        let (short, loose) = (short.as_str(), loose.as_str());
        for (x, y) in [(WHOLE, short), (short, WHOLE), (WHOLE, loose), ("", WHOLE), (WHOLE, "+/")] {
            assert_eq!(OwnerKey::new(x, y), Err(BadKey), "{x} {y}");
            let text = json!({ "x": x, "y": y }).to_string();
            assert!(serde_json::from_str::<OwnerKey>(&text).is_err(), "{text}");
        }
        let private = json!({ "x": WHOLE, "y": WHOLE, "d": WHOLE }).to_string();
        assert!(serde_json::from_str::<OwnerKey>(&private).is_err());
    }
}
