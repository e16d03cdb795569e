//! The story's end: an export waits for two people, who agree to exactly that, and it runs while its
//! agent is away.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::{Error, Told, client, detail, seen, support};
use crate::{
    agent::{Agent, Answer, Function, Key, envelope, rights},
    configuration::PEOPLE,
    emulator::{Cloud, Emulator},
    issuer::Claims,
    ledger,
};

/// Tells it on one cloud, step by step, to `each`.
///
/// # Errors
/// Something did not answer, or nobody can be asked because the functions for it are not built.
pub async fn tell(on: &Emulator, cloud: Cloud, each: &mut dyn FnMut(&Told)) -> Result<(), Error> {
    let mut teller = Teller { on, cloud, each };
    let agent = teller.agent().await?;
    let Some((request, digest)) = teller.park(&agent).await? else { return Ok(()) };
    teller.decide(&request, &digest).await?;
    teller.fetch(&agent, &request).await?;
    let report = ledger::verify(&on.ledger(cloud)).await?;
    let got = format!("proven, {} put to people, {} open", report.asked, report.open.len());
    // Two of the first part, and this.
    let expected = "proven, 3 put to people, 0 open";
    teller.say("Who was asked, who saw it and who agreed is on record", None, expected, got, None);
    Ok(())
}

/// Who tells, and to whom.
struct Teller<'a> {
    on: &'a Emulator,
    cloud: Cloud,
    each: &'a mut dyn FnMut(&Told),
}

impl Teller<'_> {
    /// With a key of its own, to which its result can be encrypted.
    async fn agent(&self) -> Result<Agent, Error> {
        let at = self.on.deployment(self.cloud, &client()?);
        let wanted = rights("shop", &["select"], &["public.customers"]);
        Ok(at.exchange(&support(self.on)?, &Key::fresh()?, Some(&wanted)).await?)
    }

    /// The export, and what of it people are asked to approve.
    async fn park(&mut self, agent: &Agent) -> Result<Option<(String, String)>, Error> {
        let body = json!({"target": "shop", "statement": EXPORT, "reason": "the yearly letter"});
        let answer = agent.post(&body).await?;
        let step = "The agent wants the whole list of customers, and two people are asked";
        let expected = r#"202 waits for {"dba":2}"#;
        self.say(step, Some(EXPORT), expected, seen(&answer), detail(&answer));
        let text = |name: &str| answer.body.get(name)?.as_str().map(ToOwned::to_owned);
        Ok(text("request").zip(text("digest")))
    }

    async fn decide(&mut self, request: &str, digest: &str) -> Result<(), Error> {
        let approve = json!({"verdict": "approve", "digest": digest});
        let own = self.person("support-agent")?;
        let step = "Whoever asks does not approve, in whatever group they are";
        self.says(step, &own, request, &approve, "403 approvals/chain").await?;
        let first = self.person("dba-1")?;
        let path = format!("/v1/approvals/{request}");
        let whole = first.get(&path).await?;
        let read = |at: &str| whole.body.pointer(at).cloned().unwrap_or_default();
        let got = format!("{} {}", whole.status, read("/facts/reads"));
        let step = "A person reads the request whole: who, what, which tables, why";
        let detail = format!("reason: {}", read("/reason"));
        self.say(step, None, r#"200 ["public.customers"]"#, got, Some(detail));
        let step = "The first approves exactly what was read";
        self.says(step, &first, request, &approve, "200 pending").await?;
        let step = "The first approves once more, which counts for nothing";
        self.says(step, &first, request, &approve, "409 approvals/twice").await?;
        let (step, second) = ("The second approves it", self.person("dba-2")?);
        self.says(step, &second, request, &approve, "200 granted").await
    }

    async fn fetch(&mut self, agent: &Agent, request: &str) -> Result<(), Error> {
        let path = format!("/v1/requests/{request}");
        let answer = ended(agent, &path).await?;
        let kept = answer.body.get("result").and_then(Value::as_str);
        let opened = kept.zip(agent.key()).and_then(|(kept, key)| envelope::open(kept, key));
        let rows = Answer { body: opened.unwrap_or_default(), ..answer };
        let step =
            "The workflow ran it; the agent fetches the result and opens it with its own key";
        let expected = "200 shown, [masked:ssn], last four";
        self.say(step, None, expected, seen(&rows), detail(&rows));
        let call = agent.call(Method::POST, Function::Request, &format!("{path}/run"));
        let again = call.send().await?;
        let step = "The agent comes to run it once more";
        self.say(step, None, "409 approvals/used", seen(&again), detail(&again));
        Ok(())
    }

    /// Somebody of flesh and blood, with a token of their own.
    fn person(&self, subject: &str) -> Result<Agent, Error> {
        let now = OffsetDateTime::now_utc().unix_timestamp();
        let claims = Claims::new(subject, "console", PEOPLE).groups(&["shop-dba"]);
        let more = Map::from_iter([("auth_time".to_owned(), now.into())]);
        let token = self.on.issuer.token(&Claims { more, ..claims })?;
        let url = self.on.people_url(self.cloud).ok_or(Error::Nobody)?;
        Ok(Agent::new(&client()?, &url, &token))
    }

    async fn says(
        &mut self,
        step: &str,
        person: &Agent,
        request: &str,
        decision: &Value,
        expected: &str,
    ) -> Result<(), Error> {
        let path = format!("/v1/approvals/{request}/decision");
        let call = person.call(Method::POST, Function::Request, &path).json(decision);
        let answer = call.send().await?;
        let phase = answer.body.get("phase").and_then(Value::as_str);
        let got = phase.map_or_else(|| seen(&answer), |phase| format!("{} {phase}", answer.status));
        self.say(step, None, expected, got, detail(&answer));
        Ok(())
    }

    fn say(
        &mut self,
        step: &str,
        statement: Option<&str>,
        expected: &str,
        got: String,
        detail: Option<String>,
    ) {
        let told = Told::new(self.cloud, step, expected, got);
        (self.each)(&Told { statement: statement.map(ToOwned::to_owned), detail, ..told });
    }
}

/// What became of a request, once something has; a minute is far more than it takes.
async fn ended(agent: &Agent, path: &str) -> Result<Answer, Error> {
    let mut answer = agent.get(path).await?;
    for _ in 0..240 {
        let state = answer.body.get("state").and_then(Value::as_str);
        if !matches!(state, Some("parked" | "approved" | "running")) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
        answer = agent.get(path).await?;
    }
    Ok(answer)
}

const EXPORT: &str = "SELECT name, ssn, card FROM customers";
