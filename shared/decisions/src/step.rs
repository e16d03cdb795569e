//! One step: judged by what is read, on record and true in one commit, or not at all.

use approvals::{Approval, Decision, Phase, Ticket, Waiting};
use audit::{About, By, Done, Event, Note, Receipt, State, Step, Subject, Trail, note, trail_for};
use identity::{Person, Verified};
use request::{Millis, RequestId, Source};
use state::{Item, Key, Write};

use crate::{Decided, Desk, Error, asked, find, past};

/// What a step makes of a request.
pub(crate) struct Change {
    pub(crate) next: Approval,
    pub(crate) done: Done,
    pub(crate) by: Option<By>,
    pub(crate) why: Option<String>,
}

impl Change {
    pub(crate) fn to(next: Approval, done: Done) -> Self {
        Self { next, done, by: None, why: None }
    }
}

/// From a request as it is to what a step makes of it, or to why it is not taken.
pub(crate) type Alter<'a> =
    dyn Fn(&Waiting, Millis) -> Result<Change, approvals::Error> + Send + Sync + 'a;

/// Takes a step of somebody who is asked about the request. Whoever may not take it is on record as well.
pub(crate) async fn theirs(
    request: &RequestId,
    by: &Verified<Person>,
    source: &Source,
    alter: &Alter<'_>,
    on: &Desk,
) -> Result<Decided, Error> {
    let ticket = asked(request, by, &on.ledger).await?.waiting.ticket().clone();
    let taken = step(&ticket, source, alter, on).await;
    if let Err(Error::Approvals(why)) = &taken {
        barred(&ticket, by.get(), why, source, on).await?;
    }
    taken
}

/// Takes the step, whatever others do at the same moment.
pub(crate) async fn step(
    ticket: &Ticket,
    source: &Source,
    alter: &Alter<'_>,
    on: &Desk,
) -> Result<Decided, Error> {
    for _ in 0..TRIES {
        let found = find(ticket, &on.ledger).await?.ok_or(Error::Missing)?;
        let now = on.ledger.now();
        let change = alter(&found.waiting, now)?;
        match take(&found.waiting, change, source, on).await {
            Err(Error::Ledger(audit::Error::Unmet(_))) => {}
            other => return other,
        }
    }
    Err(Error::Busy)
}

async fn take(
    waiting: &Waiting,
    change: Change,
    source: &Source,
    on: &Desk,
) -> Result<Decided, Error> {
    let document = waiting.sealed().document();
    let now = on.ledger.now();
    let phase = change.next.phase(document, now);
    let event = Step {
        by: change.by,
        why: change.why,
        ..Step::new(change.done, waiting.sealed().digest(), phase)
    };
    let status = audit::status_key(&waiting.ticket().request);
    let write = waiting.change(&change.next)?;
    let with = |found: &[Option<Item>]| {
        unchanged(found.first(), &write)?;
        let status_item = found.get(1).and_then(Option::as_ref);
        Ok(vec![
            write.clone(),
            audit::moved(status.clone(), status_item, state(phase), word(phase))?,
        ])
    };
    let keys: Vec<Key> =
        [Some(write.key().clone()), status.clone()].into_iter().flatten().collect();
    let receipt = record(waiting, event, keys, &with, source, on).await?;
    // INVARIANT: it is on record, so nothing that follows may fail, and nothing is read for it.
    if phase != Phase::Pending {
        past::note(document, &change.next, phase, now, &on.ledger).await;
    }
    let (ticket, sealed) = (waiting.ticket().clone(), waiting.sealed().clone());
    Ok(Decided { ticket, sealed, approval: change.next, phase, receipt })
}

/// Puts on record that somebody wanted to decide and may not.
async fn barred(
    ticket: &Ticket,
    by: &Person,
    why: &approvals::Error,
    source: &Source,
    on: &Desk,
) -> Result<(), Error> {
    let found = find(ticket, &on.ledger).await?.ok_or(Error::Missing)?;
    let phase = found.phase(on.ledger.now());
    let event = Step {
        by: Some(person(by, &found.waiting)),
        cause: Some(why.word().to_owned()),
        ..Step::new(Done::Barred, found.waiting.sealed().digest(), phase)
    };
    record(&found.waiting, event, Vec::new(), &|_| Ok(Vec::new()), source, on).await?;
    Ok(())
}

/// Writes a step down in the requester's chain, and makes true what has to become true with it.
pub(crate) async fn record(
    waiting: &Waiting,
    event: Step,
    keys: Vec<Key>,
    with: &audit::With<'_>,
    source: &Source,
    on: &Desk,
) -> Result<Receipt, Error> {
    let trail = trail(waiting, source, on.ledger.now())?;
    let event = Event::Approval(event);
    Ok(note(&Note { trail: &trail, event, keys, with }, &on.ledger).await?)
}

fn trail(waiting: &Waiting, source: &Source, now: Millis) -> Result<Trail, Error> {
    let document = waiting.sealed().document();
    let who = identity::resume(&document.chain, now).map_err(|_| approvals::Error::Unreadable)?;
    let about = About {
        request: waiting.ticket().request.clone(),
        what: &document.matter.target,
        asked: waiting.sealed().digest(),
        source: source.clone(),
    };
    Ok(trail_for(Subject::from(who.get()), about, now)?)
}

/// Whoever was first has changed it; what was judged is not what is there any more.
fn unchanged(found: Option<&Option<Item>>, write: &Write) -> Result<(), audit::Error> {
    match write.fits(found.and_then(Option::as_ref)) {
        true => Ok(()),
        false => Err(audit::Error::Unmet("others decided at the same moment")),
    }
}

/// Somebody as records name them: with those of their groups that were asked about it.
pub(crate) fn person(by: &Person, about: &Waiting) -> By {
    let asked = &about.sealed().document().matter.demand.approvers;
    let theirs = by.groups().iter().map(|group| group.as_str());
    By {
        issuer: by.issuer().as_str().to_owned(),
        subject: by.subject().to_owned(),
        groups: theirs.filter(|group| asked.contains_key(*group)).map(str::to_owned).collect(),
    }
}

/// What somebody has said.
pub(crate) fn word_of<'a>(approval: &'a Approval, by: &Person) -> Option<&'a Decision> {
    let same = |one: &&Decision| one.issuer == by.issuer().as_str() && one.subject == by.subject();
    approval.decisions().iter().find(same)
}

fn state(phase: Phase) -> State {
    match phase {
        Phase::Expired => State::Expired,
        Phase::Granted => State::Approved,
        Phase::Pending => State::Parked,
        Phase::Refused => State::Refused,
        Phase::Used => State::Running,
        Phase::Withdrawn => State::Withdrawn,
    }
}

/// Why a request did not get on, for its status.
fn word(phase: Phase) -> Option<&'static str> {
    (phase != Phase::Granted).then_some(match phase {
        Phase::Pending => "parked",
        Phase::Refused => "people",
        other => other.name(),
    })
}

/// People who decide about one request at the same moment are few.
const TRIES: u32 = 8;
