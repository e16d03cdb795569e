//! A deployment with one issuer, one target and a clock that a test holds in its hands.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use audit::Ledger;
use identity::{Class, FetchError, Issuers, KeySource, Own, Verifier};
use policy::{Policies, SourceFile, Targets};
use request::{
    Bearer, Clock, Digest, Later, Millis, Over, Presented, Proof, RequestId, Scheme, Source,
};
use serde_json::{Value, json};

use super::{
    keys::{Hand, Key, base64url, claims},
    memory::Memory,
};
use crate::{
    Call, Error, Exchange, Introspect, Issued, Ports, Redeem, Revoke, Spawn, Spawned, Ticket, Wish,
};

/// When all tests begin, in seconds.
pub(crate) const NOW: u64 = 1_800_000_000;

/// What our tokens are for.
pub(crate) const RESOURCE: &str = "https://gw.example/v1";

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
    batch = "batch"
"#;

const TARGETS: &str = r#"
    [targets.shop]
    kind = "postgres"
    host = "localhost"
    port = 5432
    database = "shop"
    secret = "shop"

    [targets.payroll]
    kind = "postgres"
    host = "localhost"
    port = 5432
    database = "payroll"
    secret = "payroll"
"#;

const POLICIES: &str = r#"
    @id("staff-hands-the-shop-on")
    permit (principal in Group::"staff", action == Action::"delegate", resource == Target::"shop");

    @id("batch-hands-single-reads-on")
    permit (principal in Group::"batch", action == Action::"delegate_leaf", resource == Target::"shop");
"#;

const TOKENS: &str = r#"
    issuer = "https://gw.example"
    resource = "https://gw.example/v1"
    urls = ["https://gw.example"]
"#;

/// A clock that stands still until it is moved.
pub(crate) struct Still(AtomicU64);

impl Clock for Still {
    fn now(&self) -> Millis {
        Millis(self.0.load(Ordering::SeqCst))
    }
}

/// Nobody fetches keys here: they are shipped along.
struct NoSource;

impl KeySource for NoSource {
    fn fetch<'a>(&'a self, _: &'a str) -> Later<'a, Result<Vec<u8>, FetchError>> {
        Box::pin(async { Err(FetchError::new("connection refused")) })
    }
}

/// The deployment.
pub(crate) struct Stand {
    pub(crate) on: Ports,
    pub(crate) store: Arc<Memory>,
    clock: Arc<Still>,
    login: Key,
}

/// A node with its token and, unless it is a leaf, its key.
pub(crate) struct Agent {
    pub(crate) key: Arc<Key>,
    pub(crate) token: String,
    pub(crate) node: String,
}

impl Stand {
    pub(crate) fn new() -> Self {
        Self::with("")
    }

    /// With these lines more in `tokens.toml`.
    pub(crate) fn with(lines: &str) -> Self {
        let ours = Key::fresh();
        let set = ours.set("ours");
        Self::signing(lines, &set, Some(ours))
    }

    /// With this key to sign, whatever is published.
    pub(crate) fn signing(lines: &str, published: &[u8], key: Option<Key>) -> Self {
        let (login, clock) = (Key::fresh(), Arc::new(Still(AtomicU64::new(NOW * 1000))));
        let own = Own::parse("tokens.toml", &format!("{TOKENS}{lines}"), published).unwrap();
        let issuers = Issuers::parse("issuers.toml", ISSUERS).unwrap();
        let shipped = BTreeMap::from([("corp".to_owned(), login.set("corp-1"))]);
        let verifier = Verifier::new(issuers, Arc::new(NoSource), clock.clone(), shipped).unwrap();
        let targets = Targets::parse("targets.toml", TARGETS, &|_| None).unwrap();
        let file = SourceFile { name: "shop.cedar".into(), text: POLICIES.into() };
        let store = Arc::new(Memory::default());
        let on = Ports {
            verifier: Arc::new(verifier.with_own(own, None).unwrap()),
            policies: Arc::new(Policies::load(targets, &[file]).unwrap()),
            ledger: Arc::new(Ledger::new(store.clone(), clock.clone())),
            signer: Arc::new(Hand(key)),
            clock: clock.clone(),
        };
        Self { on, store, clock, login }
    }

    pub(crate) fn pass(&self, seconds: u64) {
        self.clock.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    pub(crate) fn now_s(&self) -> u64 {
        self.clock.now().seconds()
    }

    /// The issuer's token for somebody in these groups.
    pub(crate) fn login(&self, subject: &str, groups: &[&str]) -> String {
        self.claimed(&json!({"sub": subject, "groups": groups}))
    }

    /// The issuer's token with these claims more.
    pub(crate) fn claimed(&self, more: &Value) -> String {
        let mut claims = json!({
            "iss": "https://login.example", "aud": "https://gw.example/token",
            "iat": self.now_s(), "exp": self.now_s() + 3600,
            "jti": RequestId::fresh().to_string(), "client_id": "notebook",
        });
        for (name, value) in more.as_object().unwrap() {
            claims[name] = value.clone();
        }
        self.login.signed(&json!({"typ": "at+jwt", "alg": "ES256", "kid": "corp-1"}), &claims)
    }

    /// A security event of the issuer's.
    pub(crate) fn told(&self, subject: &str, kind: &str, at_s: u64, id: &str) -> String {
        let name = format!("https://schemas.openid.net/secevent/caep/event-type/{kind}");
        let claims = json!({
            "iss": "https://login.example", "aud": "https://gw.example/events",
            "iat": self.now_s(), "jti": id,
            "sub_id": {"format": "iss_sub", "iss": "https://login.example", "sub": subject},
            "events": {name: {"event_timestamp": at_s}},
        });
        self.login.signed(&json!({"typ": "secevent+jwt", "alg": "ES256", "kid": "corp-1"}), &claims)
    }

    pub(crate) fn proof(&self, key: &Key, over: &Over, token: Option<&str>) -> Proof {
        let header = json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": key.jwk()});
        let mut claims = json!({
            "jti": RequestId::fresh().to_string(), "htm": over.method,
            "htu": format!("https://gw.example{}", over.path), "iat": self.now_s(),
        });
        if let Some(token) = token {
            claims["ath"] = base64url(Digest::of(token.as_bytes()).bytes()).into();
        }
        if let Some(body) = &over.body {
            claims["bdh"] = base64url(body.bytes()).into();
        }
        Proof::new(key.signed(&header, &claims))
    }

    /// What an agent shows to call this.
    pub(crate) fn presented(&self, agent: &Agent, method: &str, path: &str) -> Presented {
        let over = over(method, path);
        let token = Bearer::new(agent.token.clone());
        if claims(&agent.token).get("cnf").is_none() {
            return Presented { scheme: Scheme::Bearer, token, proof: None, over };
        }
        let proof = Some(self.proof(&agent.key, &over, Some(&agent.token)));
        Presented { scheme: Scheme::Dpop, token, proof, over }
    }

    /// An exchange that would be fine, for a test to spoil.
    pub(crate) fn asked(&self, token: &str, key: &Key, rights: Option<Value>) -> Exchange {
        let over = over("POST", "/token");
        Exchange {
            subject: Bearer::new(token.to_owned()),
            actor: None,
            resource: RESOURCE.into(),
            rights,
            proof: Some(self.proof(key, &over, None)),
            over,
            call: call(),
        }
    }

    /// A node at the root, for somebody in both groups.
    pub(crate) async fn root(&self, rights: Value) -> Agent {
        self.root_of("alice", rights).await.unwrap()
    }

    pub(crate) async fn root_of(&self, subject: &str, rights: Value) -> Result<Agent, Error> {
        let (token, key) = (self.login(subject, &["staff", "batch"]), Arc::new(Key::fresh()));
        let issued = crate::exchange(self.asked(&token, &key, Some(rights)), &self.on).await?;
        Ok(agent(&issued, key))
    }

    pub(crate) async fn renew(&self, of: &Agent, rights: Option<Value>) -> Result<Agent, Error> {
        let issued = crate::exchange(self.asked(&of.token, &of.key, rights), &self.on).await?;
        Ok(agent(&issued, of.key.clone()))
    }

    pub(crate) async fn spawn(&self, parent: &Agent, wish: Wish) -> Result<Spawned, Error> {
        let presented = self.presented(parent, "POST", "/v1/spawn");
        crate::spawn(Spawn { presented, wish, call: call() }, &self.on).await
    }

    /// A redemption that would be fine, for a test to spoil.
    pub(crate) fn redeeming(&self, ticket: &str, key: Option<&Key>) -> Redeem {
        let over = over("POST", "/token");
        Redeem {
            ticket: Ticket::read(ticket).unwrap(),
            actor: None,
            resource: RESOURCE.into(),
            proof: key.map(|key| self.proof(key, &over, None)),
            over,
            call: call(),
        }
    }

    pub(crate) async fn redeem(&self, spawned: &Spawned) -> Result<Agent, Error> {
        let key = Arc::new(Key::fresh());
        let shown = (spawned.class == Class::Bound).then_some(&*key);
        let ask = self.redeeming(&spawned.ticket.expose(), shown);
        Ok(agent(&crate::redeem(ask, &self.on).await?, key))
    }

    /// A child that has come with its ticket.
    pub(crate) async fn child(&self, parent: &Agent, rights: Value) -> Agent {
        let spawned = self.spawn(parent, wish(Some(rights))).await.unwrap();
        self.redeem(&spawned).await.unwrap()
    }

    pub(crate) async fn revoke(&self, caller: &Agent, node: &str) -> Result<(), Error> {
        let presented = self.presented(caller, "DELETE", &format!("/v1/nodes/{node}"));
        let ask = Revoke { presented, node: node.to_owned(), call: call() };
        crate::revoke(ask, &self.on).await.map(|_| ())
    }

    pub(crate) async fn introspect(&self, caller: &Agent, token: &str) -> Result<Value, Error> {
        let presented = self.presented(caller, "POST", "/introspect");
        let token = Bearer::new(token.to_owned());
        crate::introspect(Introspect { presented, token }, &self.on).await
    }

    pub(crate) async fn event(&self, set: &str) -> Result<(), Error> {
        crate::event(&Bearer::new(set.to_owned()), &call(), &self.on).await
    }

    /// Whether the agent may do anything at this moment, as every function would see it.
    pub(crate) async fn acts(&self, agent: &Agent) -> Result<(), Error> {
        let presented = self.presented(agent, "GET", "/v1/targets");
        let who = identity::verify(&presented, &self.on.verifier).await?;
        Ok(audit::uses(&who, &self.on.ledger).await?)
    }

    /// What happened to nodes, and why where something was refused or revoked.
    pub(crate) fn happened(&self, what: &str) -> Vec<Value> {
        let events = self.store.events().into_iter();
        events.filter(|event| event["kind"] == "node" && event["what"] == what).collect()
    }
}

pub(crate) fn agent(issued: &Issued, key: Arc<Key>) -> Agent {
    Agent { key, token: issued.token.expose().to_owned(), node: issued.node.to_string() }
}

pub(crate) fn over(method: &str, path: &str) -> Over {
    Over { method: method.into(), path: path.into(), body: None }
}

pub(crate) fn call() -> Call {
    Call { id: RequestId::fresh(), source: Source::default() }
}

/// A child with a key and these rights.
pub(crate) fn wish(rights: Option<Value>) -> Wish {
    Wish {
        label: "migrate-orders".into(),
        rights,
        inherit: false,
        meet: false,
        groups: None,
        class: Class::Bound,
        ttl_s: None,
        max_depth: None,
        max_children: None,
        workload: None,
    }
}

/// To read and change orders, 100 rows at a time.
pub(crate) fn rights() -> Value {
    json!([entry(&["select", "update"], "public.*", 100)])
}

/// To read them only.
pub(crate) fn reading() -> Value {
    json!([entry(&["select"], "public.orders", 10)])
}

pub(crate) fn entry(actions: &[&str], objects: &str, rows: u64) -> Value {
    json!({
        "type": "postgres", "locations": ["shop"], "actions": actions, "objects": [objects],
        "max_rows": rows,
    })
}

/// What an error is to OAuth.
pub(crate) fn code<T>(done: Result<T, Error>) -> &'static str {
    match done {
        Ok(_) => "done",
        Err(error) => error.code().name(),
    }
}
