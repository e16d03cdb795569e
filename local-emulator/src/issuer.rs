//! A test OIDC issuer: discovery and keys over HTTPS, and tokens signed right or wrong on purpose.

mod key;

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{Json, Router, extract::State, routing::get};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use self::key::Key;
pub use self::key::Signing;
use crate::{
    ca::{self, Authority},
    serve::{Bound, Control, Server},
};

/// Why there is no issuer or no token.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Its server certificate could not be made.
    #[error("the issuer has no certificate")]
    Certificate(#[from] ca::Error),
    /// A signing key could not be made.
    #[error("the issuer has no key")]
    Key(#[from] rcgen::Error),
    /// No free port.
    #[error("the issuer cannot listen")]
    Listen(#[from] io::Error),
    /// The token could not be signed.
    #[error("the token cannot be signed")]
    Sign(#[from] jsonwebtoken::errors::Error),
}

/// What a token says (RFC 9068).
#[derive(Clone, Debug)]
pub struct Claims {
    /// `sub`: who it is about.
    pub subject: String,
    /// `client_id`: the agent that asked for it.
    pub client: String,
    /// `groups`, in the issuer's own words.
    pub groups: Vec<String>,
    /// `aud`.
    pub audience: String,
    /// `exp` − `iat`.
    pub lifetime: Duration,
    /// How long ago it was issued (`iat` and `nbf`).
    pub age: Duration,
    /// Further members; they replace the ones above.
    pub more: Map<String, Value>,
}

impl Claims {
    /// A token for ten minutes from now, without groups.
    #[must_use]
    pub fn new(subject: &str, client: &str, audience: &str) -> Self {
        Self {
            subject: subject.to_owned(),
            client: client.to_owned(),
            groups: Vec::new(),
            audience: audience.to_owned(),
            lifetime: Duration::from_mins(10),
            age: Duration::ZERO,
            more: Map::new(),
        }
    }

    /// The same with these groups.
    #[must_use]
    pub fn groups(mut self, groups: &[&str]) -> Self {
        self.groups = groups.iter().map(|&group| group.to_owned()).collect();
        self
    }

    fn payload(&self, issuer: &str) -> Value {
        let age = i64::try_from(self.age.as_secs()).unwrap_or(i64::MAX);
        let lifetime = i64::try_from(self.lifetime.as_secs()).unwrap_or(i64::MAX);
        let issued = OffsetDateTime::now_utc().unix_timestamp().saturating_sub(age);
        let mut payload = json!({
            "iss": issuer, "sub": self.subject, "client_id": self.client, "aud": self.audience,
            "groups": self.groups, "jti": Uuid::new_v4().to_string(),
            "iat": issued, "nbf": issued, "exp": issued.saturating_add(lifetime),
        });
        if let Value::Object(members) = &mut payload {
            members.extend(self.more.clone());
        }
        payload
    }
}

/// One thing that is wrong with a token; all else about it is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// `alg` is `none` and there is no signature.
    AlgNone,
    /// It ended an hour ago.
    Expired,
    /// Signed with somebody else's key under our `kid`.
    ForeignKey,
    /// The payload was changed after signing.
    Tampered,
    /// Meant for another service.
    WrongAudience,
}

impl Flaw {
    /// Every flaw there is.
    pub const ALL: [Self; 5] =
        [Self::AlgNone, Self::Expired, Self::ForeignKey, Self::Tampered, Self::WrongAudience];
}

/// A running issuer. [`Control::calls`] counts `discovery` and `jwks`.
pub struct Issuer {
    url: String,
    site: Site,
    _server: Server,
}

#[derive(Clone)]
struct Site {
    url: String,
    keys: Arc<Mutex<Keys>>,
    control: Control,
}

/// The key that signs, and older ones that are published still.
struct Keys {
    current: Key,
    old: Vec<Key>,
}

impl Issuer {
    /// Starts on a free port with a key of its own (ES256).
    ///
    /// # Errors
    /// No key, certificate or port.
    pub async fn start(authority: &Authority) -> Result<Self, Error> {
        let bound = Bound::free().await?;
        let url = format!("https://localhost:{}", bound.port());
        let keys = Arc::new(Mutex::new(Keys {
            current: Key::fresh(Signing::default())?,
            old: Vec::new(),
        }));
        let failure = json!({"error": "server_error"});
        let control = Control::new(failure, json!({"error": "temporarily_unavailable"}));
        let site = Site { url: url.clone(), keys, control: control.clone() };
        let server = bound.serve(routes(site.clone()), Some(authority.server(&[])?), control);
        Ok(Self { url, site, _server: server })
    }

    /// The issuer's identifier (`iss`), which is also where discovery starts.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where its keys are.
    #[must_use]
    pub fn jwks_url(&self) -> String {
        format!("{}/jwks", self.url)
    }

    /// Its faults and counters.
    #[must_use]
    pub fn control(&self) -> &Control {
        &self.site.control
    }

    /// A good token (`at+jwt`) with a `jti` of its own.
    ///
    /// # Errors
    /// [`Error::Sign`].
    pub fn token(&self, claims: &Claims) -> Result<String, Error> {
        self.site.key().token(&claims.payload(&self.url))
    }

    /// A token with exactly one flaw.
    ///
    /// # Errors
    /// As for [`Issuer::token`].
    pub fn flawed(&self, claims: &Claims, flaw: Flaw) -> Result<String, Error> {
        let mut claims = claims.clone();
        let key = self.site.key();
        match flaw {
            Flaw::AlgNone => return Ok(key.unsigned(&claims.payload(&self.url))),
            Flaw::Expired => claims.age = claims.lifetime + Duration::from_hours(1),
            Flaw::ForeignKey => return key.namesake()?.token(&claims.payload(&self.url)),
            Flaw::Tampered => return self.tampered(&key, &claims),
            Flaw::WrongAudience => claims.audience = "https://elsewhere.example".to_owned(),
        }
        self.token(&claims)
    }

    /// A token of any header and payload, signed with the current key: for shapes that no honest
    /// issuer sends. `kid` and `alg` are filled in where the header has none.
    ///
    /// # Errors
    /// As for [`Issuer::token`].
    pub fn sign(&self, header: &Value, payload: &Value) -> Result<String, Error> {
        self.site.key().sign(header, payload)
    }

    /// Signs with a new key from now on; the old ones stay published until [`Issuer::retire`].
    ///
    /// # Errors
    /// No key could be made.
    pub fn rotate(&self, to: Signing) -> Result<(), Error> {
        let fresh = Key::fresh(to)?;
        let mut keys = self.site.keys();
        let old = std::mem::replace(&mut keys.current, fresh);
        keys.old.push(old);
        Ok(())
    }

    /// Publishes the current key alone.
    pub fn retire(&self) {
        self.site.keys().old.clear();
    }

    /// Signed for one subject, then told to be about another.
    fn tampered(&self, key: &Key, claims: &Claims) -> Result<String, Error> {
        let mut payload = claims.payload(&self.url);
        let honest = key.token(&payload)?;
        if let Value::Object(members) = &mut payload {
            members.insert("sub".to_owned(), "somebody-else".into());
        }
        let signature = honest.rsplit('.').next().unwrap_or_default();
        Ok(format!("{}.{signature}", key.message(&json!({}), &payload)))
    }
}

impl Site {
    fn keys(&self) -> MutexGuard<'_, Keys> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn key(&self) -> Key {
        self.keys().current.clone()
    }
}

fn routes(site: Site) -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery))
        .route("/jwks", get(jwks))
        .with_state(site)
}

async fn discovery(State(site): State<Site>) -> Json<Value> {
    site.control.count("discovery");
    Json(json!({
        "issuer": site.url,
        "jwks_uri": format!("{}/jwks", site.url),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256", "RS256"],
    }))
}

async fn jwks(State(site): State<Site>) -> Json<Value> {
    site.control.count("jwks");
    let keys = site.keys();
    let published: Vec<_> = keys.old.iter().chain([&keys.current]).map(Key::public).collect();
    Json(json!({ "keys": published }))
}
