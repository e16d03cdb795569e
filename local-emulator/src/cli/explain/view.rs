//! What was decided about a statement, with everything that decided: for operators, and as JSON for
//! their programs.

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error as _,
    iter,
};

use catalogue::{Oid, Output};
use enforce::{Explained, Refusal};
use identity::{Chain, Groups, Hop};
use policy::{Duties, Permit};
use request::{Statement, TargetName};
use serde::Serialize;
use vetting::{Reading, Relation, Vetted};

/// The whole of it.
#[derive(Serialize)]
pub(super) struct View {
    /// `run`, `ask` where people would have to agree first, or `refuse`.
    pub(super) would: &'static str,
    pub(super) target: String,
    /// Base the root to the agent that asks; empty where nobody knows.
    pub(super) chain: Vec<Who>,
    /// How the agent showed who it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) shown: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) refused: Option<Refused>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) decided: Option<Decided>,
}

/// One hop.
#[derive(Serialize)]
pub(super) struct Who {
    pub(super) node: String,
    pub(super) issuer: String,
    pub(super) subject: String,
    /// Nothing where its issuer does not tell.
    pub(super) groups: Option<Vec<String>>,
}

/// Why it would be refused.
#[derive(Serialize)]
pub(super) struct Refused {
    pub(super) stage: &'static str,
    pub(super) word: &'static str,
    /// The policies that spoke.
    pub(super) policies: Vec<String>,
    /// The cause and what is behind it, for operators only.
    pub(super) because: Vec<String>,
    /// What the agent is told.
    pub(super) told: String,
    /// Where it is on record.
    pub(super) receipt: Option<String>,
}

/// What the statement was found to be, and what holds for it.
#[derive(Serialize)]
pub(super) struct Decided {
    pub(super) class: &'static str,
    pub(super) verbs: Vec<&'static str>,
    pub(super) reads: Vec<String>,
    pub(super) writes: Vec<String>,
    /// Relations without a WHERE.
    pub(super) unfiltered: Vec<String>,
    /// Base columns that are used, by relation.
    pub(super) columns: BTreeMap<String, Vec<String>>,
    pub(super) functions: Vec<String>,
    /// What tagged columns are used for, as `tag:use`.
    pub(super) uses: Vec<String>,
    /// Tags of the result.
    pub(super) tags: Vec<String>,
    pub(super) outputs: Vec<Out>,
    /// Where tagged values are masked: `result`, `source` or `schema`.
    pub(super) mode: &'static str,
    /// The text that the target would be sent.
    pub(super) sent: String,
    /// Whether that is another than the one that was asked.
    pub(super) rewritten: bool,
    /// Whether the target's mask key would be sent along, as parameters.
    pub(super) keyed: bool,
    pub(super) duties: Demanded,
    /// The policies that permitted.
    pub(super) policies: Vec<String>,
    /// The digest of all policies in force.
    pub(super) in_force: String,
}

/// A column of the result, and where its values come from.
#[derive(Serialize)]
pub(super) struct Out {
    pub(super) name: String,
    /// Whether it is one base column as it is, and nothing computed.
    pub(super) straight: bool,
    /// Whether masked values are in it.
    pub(super) masked: bool,
    pub(super) from: Vec<Base>,
}

/// A base column, with how its values are shown.
#[derive(Serialize)]
pub(super) struct Base {
    pub(super) column: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) mask: Option<String>,
}

/// What policy demands.
#[derive(Serialize)]
pub(super) struct Demanded {
    pub(super) max_rows: u64,
    pub(super) max_bytes: u64,
    pub(super) max_cells: u64,
    pub(super) timeout_ms: u64,
    /// How many of which group have to agree.
    pub(super) approvers: BTreeMap<String, u32>,
    /// Of the tags in force: how they are shown, and what they may be used for.
    pub(super) masks: BTreeMap<String, Masked>,
}

/// What holds for one tag.
#[derive(Serialize)]
pub(super) struct Masked {
    pub(super) shown: String,
    pub(super) usage: String,
}

impl View {
    pub(super) fn of(
        target: &TargetName,
        who: Option<&Chain>,
        explained: Result<Explained, Refusal>,
    ) -> Self {
        let (would, decided, refused) = match explained {
            Ok(explained) => {
                let would = if explained.asks_people() { "ask" } else { "run" };
                (would, Some(Decided::of(explained.vetted())), None)
            }
            Err(refusal) => ("refuse", None, Some(Refused::of(&refusal))),
        };
        Self {
            would,
            target: target.as_str().to_owned(),
            chain: who.map(Chain::hops).unwrap_or_default().iter().map(Who::of).collect(),
            shown: who.map(|who| who.shown().name()),
            refused,
            decided,
        }
    }
}

impl Who {
    fn of(hop: &Hop) -> Self {
        let groups = match hop.groups() {
            Groups::Known(groups) => {
                Some(groups.iter().map(|group| group.as_str().to_owned()).collect())
            }
            Groups::Unknown => None,
        };
        Self {
            node: hop.node().as_str().to_owned(),
            issuer: hop.issuer().as_str().to_owned(),
            subject: hop.subject().to_owned(),
            groups,
        }
    }
}

impl Refused {
    fn of(refusal: &Refusal) -> Self {
        let cause = &refusal.cause;
        let behind = iter::successors(cause.source(), |&error| error.source());
        let mut because = vec![cause.to_string()];
        because.extend(behind.map(ToString::to_string));
        because.dedup();
        Self {
            stage: cause.stage(),
            word: cause.word(),
            policies: cause.policies().to_vec(),
            because,
            told: cause.told(),
            receipt: refusal.receipt.as_ref().map(ToString::to_string),
        }
    }
}

impl Decided {
    fn of(vetted: &Vetted<Statement>) -> Self {
        let (reading, permit) = (vetted.reading(), vetted.permit());
        let used = |(relation, columns): (&Relation, &BTreeSet<String>)| {
            (relation.to_string(), columns.iter().cloned().collect())
        };
        Self {
            class: reading.class.name(),
            verbs: reading.verbs.iter().map(|verb| verb.name()).collect(),
            reads: reading.reads.iter().map(ToString::to_string).collect(),
            writes: reading.writes.iter().map(ToString::to_string).collect(),
            unfiltered: reading.unfiltered.iter().map(ToString::to_string).collect(),
            columns: reading.resolved.iter().map(used).collect(),
            functions: reading.functions.iter().cloned().collect(),
            uses: reading.uses.iter().map(|(tag, how)| format!("{tag}:{how}")).collect(),
            tags: reading.tags.iter().cloned().collect(),
            outputs: outputs(reading, permit.duties()),
            mode: reading.mode.name(),
            sent: vetted.sent().to_owned(),
            rewritten: vetted.sent() != vetted.body().text(),
            keyed: reading.key_parameters,
            duties: Demanded::of(reading, permit),
            policies: permit.spoke().iter().cloned().collect(),
            in_force: permit.policies().to_string(),
        }
    }
}

fn outputs(reading: &Reading, duties: &Duties) -> Vec<Out> {
    let masked = reading.masked_outputs.iter().copied().chain(iter::repeat(false));
    let out = |(output, masked): (&Output, bool)| Out {
        name: output.name.clone(),
        straight: output.lineage.straight,
        masked,
        from: output.lineage.columns.iter().map(|at| Base::of(*at, reading, duties)).collect(),
    };
    reading.outputs.iter().zip(masked).map(out).collect()
}

impl Base {
    fn of((relation, column): (Oid, i16), reading: &Reading, duties: &Duties) -> Self {
        let Some((of, name)) = reading.columns_by_number.get(&(relation, column)) else {
            // A whole row has the number 0, and a system column one below it.
            let mut all =
                reading.columns_by_number.range((relation, i16::MIN)..=(relation, i16::MAX));
            let of = all.next().map_or_else(|| relation.to_string(), |(_, (of, _))| of.clone());
            let what = if column == 0 { "*" } else { "(a system column)" };
            return Self { column: format!("{of}.{what}"), tag: None, mask: None };
        };
        let tag = reading.tagged.get(of).and_then(|columns| columns.get(name)).cloned();
        let mask = tag.as_ref().map(|tag| duties.mask(tag).to_string());
        Self { column: format!("{of}.{name}"), tag, mask }
    }
}

impl Demanded {
    fn of(reading: &Reading, permit: &Permit) -> Self {
        let duties = permit.duties();
        let limits = duties.limits();
        let tags: BTreeSet<&String> = reading.tagged.values().flat_map(BTreeMap::values).collect();
        let mask = |tag: &String| {
            let (shown, usage) = (duties.mask(tag).to_string(), duties.usage(tag).to_string());
            (tag.clone(), Masked { shown, usage })
        };
        Self {
            max_rows: limits.max_rows,
            max_bytes: limits.max_bytes,
            max_cells: limits.max_cells,
            timeout_ms: limits.timeout_ms,
            approvers: duties.approvers().clone(),
            masks: tags.into_iter().map(mask).collect(),
        }
    }
}
