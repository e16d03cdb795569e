//! An agent as a client of the token function: exchange, spawn, redeem, renew, revoke, introspect.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::Method;
use serde_json::{Map, Value, json};

use super::{Agent, Answer, Deployment, Error, Function};
use crate::key::Key;

/// What a parent wants its child to have.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// All that it has itself, said aloud: nobody inherits by leaving something out.
    Inherit,
    /// As many of these as it has itself.
    Meet(Value),
    /// No statement of any kind.
    Nothing,
    /// Exactly these (`authorization_details`, RFC 9396), or a refusal.
    Rights(Value),
}

/// A child that a parent asks for.
#[derive(Clone, Debug)]
pub struct Spawn(Map<String, Value>);

impl Spawn {
    /// A child with a key of its own, called by this label.
    #[must_use]
    pub fn new(label: &str, wanted: &Wanted) -> Self {
        let spawn = Self(Map::new()).with("label", label.into());
        match wanted {
            Wanted::Inherit => spawn.with("inherit", true.into()),
            Wanted::Nothing => spawn,
            Wanted::Rights(rights) => spawn.with("authorization_details", rights.clone()),
            Wanted::Meet(rights) => {
                spawn.with("authorization_details", rights.clone()).with("attenuate", "meet".into())
            }
        }
    }

    /// The same with one more member, such as `ttl`, `max_depth`, `class` or `groups`.
    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.0.insert(name.to_owned(), value);
        self
    }
}

/// What a parent hands to its child. No `Debug`: whoever has it first is the child.
pub struct Ticket {
    /// The child's node.
    pub node: String,
    /// The ticket, good once.
    pub ticket: String,
    /// Seconds that it waits for the child.
    pub expires_in: u64,
}

impl Deployment {
    /// `POST /token` with these fields after the ones that every exchange has.
    ///
    /// # Errors
    /// The function did not answer.
    pub async fn token(
        &self,
        subject: (&str, &str),
        key: Option<&Key>,
        more: &[(&str, &str)],
    ) -> Result<Answer, Error> {
        let resource = self.resource();
        let own = [
            ("grant_type", EXCHANGE),
            ("subject_token", subject.0),
            ("subject_token_type", subject.1),
            ("resource", resource.as_str()),
        ];
        let call = self.call(Method::POST, Function::Token, "/token", key);
        call.form(own.into_iter().chain(more.iter().copied())).send().await
    }

    /// Turns somebody's access token into one of ours, bound to this key, with these rights or with
    /// none.
    ///
    /// # Errors
    /// The function did not answer, or refused.
    pub async fn exchange(
        &self,
        token: &str,
        key: &Key,
        rights: Option<&Value>,
    ) -> Result<Agent, Error> {
        let rights = rights.map(Value::to_string);
        let fields = rights.as_ref().map(|text| ("authorization_details", text.as_str()));
        let answer = self.token((token, ACCESS_TOKEN), Some(key), fields.as_slice()).await?;
        self.issued(&answer.ok()?, Some(key))
    }

    /// Takes a parent's ticket and becomes its child, with this key or, for a class that has none,
    /// without.
    ///
    /// # Errors
    /// The function did not answer, or refused.
    pub async fn redeem(&self, ticket: &str, key: Option<&Key>) -> Result<Agent, Error> {
        let answer = self.token((ticket, SPAWN_TICKET), key, &[]).await?;
        self.issued(&answer.ok()?, key)
    }

    fn issued(&self, answer: &Answer, key: Option<&Key>) -> Result<Agent, Error> {
        let bound = answer.text_at("/token_type")? == "DPoP";
        let key = key.filter(|_| bound).cloned();
        Ok(Agent::holding(self, &answer.text_at("/access_token")?, key))
    }
}

impl Agent {
    /// Asks for a child, which redeems the ticket.
    ///
    /// # Errors
    /// The function did not answer, or refused.
    pub async fn spawn(&self, spawn: &Spawn) -> Result<Ticket, Error> {
        let call = self.call(Method::POST, Function::Token, "/v1/spawn");
        let answer = call.json(&Value::Object(spawn.0.clone())).send().await?.ok()?;
        Ok(Ticket {
            node: answer.text_at("/node")?,
            ticket: answer.text_at("/ticket")?,
            expires_in: answer.body.get("expires_in").and_then(Value::as_u64).unwrap_or_default(),
        })
    }

    /// A token with more time before it, for the same node and key, with the same rights.
    ///
    /// # Errors
    /// The function did not answer, or refused: an agent without a key is not renewed.
    pub async fn renew(&self) -> Result<Self, Error> {
        let answer = self.at.token((&self.token, ACCESS_TOKEN), self.key.as_ref(), &[]).await?;
        self.at.issued(&answer.ok()?, self.key.as_ref())
    }

    /// Ends a node and all below it: `DELETE /v1/nodes/{id}`.
    ///
    /// # Errors
    /// The function did not answer.
    pub async fn revoke(&self, node: &str) -> Result<Answer, Error> {
        let path = format!("/v1/nodes/{node}");
        self.call(Method::DELETE, Function::Token, &path).send().await
    }

    /// What the token function knows of a token: `POST /introspect`.
    ///
    /// # Errors
    /// The function did not answer.
    pub async fn introspect(&self, token: &str) -> Result<Answer, Error> {
        let call = self.call(Method::POST, Function::Token, "/introspect");
        call.form([("token", token)]).send().await
    }

    /// The claims of its token, unverified: what anybody can read who holds it.
    #[must_use]
    pub fn claims(&self) -> Value {
        let payload = self.token.split('.').nth(1).unwrap_or_default();
        let bytes = URL_SAFE_NO_PAD.decode(payload).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or(Value::Null)
    }

    /// Its node, by its token; empty for a token that is not ours.
    #[must_use]
    pub fn node(&self) -> String {
        let claims = self.claims();
        claims.get("client_id").and_then(Value::as_str).unwrap_or_default().to_owned()
    }
}

/// `authorization_details` for these actions on these objects of one target of PostgreSQL.
#[must_use]
pub fn rights(target: &str, actions: &[&str], objects: &[&str]) -> Value {
    json!([{"type": "postgres", "locations": [target], "actions": actions, "objects": objects}])
}

/// RFC 8693, 2.1.
pub const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
/// RFC 8693, 3.
pub const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
/// What `POST /v1/spawn` hands out.
pub const SPAWN_TICKET: &str = "urn:postern:token-type:spawn_ticket";
