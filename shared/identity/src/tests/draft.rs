//! A token before it is signed, member by member and as text, so that it can be wrong in any way.

use super::{
    signer::{Signer, base64url},
    stand::NOW,
};

/// Members in their order; values are JSON as it will be written.
#[derive(Clone)]
pub(crate) struct Draft {
    header: Vec<(String, String)>,
    claims: Vec<(String, String)>,
}

impl Draft {
    /// A good token of `corp`, for this key.
    pub(crate) fn corp(key: &Signer) -> Self {
        let header =
            [("alg", quoted(key.algorithm)), ("kid", quoted(key.kid)), ("typ", quoted("at+jwt"))];
        let claims = [
            ("iss", quoted("https://login.example")),
            ("aud", quoted("https://postern.example/v1")),
            ("sub", quoted("alice")),
            ("client_id", quoted("notebook")),
            ("jti", quoted("t-1")),
            ("iat", (NOW - 10).to_string()),
            ("nbf", (NOW - 10).to_string()),
            ("exp", (NOW + 600).to_string()),
            ("groups", r#"["7f3c-analysts","9d21-others"]"#.into()),
        ];
        Self { header: header.map(named).into(), claims: claims.map(named).into() }
    }

    /// A good token of `plant`, which has other rules.
    pub(crate) fn plant(key: &Signer) -> Self {
        let claims = [
            ("iss", quoted("https://plant.example")),
            ("aud", r#"["https://postern.example/v1"]"#.into()),
            ("sub", quoted("press 7")),
            ("azp", quoted("scheduler")),
            ("iat", NOW.to_string()),
            ("exp", (NOW + 300).to_string()),
            ("roles", r#"["operator"]"#.into()),
        ];
        let header = [("alg", quoted(key.algorithm))];
        Self { header: header.map(named).into(), claims: claims.map(named).into() }
    }

    /// With this claim, in the place of the one of this name if there is one.
    pub(crate) fn claim(mut self, name: &str, value: impl ToString) -> Self {
        put(&mut self.claims, name, value.to_string());
        self
    }

    pub(crate) fn no_claim(mut self, name: &str) -> Self {
        self.claims.retain(|(other, _)| other != name);
        self
    }

    /// With one more claim, whether or not there is one of this name.
    pub(crate) fn also_claim(mut self, name: &str, value: impl ToString) -> Self {
        self.claims.push((name.into(), value.to_string()));
        self
    }

    /// The JSON of a claim.
    pub(crate) fn value(&self, name: &str) -> String {
        let found = self.claims.iter().find(|(other, _)| other == name);
        found.map_or_else(|| "null".into(), |(_, value)| value.clone())
    }

    pub(crate) fn member(mut self, name: &str, value: impl ToString) -> Self {
        put(&mut self.header, name, value.to_string());
        self
    }

    pub(crate) fn no_member(mut self, name: &str) -> Self {
        self.header.retain(|(other, _)| other != name);
        self
    }

    pub(crate) fn also_member(mut self, name: &str, value: impl ToString) -> Self {
        self.header.push((name.into(), value.to_string()));
        self
    }

    /// The header's JSON.
    pub(crate) fn header(&self) -> String {
        object(&self.header)
    }

    /// The claims' JSON.
    pub(crate) fn claims(&self) -> String {
        object(&self.claims)
    }

    /// The token.
    pub(crate) fn signed_by(&self, key: &Signer) -> String {
        compact(self.header(), self.claims(), key)
    }

    /// What is to be signed.
    pub(crate) fn unsigned(&self) -> String {
        format!("{}.{}", base64url(self.header()), base64url(self.claims()))
    }
}

/// A signed token of any two contents.
pub(crate) fn compact(header: impl AsRef<[u8]>, claims: impl AsRef<[u8]>, key: &Signer) -> String {
    let signed = format!("{}.{}", base64url(header), base64url(claims));
    let signature = base64url(key.sign(&signed));
    format!("{signed}.{signature}")
}

/// The text in base64url with a bit set that no byte holds. White space is put behind it so that
/// its last letter has two such bits.
pub(crate) fn loosened(text: &str) -> String {
    let spaces = 1 + (4 - text.len() % 3) % 3;
    let exact = base64url(format!("{text}{}", " ".repeat(spaces)));
    let (most, last) = exact.split_at(exact.len() - 1);
    assert_eq!((last, exact.len() % 4), ("A", 3));
    format!("{most}B")
}

/// A text as JSON.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn named((name, value): (&str, String)) -> (String, String) {
    (name.into(), value)
}

fn put(members: &mut Vec<(String, String)>, name: &str, value: String) {
    match members.iter_mut().find(|(other, _)| other == name) {
        Some((_, old)) => *old = value,
        None => members.push((name.into(), value)),
    }
}

fn object(members: &[(String, String)]) -> String {
    let members: Vec<String> =
        members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    format!("{{{}}}", members.join(","))
}
