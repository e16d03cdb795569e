//! One request as people see it: everything that is approved, in the order in which one asks about it.

mod chain;
mod facts;

use std::collections::BTreeMap;

use approvals::{Document, Ineligible, Phase};
use decisions::{Past, Sheet};
use request::{Digest, Millis};

use crate::{
    sql::is_long,
    text::{Foreign, Odd, is_unseen, odd},
};
pub(crate) use chain::Hop;
pub(crate) use facts::{Relation, relations};

/// One request whole.
pub(crate) struct View {
    pub(crate) request: String,
    pub(crate) digest: Digest,
    pub(crate) phase: Phase,
    pub(crate) asked_at: Millis,
    pub(crate) expires: Millis,
    pub(crate) target: String,
    pub(crate) class: String,
    pub(crate) hops: Vec<Hop>,
    pub(crate) reason: Option<Foreign>,
    pub(crate) statement: Foreign,
    /// What the target is really sent, where it is another text.
    pub(crate) sent: Option<Foreign>,
    pub(crate) params: Vec<Foreign>,
    pub(crate) relations: Vec<Relation>,
    pub(crate) functions: Vec<Foreign>,
    pub(crate) uses: Vec<Foreign>,
    pub(crate) outputs: Vec<Output>,
    pub(crate) mode: String,
    pub(crate) estimated_rows: Option<u64>,
    pub(crate) limits: approvals::Bounds,
    pub(crate) policies: Vec<Foreign>,
    pub(crate) policy: Digest,
    pub(crate) groups: Vec<Group>,
    pub(crate) conditions: Vec<String>,
    pub(crate) words: Vec<Word>,
    pub(crate) like: Vec<Past>,
    pub(crate) barred: Option<Ineligible>,
    pub(crate) said: Option<&'static str>,
    /// Words that may not say what they look like.
    pub(crate) odd: Vec<Odd>,
    /// Whether something in it cannot be seen unless it is named.
    pub(crate) unseen: bool,
    /// Whether it is too long for the page, so that some of it is left out there.
    pub(crate) cut: bool,
}

/// A column of the result.
pub(crate) struct Output {
    pub(crate) name: Foreign,
    pub(crate) from: Vec<Foreign>,
    pub(crate) masked: bool,
}

/// One of the groups that are asked.
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) wanted: u32,
    pub(crate) filled: u32,
}

/// What somebody said.
pub(crate) struct Word {
    /// What to call them.
    pub(crate) who: Foreign,
    /// Their account. Names can be chosen, and accounts cannot.
    pub(crate) subject: Foreign,
    pub(crate) issuer: String,
    pub(crate) groups: Vec<String>,
    pub(crate) verdict: &'static str,
    pub(crate) comment: Option<Foreign>,
    pub(crate) at: Millis,
}

impl View {
    pub(crate) fn of(sheet: &Sheet) -> Self {
        let sealed = sheet.waiting.sealed();
        let document = sealed.document();
        let matter = &document.matter;
        let facts = &matter.facts;
        let foreign = |text: &String| Foreign::new(text.as_str());
        Self {
            request: document.request.clone(),
            digest: sealed.digest(),
            phase: sheet.phase,
            asked_at: document.asked_at,
            expires: document.expires,
            target: matter.target.clone(),
            class: facts.class.clone(),
            hops: chain::hops(document),
            reason: document.reason.as_ref().map(foreign),
            statement: foreign(&matter.statement),
            sent: Some(&matter.sent).filter(|sent| **sent != matter.statement).map(foreign),
            params: matter.params.iter().map(foreign).collect(),
            relations: relations(facts),
            functions: facts.functions.iter().map(foreign).collect(),
            uses: facts.uses.iter().map(foreign).collect(),
            outputs: facts.outputs.iter().map(output).collect(),
            mode: facts.mode.clone(),
            estimated_rows: document.estimated_rows,
            limits: matter.limits,
            policies: document.policies.iter().map(foreign).collect(),
            policy: matter.policy,
            groups: groups(&matter.demand.approvers, &sheet.missing),
            conditions: conditions(document),
            words: words(sheet),
            like: sheet.like.clone(),
            barred: sheet.barred,
            said: sheet.said,
            odd: texts(document).flat_map(odd).take(ODD).collect(),
            unseen: texts(document).any(|text| text.chars().any(is_unseen)),
            cut: is_cut(document),
        }
    }

    /// Whether there is still something to decide.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Granted | Phase::Pending)
    }

    /// Every text of the agent's, whole, for a page of plain text. None of their lines can be taken for
    /// one of ours.
    pub(crate) fn plain(&self) -> String {
        let mut plain = format!("Request {}\nDigest  {}\n{FRAMED}", self.request, self.digest);
        let mut part = |title: &str, text: &Foreign| {
            plain.push_str(&format!("\n──── {title} ────\n{}", text.framed()));
        };
        part("Statement", &self.statement);
        for (n, param) in self.params.iter().enumerate() {
            part(&format!("Parameter ${}", n + 1), param);
        }
        if let Some(sent) = &self.sent {
            part("What the target is sent", sent);
        }
        if let Some(reason) = &self.reason {
            part("Reason, in the agent's words", reason);
        }
        plain
    }
}

/// Whether it is too long for the page.
pub(crate) fn is_cut(document: &Document) -> bool {
    texts(document).any(is_long)
}

/// The texts that an agent chose, and the names of who asks.
fn texts(document: &Document) -> impl Iterator<Item = &str> {
    let matter = &document.matter;
    let labels = matter.hops.iter().filter_map(|hop| hop.label.as_deref());
    let names = matter.hops.iter().flat_map(|hop| {
        let who = &hop.who;
        [Some(&who.subject), who.client.as_ref(), who.actor.as_ref()].into_iter().flatten()
    });
    let labels = labels.chain(names.map(String::as_str));
    let (statement, sent) = (matter.statement.as_str(), matter.sent.as_str());
    let params = matter.params.iter().map(String::as_str);
    let again = (sent != statement).then_some(sent);
    std::iter::once(statement)
        .chain(again)
        .chain(params)
        .chain(document.reason.as_deref())
        .chain(labels)
}

fn output(column: &approvals::Column) -> Output {
    Output {
        name: Foreign::new(column.name.as_str()),
        from: column.from.iter().map(Foreign::new).collect(),
        masked: column.masked,
    }
}

fn groups(wanted: &BTreeMap<String, u32>, missing: &BTreeMap<String, u32>) -> Vec<Group> {
    let group = |(name, wanted): (&String, &u32)| {
        let missing = missing.get(name).copied().unwrap_or(0);
        Group { name: name.clone(), wanted: *wanted, filled: wanted.saturating_sub(missing) }
    };
    wanted.iter().map(group).collect()
}

/// What policy wants beside people, in words.
fn conditions(document: &Document) -> Vec<String> {
    let demand = &document.matter.demand;
    let mut conditions = Vec::new();
    if let Some(seconds) = demand.login_s {
        conditions.push(format!("approvers logged in at most {} ago", duration(seconds)));
    }
    if !demand.acr.is_empty() {
        let ways: Vec<&str> = demand.acr.iter().map(String::as_str).collect();
        conditions.push(format!("approvers logged in by {}", ways.join(" or ")));
    }
    conditions.extend(demand.windows.iter().map(|window| format!("it runs only within {window}")));
    conditions
}

/// Seconds in words that one can say.
pub(crate) fn duration(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..7200 => format!("{} min", seconds / 60),
        _ => format!("{} h", seconds / 3600),
    }
}

fn words(sheet: &Sheet) -> Vec<Word> {
    let decisions = sheet.waiting.approval().decisions().iter();
    let word = |one: &approvals::Decision| Word {
        who: Foreign::new(one.name.as_deref().unwrap_or(&one.subject)),
        subject: Foreign::new(one.subject.as_str()),
        issuer: one.issuer.clone(),
        groups: one.groups.iter().cloned().collect(),
        verdict: one.verdict.name(),
        comment: one.comment.as_deref().map(Foreign::new),
        at: one.at,
    };
    decisions.map(word).collect()
}

/// How to read a page of plain text.
const FRAMED: &str = "
What follows │ is the agent's text; what follows ┊ goes on with the line above.
Characters that cannot be seen, or that would frame other text, stand as ⟦U+…⟧.
";
/// Whoever reads ten of them is warned.
const ODD: usize = 10;
