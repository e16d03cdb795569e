//! What we say of a SELECT and what the server says of it, side by side.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    sync::Arc,
};

use catalogue::{Catalogue, Error, Oid, Resolved, resolve};
use pg_query::NodeEnum;
use tokio::runtime::Builder;

use crate::{
    calls::{Called, Known},
    corpus::Statement,
    server::{Asker, Server, View},
    survey::{self, ROLE},
};

/// How many SELECTs there are of which kind, and those about which we differ with the reasons that
/// `reviewed` gives for them.
pub(crate) fn table(statements: &[Statement], reviewed: &str) -> String {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let found = runtime.block_on(found(statements));
    let reasons = reasons(reviewed);
    let mut table = String::from(HEAD);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (_, verdict, called) in &found {
        *counts.entry(verdict.kind().into()).or_default() += 1;
        if let Some(called) = called {
            *counts.entry(kind(called)).or_default() += 1;
        }
    }
    counts.iter().for_each(|(kind, count)| writeln!(table, "{kind} {count}").unwrap());
    table.push('\n');
    for (place, verdict, called) in &found {
        let reason = reasons.get(place.as_str()).unwrap_or(&"NO REASON");
        if let Verdict::Differs(what) = verdict {
            writeln!(table, "{place} | {what} | {reason}").unwrap();
        }
        if let Some(Called::Differs(what)) = called {
            writeln!(table, "{place} | {what} | {reason}").unwrap();
        }
    }
    table
}

/// What is counted of a statement's calls.
pub(crate) fn kind(called: &Called) -> String {
    match called {
        Called::None => "calls nothing".into(),
        Called::Same => "calls same".into(),
        Called::Refused(kind) => format!("calls refused: {kind}"),
        Called::Differs(_) => "calls differ".into(),
    }
}

fn reasons(reviewed: &str) -> BTreeMap<&str, &str> {
    let lines = reviewed.lines().filter_map(|line| {
        let (place, rest) = line.split_once(" | ")?;
        Some((place, rest.rsplit_once(" | ")?.1))
    });
    lines.collect()
}

pub(crate) enum Verdict {
    /// Both say the same.
    Same,
    /// The server refuses it too, or it is of another schema than this.
    Unseen,
    /// We refuse what no list of permitted syntax has.
    Unfollowed,
    /// It reads nothing, and so there is nothing to look up.
    Unread,
    /// It reads relations of the system, which are in no catalogue of ours.
    System,
    Differs(String),
}

impl Verdict {
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Unseen => "no-view",
            Self::Unfollowed => "unfollowed",
            Self::System => "system",
            Self::Unread => "reads-nothing",
            Self::Differs(_) => "differs",
        }
    }
}

/// Every statement that only reads, once, by several connections at a time.
async fn found(statements: &[Statement]) -> Vec<(String, Verdict, Option<Called>)> {
    let server = Arc::new(Server::start(ROLE).await);
    server.make(statements).await;
    let catalogue = Arc::new(survey::catalogue(&server, "public").await);
    let known = Arc::new(Known::of(catalogue, server.names().await));
    let mut seen = BTreeSet::new();
    let reads =
        |node: &NodeEnum| matches!(node, NodeEnum::SelectStmt(s) if s.into_clause.is_none());
    let mut shares: Vec<Vec<Statement>> = (0..CONNECTIONS).map(|_| Vec::new()).collect();
    for statement in statements.iter().filter(|statement| reads(&statement.node)) {
        if seen.insert(&statement.text) {
            shares[seen.len() % CONNECTIONS].push(statement.clone());
        }
    }
    let tasks: Vec<_> = shares
        .into_iter()
        .map(|share| {
            let (server, known) = (Arc::clone(&server), Arc::clone(&known));
            tokio::spawn(async move {
                let asker = server.asker("public").await;
                let mut found = Vec::new();
                for statement in share {
                    let (verdict, called) = judge(&statement, &asker, &known).await;
                    found.push((statement.at, (statement.place, verdict, called)));
                }
                found
            })
        })
        .collect();
    let mut found = Vec::new();
    for task in tasks {
        found.extend(task.await.unwrap());
    }
    found.sort_by_key(|(at, ..)| *at);
    found.into_iter().map(|(_, found)| found).collect()
}

/// What is said of the names of a statement, and of its calls.
pub(crate) async fn judge(
    statement: &Statement,
    asker: &Asker,
    known: &Known,
) -> (Verdict, Option<Called>) {
    let catalogue = known.catalogue();
    let ours = resolve(&statement.node, catalogue);
    let width = ours.as_ref().map_or(0, |resolved| resolved.outputs.len());
    let theirs = asker.view(&statement.text, width).await;
    let called = theirs.as_ref().map(|view| known.compare(&statement.text, &view.calls));
    let reads = READS.iter().any(|word| statement.text.to_lowercase().contains(word));
    let verdict = match theirs {
        _ if !reads => Verdict::Unread,
        None => Verdict::Unseen,
        Some(theirs) => told(statement, ours, &theirs, catalogue),
    };
    (verdict, called)
}

fn told(
    statement: &Statement,
    ours: Result<Resolved, Error>,
    theirs: &View,
    catalogue: &Catalogue,
) -> Verdict {
    match ours {
        Ok(ours) => compare(&ours, theirs, catalogue),
        Err(Error::Syntax(what)) if UNFOLLOWED.contains(&what) => Verdict::Unfollowed,
        // What belongs to the system is in no catalogue of ours, and vetting has refused it before.
        Err(Error::Relation(name))
            if name.starts_with("pg_") || statement.text.contains("information_schema") =>
        {
            Verdict::System
        }
        Err(error) => Verdict::Differs(format!("refused: {error}")),
    }
}

fn compare(ours: &Resolved, theirs: &View, catalogue: &Catalogue) -> Verdict {
    let relations: BTreeSet<Oid> = ours.sources.iter().map(|source| source.relation).collect();
    let whole: BTreeSet<Oid> =
        ours.uses.iter().filter(|used| used.column == 0).map(|used| used.relation).collect();
    let mut columns: BTreeSet<(Oid, i16)> =
        ours.uses.iter().map(|used| (used.relation, used.column)).collect();
    // The server does not note the columns of a row that is mentioned as a whole.
    columns.retain(|column| {
        column.1 != 0 && (theirs.columns.contains(column) || !whole.contains(&column.0))
    });
    let mut differences = Vec::new();
    let tell = |oid: &Oid| catalogue.numbered(*oid).map_or("?".into(), |r| r.name.clone());
    let sides =
        [(&relations, &theirs.relations, "ours"), (&theirs.relations, &relations, "theirs")];
    for (one, other, whose) in sides {
        differences.extend(one.difference(other).map(|oid| format!("{whose}: {}", tell(oid))));
    }
    let sides = [(&columns, &theirs.columns, "ours"), (&theirs.columns, &columns, "theirs")];
    for (one, other, whose) in sides {
        let column = |(oid, number): &(Oid, i16)| {
            let name = catalogue.numbered(*oid).and_then(|r| r.numbered(*number));
            format!("{whose}: {}.{}", tell(oid), name.map_or(&number.to_string(), |a| &a.name))
        };
        differences.extend(one.difference(other).map(column));
    }
    let names: Vec<&String> = ours.outputs.iter().map(|out| &out.name).collect();
    if let Some(theirs) = &theirs.names
        && names != theirs.iter().collect::<Vec<_>>()
    {
        differences.push(format!("names: {names:?} {theirs:?}"));
    }
    match differences.is_empty() {
        true => Verdict::Same,
        false => Verdict::Differs(differences.join(", ")),
    }
}

/// Our words for syntax that vetting permits nowhere.
const UNFOLLOWED: &[&str] =
    &["expression", "FROM", "INTO, FOR UPDATE or FOR SHARE", "SEARCH or CYCLE", "WITH"];

/// Without one of these there is nothing to look up.
const READS: &[&str] = &["from", "table"];

const CONNECTIONS: usize = 4;

const HEAD: &str = "\
# SELECTs of PostgreSQL's own tests, by what the server and we say of them. `same`: the same relations,
# the same columns of them, and the same names of the result. `no-view`: the server makes no view of it
# either, because it means to fail or because what it reads is not there. `reads-nothing`: no name to
# look up. `system`: of the system's own relations, which are in no catalogue of ours. `unfollowed`:
# syntax that vetting permits nowhere. `calls same`: vetting notes the very functions that the server
# takes, and no operator less; all of them, by number, are on the reviewed lists. `calls refused`: vetting
# permits no such statement, for this kind of reason. What differs follows, each with the reason.
";
