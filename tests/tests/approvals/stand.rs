//! The whole way without a cloud and without a database: every crate as it is, on a file of SQLite, with
//! a clock that tests move and a driver that counts what it is told to run.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use approvals::{Notice, Ticket};
use audit::Ledger;
use catalogue::{Draft, Relation};
use credentials::{Armed, Fetched, Lent, Secret, SecretStore, StoreError, Vault};
use decisions::Desk;
use enforce::{Ports, Redemption, Refusal, Released, enforce, redeem};
use local_emulator::ledger;
use masking::{Cell, Column, Origin, Veil};
use on_disk::Sqlite;
use policy::{Policies, SourceFile, Targets};
use request::{
    Ask, Clock, Deadline, Later, Millis, Params, RequestId, SecretName, Source, Statement,
    TargetName,
};
use serde_json::Value;
use state::Store as _;
use targets::{Driver, Error, Estimate, Once, Surveys};
use tempfile::TempDir;

use crate::{
    caller::{Caller, verifier},
    scene::ASKED,
};

/// Everything that a request meets.
pub(crate) struct Stand {
    pub(crate) ports: Ports,
    pub(crate) desk: Desk,
    pub(crate) clock: Arc<Hands>,
    store: Arc<Sqlite>,
    ran: Arc<AtomicUsize>,
    told: BTreeSet<String>,
    folder: TempDir,
}

impl Stand {
    /// Under these policies.
    pub(crate) fn new(policies: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let store = Arc::new(Sqlite::open(file(&folder)).unwrap());
        let clock = Arc::new(Hands(AtomicU64::new(ASKED.0)));
        let ledger = Arc::new(Ledger::new(store.clone(), clock.clone()));
        let ran = Arc::new(AtomicUsize::default());
        let ports = Ports {
            verifier: verifier(clock.clone()),
            policies: in_force(policies),
            ledger: Arc::clone(&ledger),
            vault: Vault::new(Arc::new(Safe)),
            driver: Box::new(Counting(Arc::clone(&ran))),
            surveys: Surveys::default(),
            readings: vetting::Readings::new(),
            workflow: None,
            waker: None,
            clock: clock.clone(),
        };
        let desk = Desk { ledger, waker: None };
        Self { ports, desk, clock, store, ran, told: BTreeSet::new(), folder }
    }

    /// Other policies are in force from now on.
    pub(crate) fn put(&mut self, policies: &str) {
        self.ports.policies = in_force(policies);
    }

    pub(crate) fn now(&self) -> Millis {
        self.clock.now()
    }

    /// Somebody asks for what has to wait.
    pub(crate) async fn park(&self, who: &Caller) -> Notice {
        let ask = Ask {
            id: RequestId::fresh(),
            presented: who.presented(self.now()).await,
            target: TargetName::new("orders-db").unwrap(),
            statement: Statement::new("select note from orders where id > $1").unwrap(),
            params: Params::new(vec![6.into()]).unwrap(),
            reason: None,
            idempotency_key: None,
            source: Source::default(),
            deadline: Deadline::within(Duration::from_secs(20)),
        };
        let refusal = enforce(ask, &self.ports).await.err().unwrap();
        refusal.cause.parked().unwrap_or_else(|| panic!("{:?}", refusal.cause)).notice()
    }

    /// Somebody comes to have it run.
    pub(crate) async fn comes(
        &self,
        who: &Caller,
        request: &RequestId,
    ) -> Result<Released, Refusal> {
        let come = Redemption {
            presented: who.presented(self.now()).await,
            request: request.clone(),
            source: Source::default(),
            deadline: Deadline::within(Duration::from_secs(20)),
        };
        redeem(come, &self.ports).await
    }

    /// How many statements were run.
    pub(crate) fn ran(&self) -> usize {
        self.ran.load(SeqCst)
    }

    /// What was put on record since this was asked the last time, each in a few words, sorted.
    pub(crate) async fn news(&mut self) -> Vec<String> {
        let mut news = Vec::new();
        for partition in self.store.partitions().unwrap() {
            for (_, item) in self.store.list(&partition, "record:", None, 1000).await.unwrap() {
                let record: Value = serde_json::from_slice(&item.value).unwrap();
                if self.told.insert(record["metadata"]["uid"].as_str().unwrap().to_owned()) {
                    news.push(words(&record["unmapped"]["event"]));
                }
            }
        }
        news.sort();
        news
    }

    /// Records of the whole ledger, once a stranger to us has found nothing wrong with it, and how many
    /// requests ran to their end.
    pub(crate) async fn verified(&self) -> (usize, u64) {
        let report = ledger::verify(&file(&self.folder)).await.unwrap();
        assert!(report.open.is_empty() && report.asked == 1, "{report:?}");
        (usize::try_from(report.records).unwrap(), report.concluded)
    }

    /// What lies under the key of the document, to be read or written past everybody.
    pub(crate) async fn document(&self, ticket: &Ticket) -> Vec<u8> {
        let key = ticket.document_key().unwrap();
        let found = self.store.read(&ticket.partition, &[key]).await.unwrap();
        found.into_iter().flatten().next().unwrap().value
    }

    pub(crate) fn overwrite(&self, ticket: &Ticket, bytes: &[u8]) {
        let (partition, key) = (ticket.partition.as_str(), ticket.document_key().unwrap());
        let direct = rusqlite::Connection::open(file(&self.folder)).unwrap();
        let sql = "UPDATE items SET v = ?1 WHERE p = ?2 AND k = ?3";
        let changed = direct.execute(sql, (bytes, partition, key.as_str())).unwrap();
        assert_eq!(changed, 1);
    }
}

fn file(folder: &TempDir) -> std::path::PathBuf {
    folder.path().join("ledger.db")
}

/// What is told of an event, and by whom; `of` the request that was waited for, where it says so.
fn words(event: &Value) -> String {
    let members = ["kind", "what", "result", "stage", "cause", "phase", "ticket", "digest"];
    let mut words: Vec<&str> = members.iter().filter_map(|name| event[name].as_str()).collect();
    words.extend(event["approval"].as_str());
    words.extend(["issuer", "subject"].iter().filter_map(|name| event["by"][name].as_str()));
    words.join(" ")
}

fn in_force(policies: &str) -> Arc<Policies> {
    let targets = Targets::parse("targets.toml", TARGETS, &|_| None).unwrap();
    let file = SourceFile { name: "policies.cedar".into(), text: policies.into() };
    Arc::new(Policies::load(targets, &[file]).unwrap())
}

const TARGETS: &str = r#"
    [targets.orders-db]
    kind = "postgres"
    host = "orders.example"
    database = "shop"
    secret = "orders-db"
    max_rows = 1000
"#;

/// A clock that stands where a test puts it.
pub(crate) struct Hands(AtomicU64);

impl Hands {
    pub(crate) fn put(&self, to: Millis) {
        self.0.store(to.0, SeqCst);
    }
}

impl Clock for Hands {
    fn now(&self) -> Millis {
        Millis(self.0.load(SeqCst))
    }
}

/// One login, for whatever is asked for.
struct Safe;

impl SecretStore for Safe {
    fn fetch<'a>(&'a self, _: &'a SecretName) -> Later<'a, Result<Fetched, StoreError>> {
        let secret = Secret::new(r#"{"username":"agent","password":"x"}"#.to_owned().into());
        Box::pin(async move { Ok(Fetched { secret, version: "v1".into() }) })
    }
}

/// Shows one cell, and counts.
struct Counting(Arc<AtomicUsize>);

impl Driver for Counting {
    fn run<'a>(
        &'a self,
        _: Once,
        _: &'a mut Armed<'_>,
        veil: &'a mut Veil,
        _: Duration,
    ) -> Later<'a, Result<(), Error>> {
        self.0.fetch_add(1, SeqCst);
        let (relation, column) = ("public.orders".to_owned(), "note".to_owned());
        let origin = Origin::Bare { relation, column };
        Box::pin(async move {
            veil.columns(vec![Column { name: "note".into(), kind: "text".into(), origin }])?;
            veil.cell(Cell::Text("paid".into()))?;
            let _flow = veil.end_row()?;
            Ok(())
        })
    }

    fn survey<'a>(
        &'a self,
        lent: &'a mut Lent<'_>,
        _: Duration,
    ) -> Later<'a, Result<Draft, Error>> {
        let mut draft = vetting::draft(&lent.target().schema);
        let orders = &[("id", "integer"), ("note", "text")];
        draft.relations.push(Relation::table(20_000, "public", "orders", orders));
        Box::pin(async { Ok(draft) })
    }

    fn estimate<'a>(
        &'a self,
        _: &'a mut Lent<'_>,
        _: &'a Estimate<'a>,
        _: Duration,
    ) -> Later<'a, Result<u64, Error>> {
        Box::pin(async { Ok(1) })
    }
}
