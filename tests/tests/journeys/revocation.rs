//! The middle of a tree is ended while everything below it is at work.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};

use audit::Event;
use local_emulator::{
    agent::{self, Agent, Answer, Key, Spawn, Wanted, rights},
    configuration::AUDIENCE,
    emulator::Cloud,
    issuer::Claims,
    ledger, story,
};
use tokio::{task::JoinSet, time::sleep};
use tokio_postgres::Client;

use crate::stage::Stage;

#[test]
fn nothing_below_an_ended_node_is_shown_a_thing_or_begins_one_and_its_siblings_go_on() {
    let stage = Stage::own();
    for cloud in Cloud::ALL {
        stage.play(ended_at_work(&stage, cloud));
    }
}

async fn ended_at_work(stage: &Stage, cloud: Cloud) {
    let root = root(stage, cloud).await;
    let (middle, sibling) = (child(&root).await, child(&root).await);
    let mut below = vec![middle.clone()];
    for parent in 0..3 {
        for _ in 0..2 {
            let child = child(&below[parent]).await;
            below.push(child);
        }
    }
    let waiting = middle.spawn(&inheriting()).await.unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let (mut fallen, mut standing) = (JoinSet::new(), JoinSet::new());
    for agent in &below {
        fallen.spawn(work(agent.clone(), Arc::clone(&stop)));
    }
    standing.spawn(work(sibling.clone(), Arc::clone(&stop)));
    // They are at it, all of them, and have been shown something already.
    sleep(Duration::from_secs(4)).await;
    let held = hold_several(stage).await;
    let ending = root.revoke(&middle.node()).await.unwrap();
    let returned = Instant::now();
    assert_eq!(ending.status, 204, "{}", ending.text);
    drop(held);
    sleep(Duration::from_secs(4)).await;
    stop.store(true, SeqCst);

    let fallen = fallen.join_all().await.concat();
    let (before, after): (Vec<_>, Vec<_>) = fallen.iter().partition(|heard| heard.asked < returned);
    let shown = |heard: &&&Heard| heard.status == 200;
    assert!(before.iter().filter(shown).count() > 0, "{before:?}");
    let late = before.iter().filter(shown).find(|heard| heard.answered > returned + PROMISE);
    assert!(late.is_none(), "{late:?}");
    assert!(after.len() >= below.len(), "they have asked again");
    let other = after.iter().find(|heard| !heard.is(401, "identity/revoked"));
    assert!(
        other.is_none(),
        "{other:?} {:?} after it had returned",
        other.map(|h| h.asked - returned)
    );

    let standing = standing.join_all().await.concat();
    assert!(standing.iter().all(|heard| heard.problem != "identity/revoked"), "{standing:?}");
    assert!(standing.iter().any(|heard| heard.status == 200 && heard.asked > returned));

    for agent in &below {
        assert_eq!(said(agent.renew().await), (400, "invalid_grant".into()));
        assert_eq!(
            said(agent.spawn(&inheriting()).await),
            (401, "delegation/invalid_grant".into())
        );
    }
    let ticket = root.at().redeem(&waiting.ticket, Some(&Key::fresh().unwrap())).await;
    assert_eq!(said(ticket), (400, "invalid_grant".into()));
    assert_eq!(child(&sibling).await.query("shop", "SELECT 1").await.unwrap().status, 200);
    on_record(stage, cloud, &before, &root).await;
}

/// What was run and not shown is on record as that.
async fn on_record(stage: &Stage, cloud: Cloud, before: &[&Heard], root: &Agent) {
    let file = stage.emulator().ledger(cloud);
    let records = ledger::records(&file).await.unwrap();
    let kept_back = |record: &&audit::Record| match &record.unmapped.event {
        Event::Outcome(outcome) => outcome.cause.as_deref() == Some("revoked"),
        _ => false,
    };
    let kept_back = records.iter().filter(kept_back).count();
    let refused = before.iter().filter(|heard| heard.is(401, "identity/revoked")).count();
    assert!(kept_back > 0 && kept_back <= refused, "{kept_back} of {refused}");
    assert!(ledger::verify(&file).await.unwrap().open.is_empty());
    assert_eq!(root.query("shop", "SELECT 1").await.unwrap().status, 200);
}

/// What became of one request.
#[derive(Clone, Debug)]
struct Heard {
    asked: Instant,
    answered: Instant,
    status: u16,
    problem: String,
}

impl Heard {
    fn is(&self, status: u16, problem: &str) -> bool {
        self.status == status && self.problem == problem
    }
}

/// Holds statements up on the database, until several are begun there and none can end before what this
/// returns is dropped.
async fn hold_several(stage: &Stage) -> Client {
    let holds = stage.emulator().postgres.superuser().await.unwrap();
    holds.batch_execute("BEGIN; LOCK TABLE bulk IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let held = "SELECT count(*)::text FROM pg_stat_activity \
                WHERE application_name = 'postern' AND wait_event_type = 'Lock'";
    while stage.database(held).await.parse::<u32>().unwrap() < 4 {
        sleep(Duration::from_millis(5)).await;
    }
    holds
}

/// Asks the same again and again.
async fn work(agent: Agent, stop: Arc<AtomicBool>) -> Vec<Heard> {
    let statement = "SELECT count(*) FROM bulk a, bulk b WHERE a.id <= 20 AND a.id + b.id > 7";
    let mut heard = Vec::new();
    while !stop.load(SeqCst) {
        let asked = Instant::now();
        let answer = agent.query("shop", statement).await.unwrap();
        let problem = answer.problem().unwrap_or_default().to_owned();
        assert_eq!(answer.body.get("rows").is_some(), answer.status == 200, "{}", answer.text);
        heard.push(Heard { asked, answered: Instant::now(), status: answer.status, problem });
        sleep(Duration::from_millis(5)).await;
    }
    heard
}

async fn root(stage: &Stage, cloud: Cloud) -> Agent {
    let claims = Claims::new("ended", "tests", AUDIENCE).groups(&["shop-reporting"]);
    let token = stage.emulator().issuer.token(&claims).unwrap();
    let at = stage.emulator().deployment(cloud, &story::client().unwrap());
    let bulk = rights("shop", &["select"], &["public.bulk"]);
    at.exchange(&token, &Key::fresh().unwrap(), Some(&bulk)).await.unwrap()
}

async fn child(of: &Agent) -> Agent {
    let ticket = of.spawn(&inheriting()).await.unwrap();
    of.at().redeem(&ticket.ticket, Some(&Key::fresh().unwrap())).await.unwrap()
}

fn inheriting() -> Spawn {
    Spawn::new("works", &Wanted::Inherit)
}

fn said<T>(got: Result<T, agent::Error>) -> (u16, String) {
    let answer: Answer = got.err().expect("it was done").answer().expect("an answer");
    (answer.status, answer.error().or(answer.problem()).unwrap_or_default().to_owned())
}

/// How long after the end of a node something that it was already being shown may still arrive.
const PROMISE: Duration = Duration::from_secs(2);
