//! What waits for somebody: every request of which one of their groups is asked.

use std::collections::BTreeMap;

use approvals::{Ineligible, Phase, eligible};
use identity::{Person, Verified};
use request::{Millis, RequestId};
use serde::Serialize;
use state::{Item, Key};

use crate::{
    Desk, Error, Found, Listed, find, listed::gather, posts::ticket, standing::stands,
    step::word_of,
};

/// One request that waits, in a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The request.
    pub request: String,
    /// What it addresses.
    pub target: String,
    /// The class of its statement.
    pub class: String,
    /// The beginning of the statement, without blanks before it; it is the agent's text.
    pub statement: String,
    /// Whether the statement goes on after that.
    pub cut: bool,
    /// Who asks: the root of its chain, and the acting agent.
    pub root: String,
    /// The acting agent's label, or its subject.
    pub agent: String,
    /// How many hops there are.
    pub hops: usize,
    /// Why, in the agent's words.
    pub reason: Option<String>,
    /// When it came in.
    pub asked_at: Millis,
    /// When it stops waiting.
    pub expires: Millis,
    /// How far it is.
    pub phase: Phase,
    /// Who is asked.
    pub approvers: BTreeMap<String, u32>,
    /// How many of which groups are still wanted.
    pub missing: BTreeMap<String, u32>,
    /// Why this person may not decide about it; nothing where they may.
    pub barred: Option<&'static str>,
    /// What this person has said: `approve` or `refuse`.
    pub said: Option<&'static str>,
}

/// What waits for this person, that which ends first before the others.
///
/// # Errors
/// [`Error::Ended`]; the store cannot be read. A single request that cannot be read is left out, and logged.
pub async fn queue(by: &Verified<Person>, on: &Desk) -> Result<Listed<Entry>, Error> {
    stands(by.get(), &on.ledger).await?;
    let now = on.ledger.now();
    let after = Key::new(format!("waits:{:013}", now.0));
    let pick = |key: Key, item: Item| Some(one(key, item, by.get(), now, on));
    gather("waits:", after, LIMIT, pick, &on.ledger).await
}

/// The request that a signpost leads to, if it is open and this person is asked.
async fn one(
    key: Key,
    item: Item,
    by: &Person,
    now: Millis,
    on: &Desk,
) -> Result<Option<Entry>, Error> {
    let request = key.as_str().rsplit(':').next().and_then(|id| RequestId::new(id).ok());
    let Some(ticket) = request.and_then(|request| ticket(&request, &item)) else { return Ok(None) };
    let found = match find(&ticket, &on.ledger).await {
        Ok(Some(found)) => found,
        Ok(None) => return Ok(None),
        Err(Error::Approvals(error)) => {
            tracing::error!(item = key.as_str(), %error, "a request that waits cannot be shown");
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let open = matches!(found.phase(now), Phase::Pending | Phase::Granted);
    Ok((open && found.asks(by)).then(|| entry(&found, by, now)))
}

fn entry(found: &Found, by: &Person, now: Millis) -> Entry {
    let (document, approval) = (found.waiting.sealed().document(), found.waiting.approval());
    let matter = &document.matter;
    let (first, last) = (matter.hops.first(), matter.hops.last());
    let (statement, cut) = begun(&matter.statement);
    let agent = last.map(|hop| hop.label.clone().unwrap_or_else(|| hop.who.subject.clone()));
    Entry {
        request: document.request.clone(),
        target: matter.target.clone(),
        class: matter.facts.class.clone(),
        statement,
        cut,
        root: first.map(|hop| hop.who.subject.clone()).unwrap_or_default(),
        agent: agent.unwrap_or_default(),
        hops: matter.hops.len(),
        reason: document.reason.clone(),
        asked_at: document.asked_at,
        expires: document.expires,
        phase: found.phase(now),
        approvers: matter.demand.approvers.clone(),
        missing: approval.missing(document),
        barred: barred(found, by, now).map(|why| approvals::Error::from(why).word()),
        said: word_of(approval, by).map(|said| said.verdict.name()),
    }
}

/// A text's beginning, and whether more follows than blanks.
fn begun(text: &str) -> (String, bool) {
    let text = text.trim();
    let begun: String = text.chars().take(LETTERS).collect();
    let cut = begun.len() < text.len();
    (begun, cut)
}

/// Why somebody may not decide about it.
pub(crate) fn barred(found: &Found, by: &Person, now: Millis) -> Option<Ineligible> {
    let matter = &found.waiting.sealed().document().matter;
    let hops: Vec<_> = matter.hops.iter().map(|hop| hop.who.clone()).collect();
    eligible(by, &hops, &matter.demand, now).err()
}

/// What one page shows.
const LIMIT: usize = 200;
/// Characters of a statement in a list: with 200 of them and their reasons, an answer stays far below
/// the 6 MB that Lambda lets through.
const LETTERS: usize = 400;
