//! Agents at any depth of a chain, with tokens as an issuer and our own token function sign them.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use identity::{Class, FetchError, Grant, Groups, Issuers, KeySource, NodeId, Own, Verifier};
use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::Jwk};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256};
use request::{Bearer, Clock, Later, Millis, Over, Presented, Scheme};
use rights::Rights;
use serde_json::{Map, Value, json};

/// Who asks: a principal, or a node of a tree that the principal began.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) subject: &'static str,
    pub(crate) client: &'static str,
    /// Who acts for the principal, by its issuer's word.
    pub(crate) actor: Option<&'static str>,
    /// The workload that came with the last node's ticket.
    pub(crate) workload: Option<&'static str>,
    /// The nodes from the root to the one that asks, by number; empty for the principal itself.
    pub(crate) path: Vec<u8>,
}

impl Caller {
    /// A fresh token of its own, as it is shown.
    pub(crate) async fn presented(&self, now: Millis) -> Presented {
        let direct = shown(&self.direct(now));
        if self.path.is_empty() {
            return direct;
        }
        let message = self.grant(&direct, now).await.message(&DOOR.own);
        let claims = message.split('.').nth(1).unwrap();
        let claims = URL_SAFE_NO_PAD.decode(claims).unwrap();
        shown(&serde_json::from_slice(&claims).unwrap())
    }

    fn direct(&self, now: Millis) -> Map<String, Value> {
        let now = now.seconds();
        let mut claims = json!({
            "iss": "https://login.example", "aud": "https://postern.example", "sub": self.subject,
            "client_id": self.client, "jti": fresh(), "groups": ["agents"],
            "iat": now, "nbf": now, "exp": now + 600,
        });
        if let Some(actor) = self.actor {
            claims["act"] = json!({"iss": "https://login.example", "sub": actor});
        }
        serde_json::from_value(claims).unwrap()
    }

    /// The last node's, in the tree of a principal who once showed this.
    async fn grant(&self, principal: &Presented, now: Millis) -> Grant {
        let known = identity::verify(principal, &verifier(Arc::new(At(now)))).await.unwrap();
        let root = known.get().root();
        let Groups::Known(groups) = root.groups() else { panic!("they are known") };
        let all = json!([{"type": "postgres", "locations": ["orders-db"], "actions": ["select"],
                          "objects": ["public.*"]}]);
        Grant {
            root: (root.issuer().clone(), root.subject().into()),
            root_client: root.client().map(ToOwned::to_owned),
            root_actor: root.actor().map(ToOwned::to_owned),
            groups: vec![groups.clone(); self.path.len()],
            accounts: Vec::new(),
            max_depth: self.path.len() as u64 - 1,
            path: self.path.iter().map(|node| NodeId::fresh([*node; 16])).collect(),
            class: Class::Leaf,
            label: "totals".into(),
            workload: self.workload.map(|subject| format!("cluster|{subject}")),
            rights: Rights::parse(&all).unwrap(),
            confirmation: None,
            id: fresh(),
            tree: "tree".into(),
            issued_s: now.seconds(),
            expires_s: now.seconds() + 60,
            auth_time: None,
            acr: None,
        }
    }
}

/// Who believes those tokens, by this clock.
pub(crate) fn verifier(clock: Arc<dyn Clock>) -> Verifier {
    let issuers = Issuers::parse("issuers.toml", ISSUERS).unwrap();
    let verifier = Verifier::new(issuers, DOOR.keys.clone(), clock, BTreeMap::new()).unwrap();
    let own = Own::parse("tokens.toml", TOKENS, &DOOR.keys.0).unwrap();
    verifier.with_own(own, None).unwrap()
}

fn shown(claims: &Map<String, Value>) -> Presented {
    let mut header = Header::new(Algorithm::ES256);
    header.typ = Some("at+jwt".into());
    header.kid = Some(KEY.into());
    let token = Bearer::new(jsonwebtoken::encode(&header, claims, &DOOR.key).unwrap());
    let over = Over { method: "POST".into(), path: "/v1/query".into(), body: None };
    Presented { scheme: Scheme::Bearer, token, proof: None, over }
}

fn fresh() -> String {
    static LAST: AtomicU64 = AtomicU64::new(0);
    format!("t-{}", LAST.fetch_add(1, Relaxed))
}

static DOOR: LazyLock<Door> = LazyLock::new(Door::new);

/// One key for both issuers: whose a token is, `iss` says.
struct Door {
    key: EncodingKey,
    keys: Arc<Published>,
    own: Own,
}

impl Door {
    fn new() -> Self {
        let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let key = EncodingKey::from_ec_pem(pair.serialize_pem().as_bytes()).unwrap();
        let mut public = Jwk::from_encoding_key(&key, Algorithm::ES256).unwrap();
        public.common.key_id = Some(KEY.into());
        let keys = Arc::new(Published(json!({"keys": [public]}).to_string().into_bytes()));
        let own = Own::parse("tokens.toml", TOKENS, &keys.0).unwrap();
        Self { key, keys, own }
    }
}

struct At(Millis);

impl Clock for At {
    fn now(&self) -> Millis {
        self.0
    }
}

/// The key set that is published.
struct Published(Vec<u8>);

impl KeySource for Published {
    fn fetch<'a>(&'a self, _: &'a str) -> Later<'a, Result<Vec<u8>, FetchError>> {
        Box::pin(async { Ok(self.0.clone()) })
    }
}

const KEY: &str = "one";

const ISSUERS: &str = r#"
    [issuers.corp]
    issuer = "https://login.example"
    jwks_uri = "https://login.example/jwks"
    audience = ["https://postern.example"]
    algorithms = ["ES256"]
    types = ["at+jwt"]
    max_lifetime_s = 3600
    [issuers.corp.groups]
    "agents" = "agents"
"#;

const TOKENS: &str = r#"
    issuer = "https://gw.example"
    resource = "https://gw.example/v1"
    urls = ["https://gw.example"]
    max_depth = 8
    replays = 3
"#;
