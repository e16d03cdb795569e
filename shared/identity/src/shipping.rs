//! For whoever fetches key sets on behalf of functions that cannot: which there are, and whether one
//! is good.

use std::collections::BTreeSet;

use request::{Digest, json};
use serde_json::{Map, Value, json};

use crate::{Issuers, base64url, config::Issuer, keys::BadSet};

/// Where an issuer publishes its keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeysOf {
    /// Our name for the issuer.
    pub alias: String,
    /// The address of its key set.
    pub jwks_uri: String,
}

/// Why a key set is not one that tokens could be checked with.
#[derive(Debug, thiserror::Error)]
pub enum BadKeys {
    /// The set itself.
    #[error("the key set is not good: {0}")]
    Set(String),
    /// There is no such issuer.
    #[error("no issuer has this alias")]
    Nobody,
}

impl Issuers {
    /// Where all issuers publish their keys.
    #[must_use]
    pub fn key_sets(&self) -> Vec<KeysOf> {
        let entries = self.clone().into_entries();
        let of = |entry: &Issuer| KeysOf {
            alias: entry.alias().as_str().to_owned(),
            jwks_uri: entry.jwks_uri().to_owned(),
        };
        entries.iter().map(of).collect()
    }

    /// Reads a key set exactly as tokens of this issuer would be checked with it, and gives the
    /// thumbprints (RFC 7638) of the keys that can be used: what makes a key the same key, whatever
    /// id it has.
    ///
    /// # Errors
    /// Tokens could not be checked with it.
    pub fn check_keys(&self, alias: &str, document: &[u8]) -> Result<BTreeSet<String>, BadKeys> {
        let entries = self.clone().into_entries();
        let entry = entries.into_iter().find(|entry| entry.alias().as_str() == alias);
        let entry = entry.ok_or(BadKeys::Nobody)?;
        let bad = |bad: BadSet| BadKeys::Set(bad.to_string());
        entry.key_set(document).map_err(bad)?;
        let set = json::strict(document, DEPTH).map_err(|error| BadKeys::Set(error.to_string()))?;
        let keys = set.get("keys").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let usable = keys.iter().filter(|key| {
            let alone = json::canonical(&json!({"keys": [key]}));
            entry.key_set(&alone).is_ok()
        });
        Ok(usable.filter_map(|key| thumbprint(key.as_object()?)).collect())
    }
}

/// The digest of what makes the key, members in the order of their names (RFC 7638, 3.2; RFC 8037,
/// 2).
fn thumbprint(key: &Map<String, Value>) -> Option<String> {
    let members: &[&str] = match key.get("kty")?.as_str()? {
        "EC" => &["crv", "kty", "x", "y"],
        "OKP" => &["crv", "kty", "x"],
        "RSA" => &["e", "kty", "n"],
        _ => return None,
    };
    let member = |name: &&str| Some(((*name).to_owned(), key.get(*name)?.clone()));
    let made: Option<Map<_, _>> = members.iter().map(member).collect();
    Some(base64url::encode(Digest::of(&json::canonical(&Value::Object(made?))).bytes()))
}

/// As deep as a key set may be nested.
const DEPTH: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of RFC 7638, 3.1, and its thumbprint there.
    const RFC: &str = r#"{"kty":"RSA","alg":"RS256","kid":"2011-04-29","e":"AQAB",
        "n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"}"#;
    const THUMBPRINT: &str = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";

    fn issuers() -> Issuers {
        let text = r#"
            [issuers.corp]
            issuer = "https://login.example"
            jwks_uri = "https://login.example/jwks"
            audience = ["https://postern.example/v1"]
            algorithms = ["RS256"]
            types = ["at+jwt"]
            max_lifetime_s = 3600
        "#;
        Issuers::parse("issuers.toml", text).unwrap()
    }

    #[test]
    fn a_usable_key_is_known_by_its_thumbprint_and_an_unusable_one_is_left_out() {
        let symmetric = r#"{"kty":"oct","kid":"s","k":"AAAA"}"#;
        let document = format!(r#"{{"keys":[{RFC},{symmetric}]}}"#);
        let keys = issuers().check_keys("corp", document.as_bytes()).unwrap();
        assert_eq!(keys.into_iter().collect::<Vec<_>>(), [THUMBPRINT]);
    }

    #[test]
    fn a_set_that_no_token_could_be_checked_with_is_refused() {
        let private = RFC.replace("\"kid\"", "\"d\":\"AAAA\",\"kid\"");
        let twice = format!(r#"{{"keys":[{RFC},{RFC}]}}"#);
        for document in [r#"{"keys":[]}"#, "{}", "[", &twice, &format!(r#"{{"keys":[{private}]}}"#)]
        {
            let refused = issuers().check_keys("corp", document.as_bytes());
            assert!(matches!(refused, Err(BadKeys::Set(_))), "{document}");
        }
    }

    #[test]
    fn a_stranger_has_no_keys() {
        let document = format!(r#"{{"keys":[{RFC}]}}"#);
        let refused = issuers().check_keys("else", document.as_bytes());
        assert!(matches!(refused, Err(BadKeys::Nobody)));
    }

    #[test]
    fn every_issuer_is_listed_with_its_address() {
        let jwks_uri = "https://login.example/jwks".to_owned();
        assert_eq!(issuers().key_sets(), [KeysOf { alias: "corp".into(), jwks_uri }]);
    }
}
