//! A token before it is signed, member by member and as text, so that it can be wrong in any way.

use serde_json::{Value, json};

use super::{
    GATEWAY, NOW, OURS,
    signer::{Signer, base64url},
};

/// Members in their order; values are JSON as it will be written.
#[derive(Clone)]
pub(crate) struct Draft {
    header: Vec<(String, String)>,
    claims: Vec<(String, String)>,
}

impl Draft {
    /// With these members, in this order of theirs.
    pub(crate) fn of(header: &Value, claims: &Value) -> Self {
        let members = |value: &Value| {
            let members = value.as_object().unwrap().iter();
            members.map(|(name, value)| (name.clone(), value.to_string())).collect()
        };
        Self { header: members(header), claims: members(claims) }
    }

    /// A good token of `corp`, for this key.
    pub(crate) fn corp(key: &Signer) -> Self {
        let header = json!({"alg": key.algorithm, "kid": key.kid, "typ": "at+jwt"});
        let claims = json!({
            "iss": "https://login.example", "aud": OURS, "sub": "alice", "client_id": "notebook",
            "jti": "t-1", "iat": NOW - 10, "nbf": NOW - 10, "exp": NOW + 600,
            "groups": ["7f3c-dba"],
        });
        Self::of(&header, &claims)
    }

    /// A good token of `plant`, which says less of itself.
    pub(crate) fn plant(key: &Signer) -> Self {
        let header = json!({"alg": key.algorithm, "kid": key.kid, "typ": "JWT"});
        let claims = json!({
            "iss": "https://plant.example", "aud": [OURS], "sub": "press-7", "client_id": "line-2",
            "iat": NOW - 10, "exp": NOW + 290,
        });
        Self::of(&header, &claims)
    }

    /// A token of ours for a leaf without a key at this depth, good for a minute.
    pub(crate) fn ours(key: &Signer, depth: usize) -> Self {
        let path: Vec<String> = (0..=depth).map(node).collect();
        let header = json!({"alg": "ES256", "kid": key.kid, "typ": "at+jwt"});
        let claims = json!({
            "iss": GATEWAY, "aud": OURS, "sub": "corp|alice", "client_id": path[depth],
            "jti": "t-1", "txn": "tree-1", "iat": NOW, "nbf": NOW, "exp": NOW + 60,
            "act": acting(&path),
            "agt": {
                "v": 1, "path": path, "depth": depth, "max": depth, "cls": "bearer-leaf",
                "lbl": "totals",
            },
            "groups": ["dbas"], "authorization_details": [],
        });
        Self::of(&header, &claims)
    }

    /// The same bound to this key.
    pub(crate) fn ours_bound(key: &Signer, depth: usize, to: &Signer) -> Self {
        let draft = Self::ours(key, depth).claim("cnf", json!({"jkt": to.thumbprint()}));
        draft.change("agt", |agent| agent["cls"] = "dpop".into())
    }

    /// With this claim as JSON, in the place of the one of this name if there is one.
    pub(crate) fn claim(mut self, name: &str, value: impl ToString) -> Self {
        put(&mut self.claims, name, value.to_string());
        self
    }

    /// With this claim as it is after the change.
    pub(crate) fn change(self, name: &str, change: impl FnOnce(&mut Value)) -> Self {
        let text = &self.claims.iter().find(|(other, _)| other == name).unwrap().1;
        let mut value: Value = serde_json::from_str(text).unwrap();
        change(&mut value);
        self.claim(name, value)
    }

    pub(crate) fn no_claim(mut self, name: &str) -> Self {
        self.claims.retain(|(other, _)| other != name);
        self
    }

    /// With one more claim, whether or not there is one of this name. The name is as it is written.
    pub(crate) fn also_claim(mut self, name: &str, value: impl ToString) -> Self {
        self.claims.push((name.into(), value.to_string()));
        self
    }

    /// With this member of the header as JSON.
    pub(crate) fn member(mut self, name: &str, value: impl ToString) -> Self {
        put(&mut self.header, name, value.to_string());
        self
    }

    pub(crate) fn no_member(mut self, name: &str) -> Self {
        self.header.retain(|(other, _)| other != name);
        self
    }

    /// With one more member, whether or not there is one of this name.
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

    /// What is to be signed.
    pub(crate) fn unsigned(&self) -> String {
        format!("{}.{}", base64url(self.header()), base64url(self.claims()))
    }

    /// The token.
    pub(crate) fn signed_by(&self, key: &Signer) -> String {
        signed(&self.unsigned(), key)
    }

    /// The token under a signature from elsewhere.
    pub(crate) fn under(&self, signature: impl AsRef<[u8]>) -> String {
        format!("{}.{}", self.unsigned(), base64url(signature))
    }
}

/// The text and its signature.
pub(crate) fn signed(text: &str, key: &Signer) -> String {
    format!("{text}.{}", base64url(key.sign(text)))
}

/// A text as JSON.
pub(crate) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// The id of a node of ours.
pub(crate) fn node(n: usize) -> String {
    format!("n_{}", base64url([u8::try_from(n).unwrap(); 16]))
}

/// The nested actors of a path, the last one outermost.
pub(crate) fn acting(path: &[String]) -> Value {
    let inner = path.iter().fold(Value::Null, |inner, node| match inner {
        Value::Null => json!({"sub": node}),
        inner => json!({"sub": node, "act": inner}),
    });
    let mut outermost = inner;
    outermost["iss"] = GATEWAY.into();
    outermost["sub_profile"] = "ai_agent".into();
    outermost
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
