//! The whole way in one process, with a driver that does what a test wants of it.

mod approved;
mod broken;
mod refused;

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use ::catalogue::Draft;
use ::credentials::{Armed, Lent, Vault};
use enforce::{Ports, Refusal, Released, enforce};
use masking::{Cell, Column, Origin, Veil};
use request::{Ask, Deadline, Later};
use serde_json::{Value, json};
use targets::{Driver, Error, Estimate, Once, Surveys};

use crate::{
    audit::Book,
    credentials::Safe,
    stand::{OPEN, Stand, Still, agent, asking, shop, verifier},
};

/// What the driver does.
#[derive(Clone, Copy)]
enum Act {
    /// Shows one row of two cells.
    Shows,
    /// Leaves its row without its last cell.
    Halves,
    /// Fails in this way after it has shown a row.
    Fails(fn() -> Error),
    Panics,
}

/// A driver that notes how often and for how long it may run.
struct Acting {
    act: Act,
    ran: AtomicUsize,
    within: Mutex<Duration>,
}

impl Driver for Script {
    fn run<'a>(
        &'a self,
        _: Once,
        _: &'a mut Armed<'_>,
        veil: &'a mut Veil,
        within: Duration,
    ) -> Later<'a, Result<(), Error>> {
        self.0.ran.fetch_add(1, Ordering::SeqCst);
        *self.0.within.lock().unwrap() = within;
        Box::pin(async move { play(self.0.act, veil) })
    }

    fn survey<'a>(
        &'a self,
        lent: &'a mut Lent<'_>,
        _: Duration,
    ) -> Later<'a, Result<Draft, Error>> {
        Box::pin(async move { Ok(shop::draft(&lent.target().schema)) })
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

/// The driver as a port, while the test keeps its notes.
struct Script(Arc<Acting>);

fn play(act: Act, veil: &mut Veil) -> Result<(), Error> {
    let column = |name: &str| Column {
        name: name.into(),
        kind: "text".into(),
        origin: Origin::Bare { relation: "public.orders".into(), column: name.into() },
    };
    veil.columns(vec![column("id"), column("note")])?;
    veil.cell(Cell::Number("7".into()))?;
    if matches!(act, Act::Halves) {
        return Ok(());
    }
    veil.cell(Cell::Text("ask ada@example.com".into()))?;
    let _flow = veil.end_row()?;
    match act {
        Act::Shows | Act::Halves => Ok(()),
        Act::Fails(error) => Err(error()),
        Act::Panics => panic!("the driver broke"),
    }
}

/// All ports, and what stands behind them.
struct Scene {
    ports: Ports,
    book: Book,
    safe: Arc<Safe>,
    driver: Arc<Acting>,
}

impl Scene {
    fn new(act: Act) -> Self {
        Self::under(OPEN, act)
    }

    fn under(policies: &str, act: Act) -> Self {
        let (book, safe) = (Book::new(), Arc::new(Safe::default()));
        safe.holds("orders-db", "orders_agent", "v1");
        let driver = Acting { act, ran: AtomicUsize::default(), within: Mutex::default() };
        let driver = Arc::new(driver);
        let ports = Ports {
            verifier: verifier(),
            policies: Stand::new(policies).policies,
            ledger: Arc::clone(&book.ledger),
            vault: Vault::new(safe.clone()),
            driver: Box::new(Script(Arc::clone(&driver))),
            surveys: Surveys::default(),
            readings: vetting::Readings::new(),
            workflow: None,
            waker: None,
            clock: Arc::new(Still),
        };
        Self { ports, book, safe, driver }
    }

    async fn ask(&self, ask: Ask) -> Result<Released, Refusal> {
        enforce(ask, &self.ports).await
    }

    /// Why this statement of an analyst is refused.
    async fn refused(&self, statement: &str) -> Refusal {
        let refused = self.ask(asking(statement).ask(&agent("ada"))).await;
        refused.err().expect("it is released")
    }

    fn ran(&self) -> usize {
        self.driver.ran.load(Ordering::SeqCst)
    }

    /// The events on record, in their order.
    async fn events(&self) -> Vec<Value> {
        let lines = self.book.lines(&agent("ada").known()).await;
        let read = |line: &Vec<u8>| serde_json::from_slice::<Value>(line).unwrap();
        lines.iter().map(|line| read(line)["unmapped"]["event"].clone()).collect()
    }
}

#[tokio::test]
async fn what_is_released_is_masked_and_on_record() {
    let scene = Scene::new(Act::Shows);
    let ask = asking("select id, note from orders").ask(&agent("ada"));
    let released = scene.ask(ask).await.ok().unwrap();
    assert_eq!(released.rows().json(), br#"[[7,"ask [masked:email]"]]"#);
    let events = scene.events().await;
    let outcome = &events[1];
    assert_eq!((events.len(), &events[0]["kind"]), (2, &json!("intent")));
    assert_eq!((&outcome["result"], &outcome["rows"]), (&json!("done"), &json!(1)));
    assert_eq!(outcome["masked"], json!({"cells": 1, "columns": 0, "kinds": {"email": 1}}));
    assert_eq!(outcome["credential"], "v1");
    let report = scene.book.report(&agent("ada").known()).await.unwrap();
    assert_eq!((report.concluded, report.open.len()), (1, 0));
    assert!(released.receipt().to_string().contains("/1/"));
}

#[tokio::test]
async fn a_statement_may_run_for_what_policy_and_the_deadline_leave() {
    let run = async |policies: &str, seconds: u64| {
        let scene = Scene::under(policies, Act::Shows);
        let mut ask = asking("select id from orders").ask(&agent("ada"));
        ask.deadline = Deadline::within(Duration::from_secs(seconds));
        assert!(scene.ask(ask).await.is_ok());
        *scene.driver.within.lock().unwrap()
    };
    let brief = r#"@id("brief") @timeout_ms("250") permit(principal, action, resource);"#;
    assert_eq!(run(brief, 20).await, Duration::from_millis(250));
    assert_eq!(run(OPEN, 60).await, Duration::from_secs(10), "the target's own limit");
    let left = run(OPEN, 8).await;
    assert!(left > Duration::from_secs(3) && left <= Duration::from_millis(6500), "{left:?}");
}
