//! Checks the records of a ledger without any of the parts that wrote them.
//!
//! What is not understood is a fault: an unknown field, a version, an order of events that cannot
//! have happened. A caller gets a [`Report`] only when every line was understood and holds.

mod waits;

use std::collections::{BTreeMap, BTreeSet};

use request::{Digest, json};

use self::waits::{At, Waits};
use crate::{Done, Event, Record, What, append::Head, record::HopRecord};

/// What a ledger without faults holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Records.
    pub records: u64,
    /// Hash chains, one for each session of an agent.
    pub chains: u64,
    /// Requests that were run and whose outcome is on record.
    pub concluded: u64,
    /// What happened to nodes: made, renewed, ended, or refused to be.
    pub nodes: u64,
    /// Requests that were refused.
    pub refused: u64,
    /// Requests that people were asked about.
    pub asked: u64,
    /// Requests with an intent and no outcome: what was running when something died. Not a sign of
    /// tampering, and nothing to pass over either.
    pub open: BTreeSet<String>,
}

/// The first fault found, with where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {what}")]
pub struct Fault {
    /// The chain and place, or the number of the line where it could not be read.
    pub place: String,
    /// What does not hold.
    pub what: String,
}

fn fault(place: impl ToString, what: impl Into<String>) -> Fault {
    Fault { place: place.to_string(), what: what.into() }
}

/// Lines as they come, checked one by one; then the chains as wholes by [`Ledger::finish`].
#[derive(Default)]
pub struct Ledger {
    chains: BTreeMap<Digest, BTreeMap<u64, (Digest, Record)>>,
    heads: BTreeMap<Digest, Head>,
    lines: u64,
}

impl Ledger {
    /// Takes one line, exactly the bytes that were stored.
    ///
    /// # Errors
    /// It is not a record in canonical form, or its place is taken.
    pub fn line(&mut self, line: &[u8]) -> Result<(), Fault> {
        self.lines += 1;
        let place = format!("line {}", self.lines);
        let value = json::strict(line, 16).map_err(|error| fault(&place, error.to_string()))?;
        if json::canonical(&value) != line {
            return Err(fault(&place, "not in canonical form (RFC 8785)"));
        }
        let record: Record = serde_json::from_value(value)
            .map_err(|error| fault(&place, format!("not a record: {error}")))?;
        constants(&record).map_err(|what| fault(&place, what))?;
        let (chain, seq) = (record.unmapped.chain, record.unmapped.seq);
        let taken = self.chains.entry(chain).or_default().insert(seq, (Digest::of(line), record));
        match taken {
            None => Ok(()),
            Some(_) => Err(fault(format!("{chain}/{seq}"), "two records have this place")),
        }
    }

    /// Takes what the store notes as the newest record of a chain, so that a missing tail shows.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn head(&mut self, chain: Digest, value: &[u8]) -> Result<(), Fault> {
        let head = serde_json::from_slice(value)
            .map_err(|error| fault(chain, format!("its head cannot be read: {error}")))?;
        self.heads.insert(chain, head);
        Ok(())
    }

    /// Checks the chains as wholes.
    ///
    /// # Errors
    /// The first fault.
    pub fn finish(self) -> Result<Report, Fault> {
        let mut report = Report { records: self.lines, ..Report::default() };
        let mut waiting = BTreeMap::new();
        for (chain, records) in &self.chains {
            links(chain, records)?;
            steps(chain, records, &mut waiting)?;
            report.chains += 1;
        }
        report.asked = waiting.len() as u64;
        let mut owners = BTreeMap::new();
        for (chain, records) in &self.chains {
            requests(chain, records, &mut owners, &mut waiting, &mut report)?;
        }
        for (chain, head) in &self.heads {
            let newest = self.chains.get(chain).and_then(BTreeMap::last_key_value);
            let same =
                newest.is_some_and(|(seq, (sha256, _))| *seq == head.seq && *sha256 == head.sha256);
            if !same {
                return Err(fault(chain, format!("records up to {} are missing", head.seq)));
            }
        }
        Ok(report)
    }
}

/// What stands the same in every record of this version.
fn constants(record: &Record) -> Result<(), String> {
    if record.unmapped.v != 1 {
        return Err(format!("version {} of a record is not known", record.unmapped.v));
    }
    let shape = record.unmapped.event.shape();
    let said = (
        record.activity_id,
        record.severity_id,
        record.status_id,
        record.action_id,
        record.disposition_id,
    );
    let meant = (shape.activity, shape.severity, shape.status, shape.action, shape.disposition);
    let class = record.category_uid == shape.category
        && record.class_uid == shape.class
        && record.type_uid == shape.class * 100 + u32::from(record.activity_id)
        && record.database.is_some() == shape.database;
    if !class || said != meant || record.metadata.version != "1.8.0" {
        return Err("its OCSF numbers do not fit its event".into());
    }
    if !names_its_actor(record) {
        return Err("its actor is not the last hop of its chain".into());
    }
    Ok(())
}

/// Only the end of a node may be nobody's doing that has a chain: a ticket that came twice, or an
/// issuer's event.
fn names_its_actor(record: &Record) -> bool {
    let named = record.actor.user.uid.as_str();
    if let Some(by) = record.unmapped.event.by() {
        return by.uid() == named;
    }
    match (record.unmapped.act_chain.last(), &record.unmapped.event) {
        (Some(hop), _) => hop.node == named,
        (None, Event::Node(event)) => event.what == What::Revoked && named.is_empty(),
        (None, _) => false,
    }
}

type Records = BTreeMap<u64, (Digest, Record)>;

/// Places without a gap from 0, each naming the line before it, all of one chain of agents.
fn links(chain: &Digest, records: &Records) -> Result<(), Fault> {
    let mut before = (Digest::from_bytes([0; 32]), None::<&Vec<HopRecord>>);
    for (expected, (seq, (sha256, record))) in (0..).zip(records) {
        let place = format!("{chain}/{seq}");
        if *seq != expected {
            return Err(fault(place, format!("record {expected} is missing before it")));
        }
        if record.unmapped.prev != before.0 {
            return Err(fault(place, "it does not name the record before it"));
        }
        if before.1.is_some_and(|hops| *hops != record.unmapped.act_chain) {
            return Err(fault(place, "another agent stands in this chain"));
        }
        before = (*sha256, Some(&record.unmapped.act_chain));
    }
    Ok(())
}

/// What people did about requests that waited, each step after the one before it.
fn steps<'a>(
    chain: &Digest,
    records: &'a Records,
    waiting: &mut BTreeMap<&'a str, Waits<'a>>,
) -> Result<(), Fault> {
    for (seq, (_, record)) in records {
        let Event::Approval(step) = &record.unmapped.event else { continue };
        let request = record.metadata.correlation_uid.as_str();
        let wrong = |what| fault(format!("{chain}/{seq}"), format!("request {request}: {what}"));
        match (step.what, waiting.get_mut(request)) {
            (Done::Asked, None) => {
                let begun = Waits::begun(At::of(record), step, &record.unmapped.act_chain);
                waiting.insert(request, begun.map_err(wrong)?);
            }
            (_, Some(waits)) => waits.goes_on(At::of(record), step).map_err(wrong)?,
            (_, None) => return Err(wrong("nobody was asked about it")),
        }
    }
    Ok(())
}

/// Each request begins once, in one chain, and ends at most once. One that people were asked about
/// began when it was parked, and runs once, with their approval.
fn requests<'a>(
    chain: &Digest,
    records: &'a Records,
    owners: &mut BTreeMap<&'a str, Digest>,
    waiting: &mut BTreeMap<&'a str, Waits<'a>>,
    report: &mut Report,
) -> Result<(), Fault> {
    let mut running = BTreeSet::new();
    for (seq, (_, record)) in records {
        let request = record.metadata.correlation_uid.as_str();
        let place = || format!("{chain}/{seq}");
        let begins = matches!(record.unmapped.event, Event::Intent(_) | Event::Refusal(_));
        if begins && owners.insert(request, *chain).is_some() {
            return Err(fault(place(), format!("request {request} begins twice")));
        }
        let runs = running.contains(request);
        match &record.unmapped.event {
            Event::Approval(_) => {}
            Event::Intent(intent) => {
                approved(intent.approval, At::of(record), waiting.get_mut(request))
                    .map_err(|what| fault(place(), format!("request {request}: {what}")))?;
                running.insert(request);
            }
            Event::Node(_) => report.nodes += 1,
            Event::Refusal(_) => report.refused += 1,
            Event::Transaction { .. } if runs => {}
            Event::Outcome(_) if runs => {
                running.remove(request);
                report.concluded += 1;
            }
            Event::Outcome(_) | Event::Transaction { .. } => {
                return Err(fault(place(), format!("request {request} ends without an intent")));
            }
        }
    }
    report.open.extend(running.into_iter().map(ToOwned::to_owned));
    Ok(())
}

/// Whoever was asked about it had agreed by then; about what nobody was asked, nobody's word is used.
fn approved(
    used: Option<Digest>,
    at: At,
    waits: Option<&mut Waits<'_>>,
) -> Result<(), &'static str> {
    match (used, waits) {
        (None, None) => Ok(()),
        (Some(digest), Some(waits)) => waits.ran(at, digest),
        (Some(_), None) => Err("it ran by an approval that nobody was asked for"),
        (None, Some(_)) => Err("it ran without the approval that was asked for"),
    }
}
