//! One request whole, for somebody who is asked about it.

use std::collections::BTreeMap;

use approvals::{Phase, Waiting};
use audit::{Done, Step};
use identity::{Person, Verified};
use request::{Digest, RequestId, Source};
use state::{Item, Key, Write};

use crate::{Desk, Error, Found, Past, asked, past, queue, step};

/// One request whole.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The request as it is approved, and what was decided.
    pub waiting: Waiting,
    /// How far it is.
    pub phase: Phase,
    /// How many of which groups are still wanted.
    pub missing: BTreeMap<String, u32>,
    /// Why this person may not decide about it; nothing where they may.
    pub barred: Option<approvals::Ineligible>,
    /// What this person has said: `approve` or `refuse`.
    pub said: Option<&'static str>,
    /// What was decided about requests of the same shape.
    pub like: Vec<Past>,
}

/// Shows a request to somebody who is asked about it; the first time is on record before it is shown.
///
/// # Errors
/// [`Error::Missing`] for others; the store cannot be read, or the ledger not written.
pub async fn sheet(
    request: &RequestId,
    by: &Verified<Person>,
    source: &Source,
    on: &Desk,
) -> Result<Sheet, Error> {
    let found = asked(request, by, &on.ledger).await?;
    shown(&found, by.get(), source, on).await?;
    let now = on.ledger.now();
    let document = found.waiting.sealed().document();
    Ok(Sheet {
        phase: found.phase(now),
        missing: found.waiting.approval().missing(document),
        barred: queue::barred(&found, by.get(), now),
        said: step::word_of(found.waiting.approval(), by.get()).map(|said| said.verdict.name()),
        like: past::like(&found.waiting, &on.ledger).await?,
        waiting: found.waiting,
    })
}

async fn shown(found: &Found, by: &Person, source: &Source, on: &Desk) -> Result<(), Error> {
    let (partition, key) = (&found.waiting.ticket().partition, mark(found, by)?);
    let before = on.ledger.store().read(partition, std::slice::from_ref(&key)).await?;
    if before.iter().any(Option::is_some) {
        return Ok(());
    }
    let event = Step {
        by: Some(step::person(by, &found.waiting)),
        ..Step::new(Done::Shown, found.waiting.sealed().digest(), found.phase(on.ledger.now()))
    };
    let with = |seen: &[Option<Item>]| match seen.first() {
        Some(None) => {
            let (key, value) = (key.clone(), b"1".to_vec());
            Ok(vec![Write::Create { key, value, expires_at: None }])
        }
        _ => Err(audit::Error::Unmet("it was shown before")),
    };
    match step::record(&found.waiting, event, vec![key.clone()], &with, source, on).await {
        // Two of their pages at the same moment.
        Ok(_) | Err(Error::Ledger(audit::Error::Unmet(_))) => Ok(()),
        Err(error) => Err(error),
    }
}

/// That somebody was shown it.
fn mark(found: &Found, by: &Person) -> Result<Key, Error> {
    let person = Digest::of_parts(&[by.issuer().as_str().as_bytes(), by.subject().as_bytes()]);
    let name = format!("shown:{}:{person}", found.waiting.ticket().request);
    Key::new(name).ok_or(Error::Missing)
}
