//! A PostgreSQL for all tests of this binary, and in it a schema and a role for each of them.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError, RwLock, Weak},
    time::Duration,
};

use approvals::Asked;
use audit::Ledger;
use catalogue::{Catalogue, Draft, Relation};
use credentials::{Armed, Fetched, Secret, SecretStore, StoreError, Vault};
use local_emulator::{
    ca::Authority,
    postgres::{Passwords, Postgres as Server},
    process::Log,
};
use on_disk::Sqlite;
use policy::{Permit, Policies, SourceFile, Targets};
use request::{
    Ask, Clock, Deadline, Later, Millis, Params, RequestId, SecretName, Source, Statement,
    TargetName,
};
use serde_json::Value;
use targets::{Driver as _, Error, Estimate, postgres::Postgres};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use crate::door::{Agent, agent};

/// The time in all tests, in milliseconds.
pub(crate) const NOW: Millis = Millis(1_800_000_000_000);

/// A clock that stands still.
pub(crate) struct Still;

impl Clock for Still {
    fn now(&self) -> Millis {
        NOW
    }
}

/// The server, gone with the last test that has it.
struct Shared {
    server: Server,
    authority: String,
    // After the server, which needs it to the end.
    runtime: Runtime,
}

static SHARED: Mutex<Weak<Shared>> = Mutex::new(Weak::new());

/// Held by all tests together, or by one alone.
static DATABASE: RwLock<()> = RwLock::new(());

impl Shared {
    fn get() -> Arc<Self> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let new = Arc::new(Self::start());
            *shared = Arc::downgrade(&new);
            new
        })
    }

    fn start() -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let folder = TempDir::new().unwrap();
        let authority = Authority::new(folder.path()).unwrap();
        let (passwords, log) = (Passwords::canaries(), Log::default());
        let server = runtime.block_on(Server::start(&authority, &passwords, &log)).unwrap();
        // Once: two who write the same row of the catalogue at a time get an error.
        let all = "GRANT CONNECT ON DATABASE shop TO PUBLIC";
        runtime
            .block_on(async { server.superuser().await.unwrap().batch_execute(all).await })
            .unwrap();
        Self { server, authority: authority.pem(), runtime }
    }
}

/// One test: a schema with what the test made in it, and a role that may use it and log in.
pub(crate) struct Scene {
    pub(crate) schema: &'static str,
    pub(crate) vault: Vault,
    pub(crate) driver: Postgres,
    agent: Agent,
    policies: Arc<Policies>,
    ledger: Arc<Ledger>,
    _folder: TempDir,
    shared: Arc<Shared>,
}

/// Plays a test in a schema of its own, in which the superuser has run `made`. The role is called
/// like the schema.
pub(crate) fn play(schema: &'static str, made: &str, test: impl AsyncFnOnce(&Scene)) {
    let _others = DATABASE.read().unwrap_or_else(PoisonError::into_inner);
    played(schema, made, test);
}

/// The same while no other test plays: for casts, which lie in no schema, so that the verdict on every
/// statement of the database rests on them.
pub(crate) fn play_alone(schema: &'static str, made: &str, test: impl AsyncFnOnce(&Scene)) {
    let _alone = DATABASE.write().unwrap_or_else(PoisonError::into_inner);
    played(schema, made, test);
}

fn played(schema: &'static str, made: &str, test: impl AsyncFnOnce(&Scene)) {
    let shared = Shared::get();
    let scene = Scene::new(schema, Arc::clone(&shared));
    shared.runtime.block_on(async {
        let role = format!(
            "CREATE ROLE {schema} LOGIN NOINHERIT PASSWORD '{PASSWORD}'; CREATE SCHEMA {schema}; \
             GRANT USAGE ON SCHEMA {schema} TO {schema}"
        );
        scene.admin(&role).await;
        scene.admin(made).await;
        let all =
            format!("GRANT SELECT, DELETE, UPDATE ON ALL TABLES IN SCHEMA {schema} TO {schema}");
        scene.admin(&all).await;
        test(&scene).await;
    });
}

impl Scene {
    fn new(schema: &'static str, shared: Arc<Shared>) -> Self {
        let text = TARGETS.replace("{port}", &shared.server.port().to_string());
        let text = text.replace("{schema}", schema);
        let authority = |_: &str| Some(shared.authority.clone());
        let targets = Targets::parse("targets.toml", &text, &authority).unwrap();
        let open = SourceFile { name: "policies.cedar".into(), text: OPEN.into() };
        let folder = TempDir::new().unwrap();
        let store = Arc::new(Sqlite::open(folder.path().join("ledger")).unwrap());
        Self {
            schema,
            vault: Vault::new(Arc::new(Safe(schema))),
            // No authorities but the target's own.
            driver: Postgres::new(Arc::new(std::iter::empty().collect())),
            agent: agent("ada"),
            policies: Arc::new(Policies::load(targets, &[open]).unwrap()),
            ledger: Arc::new(Ledger::new(store, Arc::new(Still))),
            _folder: folder,
            shared,
        }
    }

    /// Has the superuser run this in the test's schema, each time on a connection of its own.
    pub(crate) async fn admin(&self, statements: &str) {
        let admin = self.shared.server.superuser().await.unwrap();
        let path = format!("SET search_path = {}", self.schema);
        admin.batch_execute(&path).await.unwrap();
        let ran = admin.batch_execute(statements).await;
        ran.unwrap_or_else(|error| panic!("{statements}: {error:?}"));
    }

    /// What the superuser is told, as text.
    pub(crate) async fn asked(&self, question: &str) -> String {
        let admin = self.shared.server.superuser().await.unwrap();
        let path = format!("SET search_path = {}", self.schema);
        admin.batch_execute(&path).await.unwrap();
        admin.query_one(question, &[]).await.unwrap().get(0)
    }

    /// Connections of the test's role at this moment.
    pub(crate) async fn connections(&self) -> String {
        let question = "SELECT count(*)::text FROM pg_stat_activity WHERE usename = '{}'";
        self.asked(&question.replace("{}", self.schema)).await
    }

    pub(crate) fn permit(&self) -> Permit {
        self.permit_for("shop")
    }

    pub(crate) fn permit_for(&self, target: &str) -> Permit {
        let target = TargetName::new(target).unwrap();
        policy::admit(self.agent.known(), &target, &self.policies).unwrap()
    }

    pub(crate) async fn survey(&self) -> Draft {
        let mut lent = credentials::lend(&self.permit(), &self.vault).await.unwrap();
        self.driver.survey(&mut lent, LONGEST).await.unwrap()
    }

    /// The relation of this name in the test's schema.
    pub(crate) async fn relation(&self, name: &str) -> Relation {
        let draft = self.survey().await;
        let found = |r: &Relation| r.schema == self.schema && r.name == name;
        let found = draft.relations.into_iter().find(found);
        found.unwrap_or_else(|| panic!("there is no {name}"))
    }

    pub(crate) async fn estimate(&self, statement: &str, params: &[Value]) -> Result<u64, Error> {
        let mut lent = credentials::lend(&self.permit(), &self.vault).await.unwrap();
        let key_parameters = statement.contains("sha256");
        let read = Estimate { statement, params, key_parameters };
        self.driver.estimate(&mut lent, &read, LONGEST).await
    }

    /// A statement on this target, with its login and on record, that was read by this catalogue.
    pub(crate) async fn armed(
        &self,
        target: &str,
        statement: &str,
        by: &Arc<Catalogue>,
    ) -> Result<Armed<'_>, credentials::Error> {
        let ask = self.ask(target, statement);
        let trail = Arc::new(audit::trail(&self.agent.known(), &ask, NOW).unwrap());
        let permit = self.permit_for(target);
        let looked = vetting::look(ask.statement, ask.params, permit, by).unwrap();
        let vetted = vetting::vet(looked, None, false).unwrap();
        let cleared = {
            let (request, now) = (&ask.id, NOW);
            let asked = Asked { request, reason: None, idempotency_key: None, now };
            approvals::clear(vetted, &asked).unwrap()
        };
        let (witnessed, _) = audit::intend(cleared, &trail, &self.ledger).await.unwrap();
        credentials::arm(witnessed, &self.vault).await
    }

    fn ask(&self, target: &str, statement: &str) -> Ask {
        Ask {
            id: RequestId::fresh(),
            presented: self.agent.presented(),
            target: TargetName::new(target).unwrap(),
            statement: Statement::new(statement).unwrap(),
            params: Params::default(),
            reason: None,
            idempotency_key: None,
            source: Source::default(),
            deadline: Deadline::within(LONGEST),
        }
    }
}

/// A result's JSON.
pub(crate) fn text(json: &[u8]) -> String {
    String::from_utf8(json.to_vec()).unwrap()
}

/// Holds the login of the test's role, a key, and a key that is none.
struct Safe(&'static str);

impl SecretStore for Safe {
    fn fetch<'a>(&'a self, name: &'a SecretName) -> Later<'a, Result<Fetched, StoreError>> {
        let login = format!(r#"{{"username":"{}","password":"{PASSWORD}"}}"#, self.0);
        let all = BTreeMap::from([
            ("login", login.as_str()),
            ("key", r#"{"key":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}"#),
            ("short", r#"{"key":"AAECAw=="}"#),
        ]);
        let found = all.get(name.as_str()).map(|text| text.to_string());
        Box::pin(async move {
            let secret = Secret::new(found.ok_or(StoreError::Missing)?.into());
            Ok(Fetched { secret, version: "v1".into() })
        })
    }
}

/// The same database in the ways that these tests want it.
const TARGETS: &str = r#"
    [targets.shop]
    kind = "postgres"
    host = "localhost"
    port = {port}
    database = "shop"
    authority = "ca.pem"
    secret = "login"
    schema = "{schema}"

    [targets.keyed]
    kind = "postgres"
    host = "localhost"
    port = {port}
    database = "shop"
    authority = "ca.pem"
    secret = "login"
    schema = "{schema}"
    mask = "source"
    mask_key = "key"
    [targets.keyed.tags."{schema}.people"]
    ssn = "ssn"

    [targets.tagged]
    kind = "postgres"
    host = "localhost"
    port = {port}
    database = "shop"
    authority = "ca.pem"
    secret = "login"
    schema = "{schema}"
    [targets.tagged.tags."{schema}.people"]
    ssn = "ssn"

    [targets.short]
    kind = "postgres"
    host = "localhost"
    port = {port}
    database = "shop"
    authority = "ca.pem"
    secret = "login"
    schema = "{schema}"
    mask_key = "short"
"#;

/// Everything is permitted to everybody; where there is a key, what is tagged is shown as tokens.
const OPEN: &str = r#"@id("open") permit(principal, action, resource) unless { resource == Target::"keyed" };
    @id("keyed") @mask("ssn:token") permit(principal, action, resource == Target::"keyed");"#;

const PASSWORD: &str = "hunter2-correct-horse";

pub(crate) const LONGEST: Duration = Duration::from_secs(20);
