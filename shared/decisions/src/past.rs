//! What was decided before: newest first, of all requests, and of those with the same shape.

use approvals::{Phase, Waiting};
use audit::Ledger;
use identity::{Person, Verified};
use request::{Millis, json};
use serde::{Deserialize, Serialize};
use state::{Item, Key};

use crate::{
    Desk, Error,
    posts::{LIFE_S, partition, set},
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
    /// How far it came when this was noted.
    pub phase: Phase,
    /// Who said what, as `approve: SUBJECT`.
    pub said: Vec<String>,
    /// Which groups were asked.
    pub asked: Vec<String>,
    /// When.
    pub at: Millis,
}

/// What was decided lately about requests of which this person's groups were asked.
///
/// # Errors
/// The store cannot be read.
pub async fn past(by: &Verified<Person>, on: &Desk) -> Result<Vec<Past>, Error> {
    let all = list("past:", LIMIT, &on.ledger).await?;
    let theirs = |past: &Past| {
        past.asked.iter().any(|group| by.get().groups().iter().any(|own| own.as_str() == group))
    };
    Ok(all.into_iter().filter(theirs).collect())
}

/// What was decided about requests of the same shape on the same target.
pub(crate) async fn like(waiting: &Waiting, on: &Ledger) -> Result<Vec<Past>, Error> {
    let all = list(&shape(waiting), ALIKE, on).await?;
    let own = waiting.ticket().request.as_str();
    Ok(all.into_iter().filter(|past| past.request != own).collect())
}

/// Notes what was decided. It is for eyes, and not worth failing for.
pub(crate) async fn note(waiting: &Waiting, phase: Phase, now: Millis, on: &Ledger) {
    let document = waiting.sealed().document();
    let decisions = waiting.approval().decisions().iter();
    let past = Past {
        request: document.request.clone(),
        target: document.matter.target.clone(),
        root: document.matter.hops.first().map(|hop| hop.who.subject.clone()).unwrap_or_default(),
        phase,
        said: decisions.map(|one| format!("{}: {}", one.verdict.name(), one.subject)).collect(),
        asked: document.matter.demand.approvers.keys().cloned().collect(),
        at: now,
    };
    let Ok(value) = serde_json::to_value(&past) else { return };
    let value = String::from_utf8(json::canonical(&value)).unwrap_or_default();
    let until = Some(now.seconds() + LIFE_S);
    // Later moments sort before earlier ones.
    let when = NEVER.saturating_sub(now.0);
    for place in ["past:", &shape(waiting)] {
        let name = format!("{place}{when:013}:{}", document.request);
        if let Err(error) = set(&name, &value, until, on).await {
            tracing::warn!(request = document.request, %error, "a decision is not in the list of past ones");
        }
    }
}

async fn list(prefix: &str, limit: usize, on: &Ledger) -> Result<Vec<Past>, Error> {
    let found = on.store().list(&partition()?, prefix, None, limit).await?;
    let read = |(_, item): (Key, Item)| serde_json::from_slice(&item.value).ok();
    Ok(found.into_iter().filter_map(read).collect())
}

fn shape(waiting: &Waiting) -> String {
    let document = waiting.sealed().document();
    format!("shape:{}:{}:", document.matter.target, document.fingerprint)
}

/// How far back people look.
const LIMIT: usize = 200;
const ALIKE: usize = 10;
/// Milliseconds: the year 2286.
const NEVER: u64 = 9_999_999_999_999;
