//! What was decided before: newest first, of all requests, and of those with the same shape.
//!
//! At every step that ends or grants a request, a note is made of it. A note says when, and is never
//! changed; how far the request is now, the request itself says.

use std::collections::BTreeSet;

use approvals::{Approval, Document, LIFE_S, Phase, Waiting};
use audit::Ledger;
use identity::{Person, Verified};
use request::{Millis, RequestId, json};
use serde::{Deserialize, Serialize};
use state::{Item, Key};

use crate::{
    Desk, Error, Found, Listed, find, listed::gather, locate, posts::set, standing::stands,
};

/// One request about which people decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Past {
    /// The request.
    pub request: String,
    /// What it addressed.
    pub target: String,
    /// Who asked: the root of its chain.
    pub root: String,
    /// How far it is; of a request that is kept no longer, how far it was when people last decided.
    pub phase: Phase,
    /// Who said what, as `approve: SUBJECT`.
    pub said: Vec<String>,
    /// Which groups were asked.
    pub asked: Vec<String>,
    /// When people last granted it, or it ended otherwise than by being used.
    pub at: Millis,
}

/// What was decided lately about requests of which this person's groups were asked.
///
/// # Errors
/// [`Error::Ended`]; the store cannot be read.
pub async fn past(by: &Verified<Person>, on: &Desk) -> Result<Listed<Past>, Error> {
    stands(by.get(), &on.ledger).await?;
    let theirs = |note: &Past| asks(note, by.get());
    list("past:", LIMIT, theirs, &on.ledger).await
}

/// The same, but only that about which this person had a say, and at most so many.
///
/// # Errors
/// [`Error::Ended`]; the store cannot be read.
pub async fn lately(by: &Verified<Person>, most: usize, on: &Desk) -> Result<Listed<Past>, Error> {
    stands(by.get(), &on.ledger).await?;
    let said = format!(": {}", by.get().subject());
    let did = |note: &Past| note.said.iter().any(|word| word.ends_with(&said));
    let theirs = |note: &Past| asks(note, by.get()) && did(note);
    list("past:", most, theirs, &on.ledger).await
}

fn asks(note: &Past, person: &Person) -> bool {
    note.asked.iter().any(|group| person.groups().iter().any(|own| own.as_str() == group))
}

/// What was decided about requests of the same shape on the same target.
pub(crate) async fn like(waiting: &Waiting, on: &Ledger) -> Result<Vec<Past>, Error> {
    let own = waiting.ticket().request.as_str();
    let others = |note: &Past| note.request != own;
    Ok(list(&shape(waiting.sealed().document()), ALIKE, others, on).await?.all)
}

/// Notes what was decided. It is for eyes, and not worth failing for.
pub(crate) async fn note(
    document: &Document,
    approval: &Approval,
    phase: Phase,
    now: Millis,
    on: &Ledger,
) {
    let past = Past {
        request: document.request.clone(),
        target: document.matter.target.clone(),
        root: document.matter.hops.first().map(|hop| hop.who.subject.clone()).unwrap_or_default(),
        phase,
        said: said(approval),
        asked: document.matter.demand.approvers.keys().cloned().collect(),
        at: now,
    };
    let Ok(value) = serde_json::to_value(&past) else { return };
    let value = String::from_utf8(json::canonical(&value)).unwrap_or_default();
    let until = Some(now.seconds() + LIFE_S);
    // Later moments sort before earlier ones.
    let when = NEVER.saturating_sub(now.0);
    for place in ["past:", &shape(document)] {
        let name = format!("{place}{when:013}:{}", document.request);
        if let Err(error) = set(&name, &value, until, on).await {
            tracing::warn!(request = document.request, %error, "a decision is not in the list of past ones");
        }
    }
}

fn said(approval: &Approval) -> Vec<String> {
    let decisions = approval.decisions().iter();
    decisions.map(|one| format!("{}: {}", one.verdict.name(), one.subject)).collect()
}

/// One entry for each request: where its newest note stands, as far as it is now.
async fn list(
    prefix: &str,
    most: usize,
    wanted: impl Fn(&Past) -> bool,
    on: &Ledger,
) -> Result<Listed<Past>, Error> {
    let mut seen = BTreeSet::new();
    let pick = |_: Key, item: Item| {
        let note: Past = serde_json::from_slice(&item.value).ok()?;
        (seen.insert(note.request.clone()) && wanted(&note)).then(|| as_it_is(note, on))
    };
    gather(prefix, None, most, pick, on).await
}

/// Nothing for what waits again, because somebody took their approval back.
async fn as_it_is(note: Past, on: &Ledger) -> Result<Option<Past>, Error> {
    let Some(found) = noted(&note, on).await? else { return Ok(Some(note)) };
    let phase = found.phase(on.now());
    let said = said(found.waiting.approval());
    Ok((phase != Phase::Pending).then_some(Past { phase, said, ..note }))
}

/// The request that a note is about, while it is kept and can be read.
async fn noted(note: &Past, on: &Ledger) -> Result<Option<Found>, Error> {
    let Ok(request) = RequestId::new(note.request.as_str()) else { return Ok(None) };
    let Some(ticket) = locate(&request, on).await? else { return Ok(None) };
    match find(&ticket, on).await {
        Err(Error::Approvals(error)) => {
            tracing::error!(request = note.request, %error, "a request of the past cannot be read");
            Ok(None)
        }
        found => found,
    }
}

fn shape(document: &Document) -> String {
    format!("shape:{}:{}:", document.matter.target, document.fingerprint)
}

/// How far back people look.
const LIMIT: usize = 200;
const ALIKE: usize = 10;
/// Milliseconds: the year 2286.
const NEVER: u64 = 9_999_999_999_999;
