//! An issuer with one real key, and agents that it vouches for.

use std::{
    collections::BTreeMap,
    future::Future,
    sync::{Arc, LazyLock},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use identity::{Chain, FetchError, Issuers, KeySource, Own, Verified, Verifier};
use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::Jwk};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256};
use request::{Bearer, Later, Over, Presented, Scheme};
use serde_json::{Map, Value, json};

use super::{NOW, Still};

const ISSUERS: &str = r#"
    [issuers.corp]
    issuer = "https://login.example"
    jwks_uri = "https://login.example/jwks"
    audience = ["https://postern.example"]
    algorithms = ["ES256"]
    types = ["at+jwt"]
    max_lifetime_s = 3600
    [issuers.corp.groups]
    "7f3c-analysts" = "analysts"
    "7f3c-admins" = "admins"
"#;

const TOKENS: &str = r#"
    issuer = "https://gw.example"
    resource = "https://gw.example/v1"
    urls = ["https://gw.example"]
    max_depth = 8
    replays = 3
"#;

static DOOR: LazyLock<Door> = LazyLock::new(Door::new);

struct Door {
    key: EncodingKey,
    keys: Arc<Published>,
    verifier: Verifier,
}

/// The key set that the issuer publishes.
struct Published(Vec<u8>);

impl KeySource for Published {
    fn fetch<'a>(&'a self, _: &'a str) -> Later<'a, Result<Vec<u8>, FetchError>> {
        Box::pin(async { Ok(self.0.clone()) })
    }
}

impl Door {
    fn new() -> Self {
        let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let key = EncodingKey::from_ec_pem(pair.serialize_pem().as_bytes()).unwrap();
        let mut public = Jwk::from_encoding_key(&key, Algorithm::ES256).unwrap();
        public.common.key_id = Some(KEY.into());
        let keys = Published(json!({"keys": [public]}).to_string().into_bytes());
        let keys = Arc::new(keys);
        Self { key, verifier: believing(keys.clone()), keys }
    }
}

fn believing(keys: Arc<Published>) -> Verifier {
    let issuers = Issuers::parse("issuers.toml", ISSUERS).unwrap();
    let own = Own::parse("tokens.toml", TOKENS, &keys.0).unwrap();
    let verifier = Verifier::new(issuers, keys, Arc::new(Still), BTreeMap::new()).unwrap();
    verifier.with_own(own, None).unwrap()
}

/// Our own issuer. It signs with the key of the other one: whose a token is, `iss` says.
pub(crate) fn own() -> Own {
    Own::parse("tokens.toml", TOKENS, &DOOR.keys.0).unwrap()
}

/// The claims of a token that is not signed yet.
pub(crate) fn claims(message: &str) -> Map<String, Value> {
    let claims = message.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap()
}

/// A verifier of one's own, who believes the same issuer.
pub(crate) fn verifier() -> Verifier {
    believing(DOOR.keys.clone())
}

/// Somebody with a token.
#[derive(Clone)]
pub(crate) struct Agent(pub(super) Map<String, Value>);

/// An analyst of this name.
pub(crate) fn agent(subject: &str) -> Agent {
    let now = NOW.seconds();
    let claims = json!({
        "iss": "https://login.example", "aud": "https://postern.example", "sub": subject,
        "client_id": "notebook", "jti": "t-1", "groups": ["7f3c-analysts"],
        "iat": now - 10, "nbf": now - 10, "exp": now + 600,
    });
    let Value::Object(claims) = claims else { panic!("claims are an object") };
    Agent(claims)
}

impl Agent {
    /// With this claim in the token.
    pub(crate) fn claim(mut self, name: &str, value: Value) -> Self {
        self.0.insert(name.into(), value);
        self
    }

    pub(crate) fn token(&self) -> String {
        let mut header = Header::new(Algorithm::ES256);
        header.typ = Some("at+jwt".into());
        header.kid = Some(KEY.into());
        jsonwebtoken::encode(&header, &self.0, &DOOR.key).unwrap()
    }

    /// The evidence of who this is.
    pub(crate) fn known(&self) -> Verified<Chain> {
        wait(identity::verify(&self.presented(), &DOOR.verifier)).unwrap()
    }

    /// What it shows of itself.
    pub(crate) fn presented(&self) -> Presented {
        let over = Over { method: "POST".into(), path: "/v1/query".into(), body: None };
        Presented { scheme: Scheme::Bearer, token: Bearer::new(self.token()), proof: None, over }
    }
}

/// Runs to the end on a thread of its own, so that a test inside of a runtime may call it as well.
fn wait<T: Send>(work: impl Future<Output = T> + Send) -> T {
    let alone = || tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work);
    std::thread::scope(|scope| scope.spawn(alone).join().unwrap())
}

const KEY: &str = "one";
