//! The managed-identity endpoint of App Service and Functions: tokens for whoever knows its header.

use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Json, Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    routing::get,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::serve::{self, Bound, Control};

/// The tokens that the endpoint gave out, for the services that accept them. Clones share them.
#[derive(Clone)]
pub struct Tokens(Arc<Mutex<Issued>>);

struct Issued {
    lifetime: Duration,
    grants: BTreeMap<String, Grant>,
}

struct Grant {
    resource: String,
    /// Unix seconds.
    expires_on: i64,
}

impl Tokens {
    /// Whether this token was given out for this resource and has not ended.
    #[must_use]
    pub fn admits(&self, token: &str, resource: &str) -> bool {
        let issued = self.issued();
        let grant = issued.grants.get(token);
        grant.is_some_and(|grant| grant.resource == resource && grant.expires_on > now())
    }

    /// Ends every token given out so far.
    pub fn revoke(&self) {
        self.issued().grants.clear();
    }

    /// How long tokens last from now on.
    pub fn last(&self, lifetime: Duration) {
        self.issued().lifetime = lifetime;
    }

    fn issue(&self, resource: String) -> (String, i64) {
        let mut issued = self.issued();
        let lifetime = i64::try_from(issued.lifetime.as_secs()).unwrap_or(i64::MAX);
        let expires_on = now().saturating_add(lifetime);
        let token = compact(&resource, expires_on);
        issued.grants.insert(token.clone(), Grant { resource, expires_on });
        (token, expires_on)
    }

    fn issued(&self) -> MutexGuard<'_, Issued> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A running endpoint. [`Control::calls`] counts `token`: the tokens given out.
pub struct Server {
    site: Site,
    server: serve::Server,
}

#[derive(Clone)]
struct Site {
    header: String,
    client: String,
    tokens: Tokens,
    control: Control,
}

impl Server {
    /// Starts on a free port, with a header and a client id of its own.
    ///
    /// # Errors
    /// No free port.
    pub async fn start() -> io::Result<Self> {
        let issued = Issued { lifetime: DAY, grants: BTreeMap::new() };
        let site = Site {
            header: format!("canary-{}", Uuid::new_v4().simple()),
            client: Uuid::new_v4().to_string(),
            tokens: Tokens(Arc::new(Mutex::new(issued))),
            control: Control::new(
                json!({"statusCode": 500, "message": "told to fail"}),
                json!({"statusCode": 429, "message": "asked too often"}),
            ),
        };
        let routes = Router::new().route("/msi/token", get(token)).with_state(site.clone());
        let server = Bound::free().await?.serve(routes, None, site.control.clone());
        Ok(Self { site, server })
    }

    /// The value of `IDENTITY_ENDPOINT`.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}/msi/token", self.server.port())
    }

    /// The value of `IDENTITY_HEADER`, a secret.
    #[must_use]
    pub fn header(&self) -> &str {
        &self.site.header
    }

    /// The client id of the one user-assigned identity that there is.
    #[must_use]
    pub fn client(&self) -> &str {
        &self.site.client
    }

    /// What it gave out.
    #[must_use]
    pub fn tokens(&self) -> &Tokens {
        &self.site.tokens
    }

    /// Its faults and counters.
    #[must_use]
    pub fn control(&self) -> &Control {
        &self.site.control
    }
}

/// A token in Entra's form, whose claims a service may read. In place of a signature stands what
/// nobody can guess, recognisable, so that a search through logs and answers would find it.
fn compact(resource: &str, expires_on: i64) -> String {
    let claims = json!({
        "aud": resource, "iss": ISSUER, "iat": now(), "nbf": now(), "exp": expires_on,
    });
    let part = |part: Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let secret = format!("canary-{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
    format!("{}.{}.{secret}", part(json!({"alg": "RS256", "typ": "JWT"})), part(claims))
}

/// A tenant of Entra's.
const ISSUER: &str = "https://sts.windows.net/00000000-0000-0000-0000-000000000001/";

#[derive(Deserialize)]
struct Asked {
    resource: Option<String>,
    #[serde(rename = "api-version")]
    api_version: Option<String>,
    client_id: Option<String>,
}

type Answer = (StatusCode, Json<Value>);

async fn token(State(site): State<Site>, headers: HeaderMap, Query(asked): Query<Asked>) -> Answer {
    let header = headers.get("x-identity-header").and_then(|value| value.to_str().ok());
    if header != Some(&site.header) {
        return refused(StatusCode::UNAUTHORIZED, "the identity header is missing or wrong");
    }
    if asked.api_version.as_deref() != Some("2019-08-01") {
        return refused(StatusCode::BAD_REQUEST, "`api-version` must be 2019-08-01");
    }
    if asked.client_id.is_some_and(|client| client != site.client) {
        return refused(StatusCode::BAD_REQUEST, "no identity of this client id is assigned");
    }
    let Some(resource) = asked.resource.filter(|resource| !resource.is_empty()) else {
        return refused(StatusCode::BAD_REQUEST, "`resource` is missing");
    };
    (StatusCode::OK, Json(grant(&site, resource)))
}

fn grant(site: &Site, resource: String) -> Value {
    site.control.count("token");
    let (token, expires_on) = site.tokens.issue(resource.clone());
    json!({
        "access_token": token,
        // Seconds in a string: that is the protocol, and clients insist on it.
        "expires_on": expires_on.to_string(),
        "resource": resource,
        "token_type": "Bearer",
        "client_id": site.client,
    })
}

fn refused(status: StatusCode, message: &str) -> Answer {
    (status, Json(json!({"statusCode": status.as_u16(), "message": message})))
}

fn now() -> i64 {
    OffsetDateTime::now_utc().unix_timestamp()
}

/// How long Microsoft's tokens for managed identities last.
const DAY: Duration = Duration::from_hours(24);
