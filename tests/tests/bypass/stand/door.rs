//! An issuer with a real key, and analysts that it vouches for.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

use identity::{Chain, FetchError, Issuers, KeySource, Verified, Verifier};
use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::Jwk};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256};
use request::{Bearer, Clock, Later, Millis, Over, Presented, Scheme};
use serde_json::json;

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
"#;

/// The time in all tests, in milliseconds.
const NOW: Millis = Millis(1_800_000_000_000);

/// A clock that stands still.
pub(crate) struct Still;

impl Clock for Still {
    fn now(&self) -> Millis {
        NOW
    }
}

static DOOR: LazyLock<Door> = LazyLock::new(Door::new);

struct Door {
    key: EncodingKey,
    keys: Arc<Published>,
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
        Self { key, keys: Arc::new(keys) }
    }
}

/// Who believes the issuer.
pub(crate) fn verifier() -> Verifier {
    let issuers = Issuers::parse("issuers.toml", ISSUERS).unwrap();
    Verifier::new(issuers, DOOR.keys.clone(), Arc::new(Still), BTreeMap::new()).unwrap()
}

/// What an analyst of this name shows of itself: a token signed for this very request.
pub(crate) fn presented(subject: &str) -> Presented {
    let now = NOW.seconds();
    let claims = json!({
        "iss": "https://login.example", "aud": "https://postern.example", "sub": subject,
        "client_id": "notebook", "jti": "t-1", "groups": ["7f3c-analysts"],
        "iat": now - 10, "nbf": now - 10, "exp": now + 600,
    });
    let mut header = Header::new(Algorithm::ES256);
    header.typ = Some("at+jwt".into());
    header.kid = Some(KEY.into());
    let token = jsonwebtoken::encode(&header, &claims, &DOOR.key).unwrap();
    let over = Over { method: "POST".into(), path: "/v1/query".into(), body: None };
    Presented { scheme: Scheme::Bearer, token: Bearer::new(token), proof: None, over }
}

/// The evidence of who the analyst is.
pub(crate) async fn known(verifier: &Verifier) -> Verified<Chain> {
    identity::verify(&presented("ada"), verifier).await.unwrap()
}

const KEY: &str = "one";
