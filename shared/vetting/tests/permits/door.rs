//! An issuer with a real key, and one analyst that it vouches for.

use std::{
    collections::BTreeMap,
    pin::pin,
    sync::{Arc, LazyLock},
    task::{Context, Poll, Waker},
};

use identity::{Chain, FetchError, Issuers, KeySource, Verified, Verifier};
use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::Jwk};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256};
use request::{Bearer, Clock, Later, Millis, Over, Presented, Scheme};
use serde_json::json;

/// The evidence of who the analyst is.
pub(crate) fn known() -> Verified<Chain> {
    let now = NOW.seconds();
    let claims = json!({
        "iss": "https://login.example", "aud": "https://postern.example", "sub": "analyst-1",
        "client_id": "notebook", "jti": "t-1", "groups": ["7f3c-analysts"],
        "iat": now - 10, "nbf": now - 10, "exp": now + 600,
    });
    let mut header = Header::new(Algorithm::ES256);
    header.typ = Some("at+jwt".into());
    header.kid = Some("one".into());
    let token = Bearer::new(jsonwebtoken::encode(&header, &claims, &DOOR.key).unwrap());
    let over = Over { method: "POST".into(), path: "/v1/query".into(), body: None };
    let presented = Presented { scheme: Scheme::Bearer, token, proof: None, over };
    at_once(identity::verify(&presented, &DOOR.verifier)).unwrap()
}

struct Door {
    key: EncodingKey,
    verifier: Verifier,
}

static DOOR: LazyLock<Door> = LazyLock::new(|| {
    let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
    let key = EncodingKey::from_ec_pem(pair.serialize_pem().as_bytes()).unwrap();
    let mut public = Jwk::from_encoding_key(&key, Algorithm::ES256).unwrap();
    public.common.key_id = Some("one".into());
    let keys = Arc::new(Published(json!({"keys": [public]}).to_string().into_bytes()));
    let issuers = Issuers::parse("issuers.toml", ISSUERS).unwrap();
    let verifier = Verifier::new(issuers, keys, Arc::new(Still), BTreeMap::new()).unwrap();
    Door { key, verifier }
});

/// The key set that the issuer publishes.
struct Published(Vec<u8>);

impl KeySource for Published {
    fn fetch<'a>(&'a self, _: &'a str) -> Later<'a, Result<Vec<u8>, FetchError>> {
        Box::pin(async { Ok(self.0.clone()) })
    }
}

/// A clock that stands still.
struct Still;

impl Clock for Still {
    fn now(&self) -> Millis {
        NOW
    }
}

/// The result of what never waits for anything.
fn at_once<T>(work: impl Future<Output = T>) -> T {
    match pin!(work).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("it waits"),
    }
}

const NOW: Millis = Millis(1_800_000_000_000);

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
