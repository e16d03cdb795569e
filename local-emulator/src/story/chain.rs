//! The story goes on: an agent starts others, each with a key of its own and less to say.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Error, Told, client, detail, seen, support};
use crate::{
    agent::{self, Agent, Answer, Deployment, Function, Key, Spawn, Wanted, rights},
    emulator::{Cloud, Emulator},
    ledger,
};

/// Tells it on one cloud, step by step, to `each`.
///
/// # Errors
/// Something did not answer, or an agent did not get what the next step needs; a step that came out
/// wrong otherwise is told and no error.
pub async fn tell(on: &Emulator, cloud: Cloud, each: &mut dyn FnMut(&Told)) -> Result<(), Error> {
    let at = on.deployment(cloud, &client()?);
    let mut teller = Teller { at, cloud, each };
    let root = teller.root(&support(on)?).await?;
    let (child, middle) = teller.child(&root).await?;
    let grandchild = teller.grandchild(&child).await?;
    teller.widening(&child).await?;
    teller.theft(&grandchild).await?;
    teller.revocation(&root, &middle, &grandchild).await?;
    let report = ledger::verify(&on.ledger(cloud)).await?;
    let got = recorded(report.nodes, report.open.len());
    // Begun, twice a child asked for and come, one refused, one ended.
    teller.say("All of it is on record", None, &recorded(7, 0), got, None);
    Ok(())
}

/// Who tells, and to whom.
struct Teller<'a> {
    at: Deployment,
    cloud: Cloud,
    each: &'a mut dyn FnMut(&Told),
}

impl Teller<'_> {
    async fn root(&mut self, token: &str) -> Result<Agent, Error> {
        let key = Key::fresh()?;
        let wanted = rights("shop", &["select", "update"], &["public.customers", "public.orders"]);
        let got = self.at.exchange(token, &key, Some(&wanted)).await;
        let step = "The agent exchanges its login for a token of its own, bound to its own key";
        let what = "select, update on customers, orders";
        self.became(step, what, "200 DPoP token of depth 0", got)
    }

    /// The child, and its node as its parent knows it.
    async fn child(&mut self, root: &Agent) -> Result<(Agent, String), Error> {
        let wanted = rights("shop", &["select"], &["public.customers", "public.orders"]);
        let spawned = root.spawn(&Spawn::new("looks-up", &Wanted::Rights(wanted))).await;
        let step = "It asks for a child that may only read, and gets a ticket to hand on";
        let ticket = self.spawned(step, "select on customers, orders", spawned)?;
        let got = self.at.redeem(&ticket.ticket, Some(&Key::fresh()?)).await;
        let step = "The child redeems the ticket with a key that nobody else has ever seen";
        let child = self.became(step, "", "200 DPoP token of depth 1", got)?;
        let statement = "SELECT name, ssn FROM customers WHERE id = 7";
        let expected = "200 shown, [masked:ssn]";
        self.query("The child reads within its rights", &child, statement, expected).await?;
        Ok((child, ticket.node))
    }

    async fn grandchild(&mut self, child: &Agent) -> Result<Agent, Error> {
        let wanted = rights("shop", &["select"], &["public.orders"]);
        let spawned = child.spawn(&Spawn::new("counts-orders", &Wanted::Rights(wanted))).await;
        let step = "The child asks for a grandchild that may read orders alone";
        let ticket = self.spawned(step, "select on orders", spawned)?;
        let got = self.at.redeem(&ticket.ticket, Some(&Key::fresh()?)).await;
        let step = "The grandchild redeems its ticket, with a third key";
        let grandchild = self.became(step, "", "200 DPoP token of depth 2", got)?;
        let statement = "SELECT item, amount FROM orders WHERE id = 7";
        let step = "The grandchild reads an order";
        self.query(step, &grandchild, statement, "200 shown, shown").await?;
        let statement = "SELECT name FROM customers WHERE id = 7";
        let step =
            "The grandchild reaches for a customer, which its parent may read and it may not";
        self.query(step, &grandchild, statement, "403 policy/rights").await?;
        Ok(grandchild)
    }

    async fn widening(&mut self, child: &Agent) -> Result<(), Error> {
        let wanted = rights("shop", &["select", "update"], &["public.orders"]);
        let spawned = child.spawn(&Spawn::new("wider", &Wanted::Rights(wanted))).await;
        let answer = match spawned {
            Ok(_) => None,
            Err(error) => Some(refusal(error)?),
        };
        let got = answer.as_ref().map_or("201 a ticket".to_owned(), seen);
        let step = "The child asks for a grandchild with more rights than its own";
        let details = answer.as_ref().and_then(detail);
        let expected = "400 delegation/invalid_authorization_details";
        self.say(step, Some("select, update on orders"), expected, got, details);
        Ok(())
    }

    /// Everything but the key is in the thief's hands.
    async fn theft(&mut self, grandchild: &Agent) -> Result<(), Error> {
        let thief = Agent::holding(&self.at, grandchild.token(), Some(Key::fresh()?));
        let step = "A thief shows the grandchild's token with a key of the thief's own";
        self.query(step, &thief, ORDER, "401 identity/token").await?;
        let bearer = Agent::holding(&self.at, grandchild.token(), None);
        let step = "The thief shows it as a bearer's, without a key";
        self.query(step, &bearer, ORDER, "401 identity/token").await?;
        let body = json!({"target": "shop", "statement": ORDER});
        let call = grandchild.call(Method::POST, Function::Request, "/v1/query").json(&body);
        let key = grandchild.key().ok_or(Error::Keyless)?;
        let proof = key.proof("POST", &call.url(), Some(grandchild.token()), Some(b"{}"), None)?;
        let answer = call.proofs(&[&proof]).send().await?;
        let step = "The thief sends another statement under a proof that it overheard";
        let got = seen(&answer);
        self.say(step, Some(ORDER), "401 identity/proof", got, detail(&answer));
        Ok(())
    }

    async fn revocation(
        &mut self,
        root: &Agent,
        middle: &str,
        grandchild: &Agent,
    ) -> Result<(), Error> {
        let answer = root.revoke(middle).await?;
        let step = "The agent ends its child, the one in the middle, with one call";
        self.say(step, None, "204", seen(&answer), detail(&answer));
        let step = "The grandchild is dead with it, a moment later";
        self.query(step, grandchild, ORDER, "401 identity/revoked").await?;
        self.query("The agent itself goes on", root, ORDER, "200 shown").await
    }

    async fn query(
        &mut self,
        step: &str,
        agent: &Agent,
        statement: &str,
        expected: &str,
    ) -> Result<(), Error> {
        let answer = agent.query("shop", statement).await?;
        self.say(step, Some(statement), expected, seen(&answer), detail(&answer));
        Ok(())
    }

    /// Tells of somebody who came to a token.
    fn became(
        &mut self,
        step: &str,
        what: &str,
        expected: &str,
        got: Result<Agent, agent::Error>,
    ) -> Result<Agent, Error> {
        let kind = |agent: &Agent| if agent.key().is_some() { "DPoP" } else { "Bearer" };
        let depth = |claims: &Value| claims.pointer("/agt/depth").cloned().unwrap_or_default();
        let line = |agent: &Agent| {
            format!("200 {} token of depth {}", kind(agent), depth(&agent.claims()))
        };
        self.got(step, what, expected, got, line)
    }

    /// Tells of a parent that asked for a child.
    fn spawned(
        &mut self,
        step: &str,
        what: &str,
        got: Result<agent::Ticket, agent::Error>,
    ) -> Result<agent::Ticket, Error> {
        self.got(step, what, "201 a ticket", got, |_| "201 a ticket".to_owned())
    }

    /// Tells of what the next steps stand on: without it the story breaks off.
    fn got<T>(
        &mut self,
        step: &str,
        what: &str,
        expected: &str,
        got: Result<T, agent::Error>,
        line: impl Fn(&T) -> String,
    ) -> Result<T, Error> {
        let what = Some(what).filter(|what| !what.is_empty());
        match got {
            Ok(thing) => {
                self.say(step, what, expected, line(&thing), None);
                Ok(thing)
            }
            Err(error) => {
                let answer = refusal(error)?;
                self.say(step, what, expected, seen(&answer), detail(&answer));
                Err(agent::Error::Refused(answer.into()).into())
            }
        }
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

fn recorded(nodes: u64, open: usize) -> String {
    format!("{nodes} events of nodes on record, {open} requests without an end")
}

fn refusal(error: agent::Error) -> Result<Answer, Error> {
    match error {
        agent::Error::Refused(answer) => Ok(*answer),
        other => Err(other.into()),
    }
}

/// What the last steps ask for.
const ORDER: &str = "SELECT item FROM orders WHERE id = 7";
