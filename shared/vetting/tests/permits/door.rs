//! An issuer with a real key, one analyst that it vouches for, and an agent that works for the analyst.

use std::{
    collections::BTreeMap,
    pin::pin,
    sync::{Arc, LazyLock},
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
};

use identity::{Chain, FetchError, Issuers, KeySource, Verified, Verifier};
use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::Jwk};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256};
use request::{Bearer, Clock, Later, Millis, Over, Presented, Scheme};
use serde_json::json;

/// The evidence of who the analyst is.
pub(crate) fn known() -> Verified<Chain> {
    known_by("t-1")
}

/// The same by a token of this name, which makes a session of its own.
pub(crate) fn known_by(name: &str) -> Verified<Chain> {
    let now = NOW.seconds();
    let claims = json!({
        "iss": "https://login.example", "aud": "https://postern.example", "sub": "analyst-1",
        "client_id": "notebook", "jti": name, "groups": ["7f3c-analysts"],
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

/// The evidence of who an agent of the analyst's is, with rights to read, change and delete these. It
/// comes from what is kept of a chain while a request of its waits for people.
pub(crate) fn agent(objects: &[&str]) -> Verified<Chain> {
    let mut kept = known().get().kept().unwrap();
    let root = kept["actor"]["node"].clone();
    kept["grant"] = json!({
        "accounts": [], "class": "dpop", "confirmation": "x", "id": "t-2", "label": "totals",
        "groups": [["analysts"], ["analysts"]], "max_depth": 1, "path": [root, "n_child"],
        "root": ["corp", "analyst-1"], "root_actor": null, "root_client": "notebook",
        "tree": "tree-1", "workload": null,
        "rights": [{
            "type": "postgres", "locations": ["shop"], "actions": ["select", "update", "delete"],
            "objects": objects,
        }],
    });
    identity::resume(&kept, NOW).unwrap()
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

/// The result of what waits for nothing but other tests, which ask for the same keys at the same time.
fn at_once<T>(work: impl Future<Output = T>) -> T {
    let waker = Waker::from(Arc::new(Woken(thread::current())));
    let mut work = pin!(work);
    loop {
        match work.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(done) => return done,
            Poll::Pending => thread::park(),
        }
    }
}

/// Goes on with the test that waits.
struct Woken(Thread);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
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
