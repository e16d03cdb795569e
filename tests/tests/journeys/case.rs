//! One change of an order that two people are asked about, on one cloud: who asks, who decides, who comes
//! for it, and what of it is on record and in the database.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use audit::{Done, Event, Record};
use local_emulator::{
    agent::{Agent, Answer, Deployment, Function, Key, Spawn, Wanted, rights},
    configuration::{AUDIENCE, PEOPLE},
    emulator::Cloud,
    issuer::Claims,
    ledger, story,
};
use reqwest::Method;
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use crate::desk::{At, Desk};

/// One order that nobody else changes.
pub(crate) struct Case<'d> {
    desk: &'d Desk,
    pub(crate) cloud: Cloud,
    row: u32,
    before: String,
}

/// A request that waits.
pub(crate) struct Parked {
    pub(crate) id: String,
    pub(crate) digest: String,
}

impl Parked {
    #[track_caller]
    pub(crate) fn of(answer: &Answer) -> Self {
        assert_eq!(answer.status, 202, "{}", answer.text);
        let text = |name: &str| answer.body[name].as_str().unwrap().to_owned();
        Self { id: text("request"), digest: text("digest") }
    }
}

/// Plays a case on each cloud, and has the ledger checked afterwards.
pub(crate) fn play(case: impl AsyncFn(&Case<'_>)) {
    let desk = Desk::shared();
    desk.stage.play(async {
        for cloud in Cloud::ALL {
            let row = 1501 + NEXT.fetch_add(1, Relaxed);
            let before = amount(&desk, row).await;
            let one = Case { desk: &desk, cloud, row, before };
            case(&one).await;
            ledger::verify(&desk.stage.emulator().ledger(cloud)).await.unwrap();
        }
    });
}

static NEXT: AtomicU32 = AtomicU32::new(0);

async fn amount(desk: &Desk, row: u32) -> String {
    desk.stage.database(&format!("SELECT amount::text FROM orders WHERE id = {row}")).await
}

impl Case<'_> {
    /// A support agent with its issuer's own token, and with these claims beside the usual ones.
    pub(crate) fn agent(&self, subject: &str, at: At, more: Value) -> Agent {
        let claims = Claims::new(subject, "triage", AUDIENCE).groups(&["shop-support"]);
        let token = self.token(claims, at, more);
        Agent::new(&story::client().unwrap(), &self.desk.request_url(self.cloud, at), &token)
    }

    pub(crate) fn support(&self, at: At) -> Agent {
        self.agent("support-agent", at, json!({}))
    }

    /// The root of a tree that may change orders.
    pub(crate) async fn root(&self, claims: Claims) -> Agent {
        let http = story::client().unwrap();
        let at: Deployment = self.desk.stage.emulator().deployment(self.cloud, &http);
        let at = at.reached_at(Function::Request, &self.desk.request_url(self.cloud, At::Now));
        let login = self.token(claims.groups(&["shop-support"]), At::Now, json!({}));
        let wanted = rights("shop", &["select", "update"], &["public.orders"]);
        at.exchange(&login, &Key::fresh().unwrap(), Some(&wanted)).await.unwrap()
    }

    /// Somebody who has just logged in, in these groups.
    pub(crate) fn person(&self, subject: &str, groups: &[&str], at: At) -> Agent {
        let claims = Claims::new(subject, "console", PEOPLE).groups(groups);
        let token = self.token(claims, at, json!({"auth_time": now() + at.ahead_s()}));
        Agent::new(&story::client().unwrap(), &self.desk.people_url(self.cloud, at), &token)
    }

    /// A token that is issued when clocks of that time say so.
    fn token(&self, claims: Claims, at: At, more: Value) -> String {
        let issued = now() + at.ahead_s();
        let times = json!({"iat": issued, "nbf": issued, "exp": issued + 600});
        let all = [times, more].map(|all| serde_json::from_value::<Map<_, _>>(all).unwrap());
        let more = all.into_iter().flatten().collect();
        self.desk.stage.emulator().issuer.token(&Claims { more, ..claims }).unwrap()
    }

    /// What is asked: the order becomes dearer by so much.
    pub(crate) fn change(&self, by: u32) -> Value {
        json!({"target": "shop", "params": [by, self.row],
               "statement": "UPDATE orders SET amount = amount + $1 WHERE id = $2"})
    }

    pub(crate) async fn park(&self, agent: &Agent) -> Parked {
        Parked::of(&agent.post(&self.change(1)).await.unwrap())
    }

    /// As many as are wanted agree.
    pub(crate) async fn approved(&self, parked: &Parked) {
        for (subject, group, phase) in
            [("dba-1", "shop-dba", "pending"), ("privacy-1", "shop-privacy", "granted")]
        {
            let person = self.person(subject, &[group], At::Now);
            let said = self.says(&person, parked, "approve").await;
            assert_eq!(said.body["phase"], json!(phase), "{}", said.text);
        }
    }

    pub(crate) async fn says(&self, person: &Agent, to: &Parked, verdict: &str) -> Answer {
        let path = format!("/v1/approvals/{}/decision", to.id);
        let said = json!({"verdict": verdict, "digest": to.digest});
        person.call(Method::POST, Function::Request, &path).json(&said).send().await.unwrap()
    }

    pub(crate) async fn comes(&self, agent: &Agent, to: &Parked) -> Answer {
        let path = format!("/v1/requests/{}/run", to.id);
        agent.call(Method::POST, Function::Request, &path).send().await.unwrap()
    }

    /// It is refused with this, which is on record as often, and it has not run.
    pub(crate) async fn refused(
        &self,
        of: &Parked,
        answer: &Answer,
        told: (u16, &str),
        times: usize,
    ) {
        let cause = told.1.strip_prefix("approvals/").unwrap();
        assert_eq!((answer.status, answer.problem()), (told.0, Some(told.1)), "{}", answer.text);
        let records = self.records(of).await;
        let because = records.iter().filter(|record| match &record.unmapped.event {
            Event::Refusal(why) => (why.stage.as_str(), why.cause.as_str()) == ("approvals", cause),
            Event::Approval(step) => {
                step.what == Done::Barred && step.cause.as_deref() == Some(cause)
            }
            _ => false,
        });
        assert_eq!(because.count(), times, "{cause}: {records:#?}");
        let ran = |record: &Record| matches!(record.unmapped.event, Event::Intent(_));
        assert!(!records.iter().any(ran), "{records:#?}");
        assert_eq!(amount(self.desk, self.row).await, self.before, "it ran");
    }

    /// Its agent comes, and it runs: nothing else was in the way.
    pub(crate) async fn runs(&self, agent: &Agent, parked: &Parked) {
        let ran = self.comes(agent, parked).await;
        assert_eq!((ran.status, &ran.body["affected"]), (200, &json!(1)), "{}", ran.text);
        self.has_run_once().await;
    }

    pub(crate) async fn has_run_once(&self) {
        let Self { row, before, .. } = self;
        let question = format!("SELECT (amount - {before})::text FROM orders WHERE id = {row}");
        assert_eq!(self.desk.stage.database(&question).await, "1.00");
    }

    /// Every record that names the request.
    pub(crate) async fn records(&self, of: &Parked) -> Vec<Record> {
        let records =
            ledger::records(&self.desk.stage.emulator().ledger(self.cloud)).await.unwrap();
        let about = |record: &Record| match &record.unmapped.event {
            Event::Refusal(why) => why.ticket.as_ref() == Some(&of.id),
            _ => record.metadata.correlation_uid == of.id,
        };
        records.into_iter().filter(about).collect()
    }

    /// Puts another word into what is kept of it, past everybody.
    pub(crate) fn overwrite(&self, parked: &Parked, from: &str, to: &str) {
        let file = Connection::open(self.desk.stage.emulator().ledger(self.cloud)).unwrap();
        let sql = "UPDATE items SET v = CAST(replace(CAST(v AS TEXT), ?1, ?2) AS BLOB) \
                   WHERE k = ?3 AND instr(CAST(v AS TEXT), ?1) > 0";
        let changed = file.execute(sql, (from, to, format!("parked:{}", parked.id))).unwrap();
        assert_eq!(changed, 1, "`{from}` is not there");
    }
}

/// A child with all rights of its parent and a key of its own.
pub(crate) async fn child(parent: &Agent, label: &str) -> Agent {
    let ticket = parent.spawn(&Spawn::new(label, &Wanted::Inherit)).await.unwrap();
    parent.at().redeem(&ticket.ticket, Some(&Key::fresh().unwrap())).await.unwrap()
}

pub(crate) fn now() -> u64 {
    std::time::UNIX_EPOCH.elapsed().unwrap().as_secs()
}
