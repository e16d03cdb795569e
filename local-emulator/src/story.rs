//! The demo's story: what an agent asks, what it must get, and what it got.

pub mod chain;
mod operator;
pub mod people;
mod steps;

use std::{fmt::Write as _, path::PathBuf, time::Duration};

use reqwest::Client;
use serde_json::{Value, json};

use crate::{
    agent::{self, Agent, Answer},
    ca,
    configuration::AUDIENCE,
    emulator::{Cloud, Emulator},
    issuer::{self, Claims, Flaw},
    key, ledger, postgres,
};

/// What one step came to.
#[derive(Clone, Debug)]
pub struct Told {
    /// What the step is about.
    pub step: String,
    /// What was sent, where it was a statement.
    pub statement: Option<String>,
    /// Where.
    pub cloud: Cloud,
    /// What had to come.
    pub expected: String,
    /// What came.
    pub got: String,
    /// What the agent read: the first row, or why there is none.
    pub detail: Option<String>,
    /// What the operator read, where it is the operator who asked.
    pub explained: Option<Value>,
}

impl Told {
    /// A step without a statement, of which nothing was read.
    fn new(cloud: Cloud, step: &str, expected: &str, got: String) -> Self {
        let (step, expected) = (step.to_owned(), expected.to_owned());
        Self { step, statement: None, cloud, expected, got, detail: None, explained: None }
    }

    /// Whether it is what it had to be.
    #[must_use]
    pub fn ok(&self) -> bool {
        self.expected == self.got
    }

    /// One line of `--json`.
    #[must_use]
    pub fn json(&self) -> Value {
        let mut line = json!({
            "step": self.step, "cloud": self.cloud.name(),
            "expected": self.expected, "got": self.got, "ok": self.ok(),
        });
        if let (Some(explained), Value::Object(members)) = (&self.explained, &mut line) {
            members.insert("explained".into(), explained.clone());
        }
        line
    }
}

/// Why the story broke off.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The HTTP client trusts our authority only, and that could not be read.
    #[error(transparent)]
    Certificates(#[from] ca::Error),
    /// The database did not answer.
    #[error(transparent)]
    Database(#[from] postgres::Error),
    /// An agent got no answer.
    #[error(transparent)]
    Agent(#[from] agent::Error),
    /// There is no client to ask with.
    #[error("no HTTP client can be made")]
    Http(#[from] reqwest::Error),
    /// No token could be made.
    #[error(transparent)]
    Issuer(#[from] issuer::Error),
    /// No key could be made.
    #[error(transparent)]
    Key(#[from] key::Error),
    /// An agent that must have a key has none.
    #[error("an agent came back without its key")]
    Keyless,
    /// The functions for people are not built.
    #[error("there is nobody to ask: `local-emulator/functions` builds what people decide with")]
    Nobody,
    /// The operator got no answer.
    #[error("the operator's view cannot be had: {0}")]
    Explain(String),
    /// The operator's program could not be run.
    #[error("the operator's program cannot be run")]
    Operator(#[from] std::io::Error),
    /// The ledger is not proven.
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    /// The database did not answer a question of ours.
    #[error("the database does not answer")]
    Query(#[from] tokio_postgres::Error),
}

/// Whose token a step is sent with.
#[derive(Clone, Copy)]
pub(crate) enum Who {
    /// A support agent.
    Support,
    /// The same with a token that has this flaw.
    Flawed(Flaw),
}

/// One step: a statement on a target, and what must come of it.
pub(crate) struct Step {
    pub(crate) title: &'static str,
    pub(crate) who: Who,
    pub(crate) target: &'static str,
    pub(crate) statement: &'static str,
    pub(crate) expected: &'static str,
}

/// Tells the story on one cloud, step by step, to `tell`.
///
/// # Errors
/// Something did not answer; a step that came out wrong is told and no error.
pub async fn tell(on: &Emulator, cloud: Cloud, each: &mut dyn FnMut(&Told)) -> Result<(), Error> {
    let http = client()?;
    let session = support(on)?;
    for step in steps::STEPS {
        let token = match step.who {
            Who::Support => session.clone(),
            Who::Flawed(flaw) => on.issuer.flawed(&claims(), flaw)?,
        };
        let agent = Agent::new(&http, &on.url(cloud), &token);
        let before = checksum(on).await?;
        let answer = agent.query(step.target, step.statement).await?;
        let mut got = seen(&answer);
        if answer.status != 200 && checksum(on).await? != before {
            got.push_str(", and the data changed");
        }
        each(&told(cloud, step, got, detail(&answer)));
    }
    each(&operator::tell(on, cloud, &session).await?);
    each(&recorded(on, cloud).await?);
    Ok(())
}

/// A client for the functions' fronts, which speak plain HTTP on loopback as an emulator's do.
///
/// # Errors
/// No TLS.
pub fn client() -> reqwest::Result<Client> {
    agent::client()
}

/// The token of the story's agent.
///
/// # Errors
/// It cannot be signed.
pub fn support(on: &Emulator) -> Result<String, issuer::Error> {
    on.issuer.token(&claims())
}

pub(crate) fn claims() -> Claims {
    let claims = Claims::new("support-agent", "triage", AUDIENCE).groups(&["shop-support"]);
    Claims { lifetime: Duration::from_secs(3600), ..claims }
}

fn told(cloud: Cloud, step: &Step, got: String, detail: Option<String>) -> Told {
    let told = Told::new(cloud, step.title, step.expected, got);
    Told { statement: Some(step.statement.to_owned()), detail, ..told }
}

/// An answer in one line: the status, and what of the first row was shown and what was not.
#[must_use]
pub fn seen(answer: &Answer) -> String {
    let status = answer.status;
    if let Some(problem) = answer.problem() {
        return format!("{status} {problem}");
    }
    if let Some(error) = answer.error() {
        return format!("{status} {error}");
    }
    if status == 202 {
        return format!("202 waits for {}", answer.body.get("approvers").unwrap_or(&Value::Null));
    }
    let mut line = status.to_string();
    if let Some(changed) = answer.body.get("affected") {
        let _ = write!(line, " changed {changed}");
    }
    if let Some(cells) = answer.body.pointer("/rows/0").and_then(Value::as_array) {
        let cells: Vec<String> = cells.iter().map(shown).collect();
        let _ = write!(line, " {}", cells.join(", "));
    }
    line
}

/// What the agent got to read: the first row, or why there is none.
fn detail(answer: &Answer) -> Option<String> {
    let told = answer.body.get("detail").or_else(|| answer.body.get("error_description"));
    if let Some(detail) = told {
        return detail.as_str().map(ToOwned::to_owned);
    }
    let cells = answer.body.pointer("/rows/0")?.as_array()?;
    let cell = |cell: &Value| cell.as_str().map_or_else(|| cell.to_string(), ToOwned::to_owned);
    Some(cells.iter().map(cell).collect::<Vec<_>>().join(" | "))
}

/// A cell without its value: whether it is shown, and if not, what stands in its place.
fn shown(cell: &Value) -> String {
    let text = match cell {
        Value::Null => return "null".into(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let mark = text.find("[masked:").and_then(|at| {
        let mark = text.get(at..)?;
        mark.get(..=mark.find(']')?)
    });
    match mark {
        Some(mark) if mark == text => text,
        Some(mark) => format!("text with {mark}"),
        None if text.starts_with("****") => "last four".into(),
        None => "shown".into(),
    }
}

/// What all tables hold, so that a refused statement is seen to have changed nothing.
async fn checksum(on: &Emulator) -> Result<String, Error> {
    let text = "SELECT md5(concat( \
                (SELECT string_agg(t::text, '|' ORDER BY id) FROM customers t), \
                (SELECT string_agg(t::text, '|' ORDER BY id) FROM orders t), \
                (SELECT string_agg(t::text, '|' ORDER BY id) FROM salaries t), \
                (SELECT string_agg(t::text, '|' ORDER BY id) FROM documents t)))";
    let row = on.postgres.superuser().await?.query_one(text, &[]).await?;
    Ok(row.try_get(0)?)
}

/// Whether the ledger is proven, and holds an end for each step that got past the token.
async fn recorded(on: &Emulator, cloud: Cloud) -> Result<Told, Error> {
    let known = steps::STEPS.iter().filter(|step| matches!(step.who, Who::Support)).count() as u64;
    // What the operator asks for is one more.
    let known = known.saturating_add(1);
    let report = ledger::verify(&on.ledger(cloud)).await?;
    let line =
        |ended: u64, open: usize| format!("{ended} requests on record, {open} without an end");
    let got = line(report.concluded + report.refused + report.asked, report.open.len());
    Ok(Told::new(cloud, "The ledger is proven, link by link", &line(known, 0), got))
}

/// What is on record, for people, chain by chain: who asked, then what happened and how it ended.
///
/// # Errors
/// The ledger cannot be read.
pub async fn on_record(file: PathBuf) -> Result<Vec<String>, Error> {
    let records = ledger::records(&file).await?;
    let told = records.iter().flat_map(|record| {
        let begins = record.unmapped.seq == 0;
        begins.then(|| format!("\n{}", asking(record))).into_iter().chain([line(record)])
    });
    Ok(told.collect())
}

/// Whose chain of records it is: the node, and how far below whom.
fn asking(record: &audit::Record) -> String {
    let hops = &record.unmapped.act_chain;
    let first = hops.first().map_or("", |hop| hop.subject.as_str());
    match hops.len() {
        0 | 1 => format!("{first}, as {}", record.actor.user.uid),
        hops => format!("{} below {first}, as {}", hops - 1, record.actor.user.uid),
    }
}

fn line(record: &audit::Record) -> String {
    use audit::Event;
    let unmapped = &record.unmapped;
    let what = match &unmapped.event {
        Event::Approval(step) => {
            let by = step.by.as_ref().map_or("", |by| by.subject.as_str());
            format!("people   {:?} {by}", step.what)
        }
        Event::Intent(intent) => format!("intent   by {}", intent.policies.join(", ")),
        Event::Node(node) => {
            let about = node.label.as_ref().or(node.cause.as_ref()).map_or("", String::as_str);
            format!("node     {:?} {about}", node.what)
        }
        Event::Transaction { xid } => format!("writes   as transaction {xid}"),
        Event::Outcome(outcome) => format!(
            "outcome  {:?}: {} rows, {} changed, {} cells masked",
            outcome.result, outcome.rows, outcome.affected, outcome.masked.cells
        ),
        Event::Refusal(refused) => format!("refusal  {}/{}", refused.stage, refused.cause),
    };
    let hash = unmapped.prev.to_string();
    format!("{:>3}  {}…  {what}", unmapped.seq, hash.get(..8).unwrap_or_default())
}
