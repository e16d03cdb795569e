//! One database with its gate: made, asked, looked at from behind, and put back.

use std::{sync::Arc, time::Duration};

use audit::Ledger;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use credentials::{Fetched, Secret, SecretStore, StoreError, Vault};
use enforce::{Ports, Refusal, Released, enforce};
use local_emulator::{
    ca::Authority,
    postgres::{DATABASE, Passwords, Postgres},
    process::Log,
};
use on_disk::Sqlite;
use policy::{Policies, SourceFile, Target, Targets};
use request::{Ask, Deadline, Later, Params, RequestId, SecretName, Source, Statement, TargetName};
use serde_json::{Value, json};
use state::{Partition, Store};
use targets::{Surveys, postgres::Postgres as Driver};
use tempfile::TempDir;
use tokio_postgres::Client;

use super::{
    Mode,
    door::{Still, presented, verifier},
};

/// A server, the gate in front of it, and a look behind both.
pub(crate) struct Side {
    pub(crate) ports: Ports,
    pub(crate) behind: Client,
    targets: Targets,
    sqlite: Arc<Sqlite>,
    log: Log,
    // In this order: the folder goes last.
    _server: Postgres,
    _folder: TempDir,
}

/// What became of one request, with all that anybody can read of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// `answered`, or the word of the refusal with its stage.
    pub(crate) verdict: String,
    /// Names and types of columns, then rows; or what the caller is told.
    pub(crate) shown: String,
    /// The rows alone.
    pub(crate) rows: Option<Value>,
    /// What a log or a status has of it.
    pub(crate) aside: String,
}

impl Answer {
    /// Whether the caller could tell one from the other. One that came too late says how busy the
    /// server was, and nothing else.
    pub(crate) fn differs(&self, other: &Self) -> bool {
        let late = |answer: &Self| answer.verdict == "targets/timeout";
        !late(self)
            && !late(other)
            && (&self.verdict, &self.shown) != (&other.verdict, &other.shown)
    }

    pub(crate) fn is_answered(&self) -> bool {
        self.rows.is_some()
    }
}

impl Side {
    /// A database made by this text, with these targets and policies. `{port}` in the targets is where
    /// it listens.
    pub(crate) async fn new(sql: &str, roles: &[&str], targets: &str, policy: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let authority = Authority::new(folder.path()).unwrap();
        let log = Log::default();
        let server = Postgres::start(&authority, &Passwords::canaries(), &log).await.unwrap();
        let behind = server.superuser().await.unwrap();
        behind.batch_execute(sql).await.unwrap();
        for role in roles {
            server.set_password(role, PASSWORD).await.unwrap();
        }
        let text = targets.replace("{port}", &server.port().to_string());
        let pem = authority.pem();
        let targets = Targets::parse("targets.toml", &text, &|_| Some(pem.clone())).unwrap();
        let file = SourceFile { name: "policies.cedar".into(), text: policy.into() };
        let sqlite = Arc::new(Sqlite::open(folder.path().join("state")).unwrap());
        let ports = Ports {
            verifier: verifier(),
            policies: Arc::new(Policies::load(targets.clone(), &[file]).unwrap()),
            ledger: Arc::new(Ledger::new(sqlite.clone(), Arc::new(Still))),
            vault: Vault::new(Arc::new(Safe)),
            // Each target names the one authority that it trusts.
            driver: Box::new(Driver::new(Arc::new(std::iter::empty().collect()))),
            surveys: Surveys::new(),
            readings: vetting::Readings::new(),
            workflow: None,
            waker: None,
            clock: Arc::new(Still),
        };
        Self { ports, behind, targets, sqlite, log, _server: server, _folder: folder }
    }

    /// Sends one statement all the way, for an analyst of this target's own; nothing where it is no statement to begin with.
    /// A server that was too busy for another connection says nothing of the statement, and is asked
    /// again.
    pub(crate) async fn ask(&self, target: &str, text: &str, params: &[Value]) -> Answer {
        for _ in 0..5 {
            let answer = self.asked(target, text, params).await;
            if answer.verdict != "targets/connection" {
                return answer;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        self.asked(target, text, params).await
    }

    async fn asked(&self, target: &str, text: &str, params: &[Value]) -> Answer {
        let Some(ask) = ask(target, text, params) else { return Answer::none() };
        let id = ask.id.clone();
        let answer = match enforce(ask, &self.ports).await {
            Ok(released) => answered(&released),
            Err(refusal) => refused(&refusal),
        };
        let status = enforce::status(&presented(target), &id, Duration::ZERO, &self.ports).await;
        let status = status.ok().flatten().map(|looked| looked.status);
        Answer { aside: format!("{} {status:?}", answer.aside), ..answer }
    }

    /// The target of this name.
    pub(crate) fn target(&self, name: &TargetName) -> Arc<Target> {
        Arc::clone(self.targets.find(name).unwrap())
    }

    /// One text that a query of ours gives.
    pub(crate) async fn text(&self, query: &str) -> String {
        self.behind.query_one(query, &[]).await.unwrap().get(0)
    }

    /// Texts that a query of ours gives.
    pub(crate) async fn texts(&self, query: &str) -> Vec<String> {
        let rows = self.behind.query(query, &[]).await.unwrap();
        rows.iter().filter_map(|row| row.get::<_, Option<String>>(0)).collect()
    }

    /// Everything that the ledger and its neighbours hold, item by item.
    pub(crate) async fn records(&self) -> Vec<String> {
        let mut all = Vec::new();
        for partition in self.sqlite.partitions().unwrap() {
            all.extend(self.partition(&partition).await);
        }
        all
    }

    async fn partition(&self, partition: &Partition) -> Vec<String> {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let page = self.sqlite.list(partition, "", after.as_ref(), 500).await.unwrap();
            let Some((last, _)) = page.last() else { return all };
            after = Some(last.clone());
            for (key, item) in &page {
                all.push(format!("{} {}", key.as_str(), String::from_utf8_lossy(&item.value)));
            }
        }
    }

    /// What the server wrote into its own log.
    pub(crate) fn server_log(&self) -> Vec<String> {
        self.log.lines()
    }
}

impl Answer {
    fn none() -> Self {
        let verdict = "request/statement".to_owned();
        Self { verdict, shown: String::new(), rows: None, aside: String::new() }
    }
}

fn ask(target: &str, text: &str, params: &[Value]) -> Option<Ask> {
    Some(Ask {
        id: RequestId::fresh(),
        presented: presented(target),
        target: TargetName::new(target).unwrap(),
        statement: Statement::new(text).ok()?,
        params: Params::new(params.to_vec()).ok()?,
        reason: None,
        idempotency_key: None,
        source: Source { ip: Some([192, 0, 2, 7].into()) },
        deadline: Deadline::within(Duration::from_secs(20)),
    })
}

fn answered(released: &Released) -> Answer {
    let rows = released.rows();
    let json = String::from_utf8(rows.json().to_vec()).unwrap();
    let heads = serde_json::to_string(rows.heads()).unwrap();
    Answer {
        verdict: "answered".into(),
        rows: Some(serde_json::from_str(&json).unwrap()),
        shown: format!("{heads}\n{json}\n{:?} {}", rows.affected(), rows.truncated()),
        aside: format!("{} {:?}", released.receipt(), rows.masked()),
    }
}

fn refused(refusal: &Refusal) -> Answer {
    let cause = &refusal.cause;
    let mut aside = format!("{cause:?}");
    let mut source: Option<&dyn std::error::Error> = Some(cause);
    while let Some(error) = source {
        aside += &format!(": {error}");
        source = error.source();
    }
    Answer {
        verdict: format!("{}/{}", cause.stage(), cause.word()),
        shown: cause.told(),
        rows: None,
        aside,
    }
}

/// The logins, and the key of the masks: a secret has the name of the role that it opens.
struct Safe;

impl SecretStore for Safe {
    fn fetch<'a>(&'a self, name: &'a SecretName) -> Later<'a, Result<Fetched, StoreError>> {
        let user = name.as_str().replace('-', "_");
        let secret = match name.as_str() {
            KEY => json!({"key": BASE64_STANDARD.encode(KEY_BYTES)}),
            _ => json!({"username": user, "password": PASSWORD}),
        };
        let secret = secret.to_string();
        Box::pin(
            async move { Ok(Fetched { secret: Secret::new(secret.into()), version: "v1".into() }) },
        )
    }
}

/// A target of this mode, role and schema, in the usual database.
pub(crate) fn target(name: &str, mode: Mode, role: &str, schema: &str, tags: &str) -> String {
    let (tags, secret) = (tags.replace("{target}", name), role.replace('_', "-"));
    format!(
        "[targets.{name}]\nkind = \"postgres\"\nhost = \"localhost\"\nport = {{port}}\n\
         database = \"{DATABASE}\"\nauthority = \"authority.pem\"\nsecret = \"{secret}\"\n\
         schema = \"{schema}\"\nmask = \"{}\"\ntimeout_ms = 3000\nmax_rows = 300\n{tags}\n",
        mode.word()
    )
}

/// The key that tokens are made with, and what it is called.
pub(crate) const KEY: &str = "mask-key";
pub(crate) const KEY_BYTES: [u8; 32] = [7; 32];

const PASSWORD: &str = "correct-horse-battery-staple";
