//! The whole function over a store on disk and real keys, asked as a client asks it.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use audit::Ledger;
use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use axum::{
    Router,
    body::{Body, to_bytes},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use delegation::{Ports, SignError, Signer};
use host::Place;
use http::{HeaderMap, Request, StatusCode};
use identity::{FetchError, Issuers, KeySource, NoNonces, NonceKeys, Own, Verifier};
use policy::{Policies, SourceFile, Targets};
use request::{Clock, Deadline, Digest, Later, Millis, RequestId, Source};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt as _;
use zeroize::Zeroizing;

pub(crate) const NOW: u64 = 1_800_000_000;

const ISSUERS: &str = r#"
    [issuers.corp]
    issuer = "https://login.example"
    jwks_uri = "https://login.example/jwks"
    audience = ["https://gw.example/token"]
    algorithms = ["ES256"]
    types = ["at+jwt"]
    max_lifetime_s = 3600
    events = "https://gw.example/events"
    [issuers.corp.groups]
    staff = "staff"
"#;

const TARGETS: &str = r#"
    [targets.shop]
    kind = "postgres"
    host = "localhost"
    port = 5432
    database = "shop"
    secret = "shop"
"#;

const POLICIES: &str = r#"
    @id("staff-hands-the-shop-on")
    permit (principal in Group::"staff", action == Action::"delegate", resource == Target::"shop");
"#;

const TOKENS: &str = r#"
    issuer = "https://gw.example"
    resource = "https://gw.example/v1"
    urls = ["https://gw.example"]
"#;

/// A key with both halves.
pub(crate) struct Key(EcdsaKeyPair);

impl Key {
    pub(crate) fn fresh() -> Self {
        Self(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
    }

    fn jwk(&self) -> Value {
        let (x, y) = self.0.public_key().as_ref()[1..].split_at(32);
        json!({"crv": "P-256", "kty": "EC", "x": base64url(x), "y": base64url(y)})
    }

    fn set(&self, kid: &str) -> Vec<u8> {
        let mut key = self.jwk();
        key["kid"] = kid.into();
        key["alg"] = "ES256".into();
        json!({"keys": [key]}).to_string().into_bytes()
    }

    pub(crate) fn signed(&self, header: &Value, claims: &Value) -> String {
        let message =
            format!("{}.{}", base64url(header.to_string()), base64url(claims.to_string()));
        format!("{message}.{}", base64url(self.signature(message.as_bytes())))
    }

    fn signature(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(&SystemRandom::new(), message).unwrap().as_ref().try_into().unwrap()
    }
}

impl Signer for Key {
    fn sign<'a>(&'a self, message: &'a [u8]) -> Later<'a, Result<[u8; 64], SignError>> {
        Box::pin(async move { Ok(self.signature(message)) })
    }
}

fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

struct Still(AtomicU64);

impl Clock for Still {
    fn now(&self) -> Millis {
        Millis(self.0.load(Ordering::SeqCst))
    }
}

struct Nobody;

impl KeySource for Nobody {
    fn fetch<'a>(&'a self, _: &'a str) -> Later<'a, Result<Vec<u8>, FetchError>> {
        Box::pin(async { Err(FetchError::new("connection refused")) })
    }
}

impl NonceKeys for Nobody {
    fn fetch(&self) -> Later<'_, Result<identity::KeyPair, NoNonces>> {
        Box::pin(async { Ok((Zeroizing::new([7; 32]), None)) })
    }
}

/// The function.
pub(crate) struct Stand {
    router: Router,
    login: Key,
    _folder: TempDir,
}

/// What was answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn text(&self, member: &str) -> String {
        self.body[member].as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Stand {
    pub(crate) fn new() -> Self {
        Self::with("")
    }

    /// With these lines more in `tokens.toml`.
    pub(crate) fn with(lines: &str) -> Self {
        let (ours, login) = (Key::fresh(), Key::fresh());
        let clock = Arc::new(Still(AtomicU64::new(NOW * 1000)));
        let text = format!("{TOKENS}{lines}");
        let own = Own::parse("tokens.toml", &text, &ours.set("ours")).unwrap();
        let issuers = Issuers::parse("issuers.toml", ISSUERS).unwrap();
        let shipped = BTreeMap::from([("corp".to_owned(), login.set("corp-1"))]);
        let verifier = Verifier::new(issuers, Arc::new(Nobody), clock.clone(), shipped).unwrap();
        let targets = Targets::parse("targets.toml", TARGETS, &|_| None).unwrap();
        let file = SourceFile { name: "shop.cedar".into(), text: POLICIES.into() };
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(on_disk::Sqlite::open(folder.path().join("state")).unwrap());
        let on = Ports {
            verifier: Arc::new(verifier.with_own(own, Some(Arc::new(Nobody))).unwrap()),
            policies: Arc::new(Policies::load(targets, &[file]).unwrap()),
            ledger: Arc::new(Ledger::new(store, clock.clone())),
            signer: Arc::new(ours),
            clock,
        };
        Self { router: crate::router(Arc::new(on)), login, _folder: folder }
    }

    pub(crate) fn login(&self, subject: &str) -> String {
        let claims = json!({
            "iss": "https://login.example", "aud": "https://gw.example/token", "sub": subject,
            "iat": NOW, "exp": NOW + 3600, "jti": RequestId::fresh().to_string(),
            "groups": ["staff"],
        });
        self.login.signed(&json!({"typ": "at+jwt", "alg": "ES256", "kid": "corp-1"}), &claims)
    }

    pub(crate) fn told(&self, subject: &str) -> String {
        let kind = "https://schemas.openid.net/secevent/caep/event-type/session-revoked";
        let claims = json!({
            "iss": "https://login.example", "aud": "https://gw.example/events", "iat": NOW,
            "jti": "e-1", "events": {kind: {"event_timestamp": NOW}},
            "sub_id": {"format": "iss_sub", "iss": "https://login.example", "sub": subject},
        });
        self.login.signed(&json!({"typ": "secevent+jwt", "alg": "ES256", "kid": "corp-1"}), &claims)
    }

    pub(crate) async fn ask(&self, request: Request<Body>) -> Answer {
        let mut request = request;
        let deadline = Deadline::within(std::time::Duration::from_secs(10));
        request.extensions_mut().insert(Place { source: Source::default(), deadline });
        let (head, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let bytes = to_bytes(body, 1 << 20).await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or_default();
        Answer { status: head.status.as_u16(), headers: head.headers, body }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// `POST /token` with this form and a proof of this key.
    pub(crate) async fn token(&self, form: &str, key: &Key) -> Answer {
        self.token_with(form, &proof(key, "POST", "/token", &[])).await
    }

    pub(crate) async fn token_with(&self, form: &str, proof: &str) -> Answer {
        let request = Request::post("/token").header("dpop", proof).header("content-type", FORM);
        self.ask(request.body(form.to_owned().into()).unwrap()).await
    }

    /// A root's token.
    pub(crate) async fn root(&self, key: &Key) -> String {
        let form = exchange(&self.login("alice"), &rights());
        let answer = self.token(&form, key).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.text("access_token")
    }

    /// Asks with a token of ours and a proof that is as it must be.
    pub(crate) async fn call(
        &self,
        (method, path): (&str, &str),
        (token, key): (&str, &Key),
        (kind, body): (&str, String),
    ) -> Answer {
        let digest = base64url(Digest::of(body.as_bytes()).bytes());
        let ath = base64url(Digest::of(token.as_bytes()).bytes());
        let proof = proof(key, method, path, &[("ath", &ath), ("bdh", &digest)]);
        let request = Request::builder().method(method).uri(path).header("dpop", proof);
        let request = request.header("authorization", format!("DPoP {token}"));
        self.ask(request.header("content-type", kind).body(body.into()).unwrap()).await
    }
}

pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
pub(crate) const JSON: &str = "application/json";

pub(crate) fn proof(key: &Key, method: &str, path: &str, more: &[(&str, &str)]) -> String {
    let mut claims = json!({
        "jti": RequestId::fresh().to_string(), "htm": method, "iat": NOW,
        "htu": format!("https://gw.example{path}"),
    });
    for (name, value) in more {
        claims[*name] = (*value).into();
    }
    key.signed(&json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": key.jwk()}), &claims)
}

pub(crate) fn rights() -> String {
    let entry = json!({
        "type": "postgres", "locations": ["shop"], "actions": ["select"],
        "objects": ["public.orders"], "max_rows": 10,
    });
    json!([entry]).to_string()
}

/// The form of an exchange.
pub(crate) fn exchange(token: &str, rights: &str) -> String {
    let rights: String = rights.bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("{GRANT}&{RESOURCE}&{ACCESS}&subject_token={token}&authorization_details={rights}")
}

/// The form of a redemption.
pub(crate) fn redemption(ticket: &str) -> String {
    let kind = "subject_token_type=urn:postern:token-type:spawn_ticket";
    format!("{GRANT}&{RESOURCE}&{kind}&subject_token={ticket}")
}

pub(crate) const GRANT: &str = "grant_type=urn:ietf:params:oauth:grant-type:token-exchange";
pub(crate) const RESOURCE: &str = "resource=https%3A%2F%2Fgw.example%2Fv1";
pub(crate) const ACCESS: &str =
    "subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token";
