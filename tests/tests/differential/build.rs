//! A token on its way from members to text, which can go wrong at every step.

use std::rc::Rc;

use serde_json::Value;

use crate::signer::{Signer, base64url};

/// Something that is wrong with a token, or with a proof, and what it is called.
#[derive(Clone)]
pub(crate) struct Damage {
    pub(crate) what: String,
    pub(crate) does: Rc<dyn Fn(&mut Build<'_>)>,
}

impl Damage {
    pub(crate) fn new(what: impl Into<String>, does: impl Fn(&mut Build<'_>) + 'static) -> Self {
        Self { what: what.into(), does: Rc::new(does) }
    }
}

/// Members of an object in their order; names and values as they will be written.
#[derive(Clone)]
pub(crate) struct Members(pub(crate) Vec<(String, String)>);

impl Members {
    pub(crate) fn of(value: &Value) -> Self {
        let members = value.as_object().unwrap().iter();
        Self(members.map(|(name, value)| (name.clone(), value.to_string())).collect())
    }

    /// With this member, in the place of the one of this name if there is one.
    pub(crate) fn put(&mut self, name: &str, value: impl ToString) {
        match self.0.iter_mut().find(|(other, _)| other == name) {
            Some((_, old)) => *old = value.to_string(),
            None => self.also(name, value),
        }
    }

    /// With one more member, whether or not there is one of this name.
    pub(crate) fn also(&mut self, name: &str, value: impl ToString) {
        self.0.push((name.into(), value.to_string()));
    }

    pub(crate) fn drop(&mut self, name: &str) {
        self.0.retain(|(other, _)| other != name);
    }

    /// What is written for the value.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        let members = self.0.iter().map(|(name, value)| format!("\"{name}\":{value}"));
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    }
}

type Respell = Rc<dyn Fn(String) -> Vec<u8>>;
type Resign = Rc<dyn Fn(Vec<u8>) -> Vec<u8>>;
type Rewrite = Rc<dyn Fn(String) -> String>;

/// All steps.
pub(crate) struct Build<'k> {
    pub(crate) header: Members,
    pub(crate) claims: Members,
    /// What becomes of the JSON texts.
    pub(crate) header_text: Option<Respell>,
    pub(crate) claims_text: Option<Respell>,
    /// Who signs.
    pub(crate) signer: &'k Signer,
    /// What becomes of the signature.
    pub(crate) signature: Option<Resign>,
    /// By which algorithm it is signed, if not by the key's own.
    pub(crate) algorithm: Option<&'static str>,
    /// What becomes of the token.
    pub(crate) token: Option<Rewrite>,
    /// Other keys: of the same issuer, of another one, and of nobody.
    pub(crate) others: &'k [&'k Signer],
}

impl<'k> Build<'k> {
    pub(crate) fn new(
        signer: &'k Signer,
        others: &'k [&'k Signer],
        header: &Value,
        claims: &Value,
    ) -> Self {
        Self {
            header: Members::of(header),
            claims: Members::of(claims),
            header_text: None,
            claims_text: None,
            signer,
            signature: None,
            algorithm: None,
            token: None,
            others,
        }
    }

    /// After this damage.
    pub(crate) fn after(mut self, damage: &Damage) -> Self {
        (damage.does)(&mut self);
        self
    }

    /// The token.
    pub(crate) fn text(&self) -> String {
        let part = |members: &Members, respell: &Option<Respell>| match respell {
            Some(respell) => base64url(respell(members.text())),
            None => base64url(members.text()),
        };
        let header = part(&self.header, &self.header_text);
        let text = format!("{header}.{}", part(&self.claims, &self.claims_text));
        let signature = self.signer.sign_by(self.algorithm.unwrap_or(self.signer.algorithm), &text);
        let signature = match &self.signature {
            Some(change) => change(signature),
            None => signature,
        };
        let token = format!("{text}.{}", base64url(signature));
        match &self.token {
            Some(rewrite) => rewrite(token),
            None => token,
        }
    }
}

/// A text as JSON.
pub(crate) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
