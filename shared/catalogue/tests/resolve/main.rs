//! What the names of statements are: a small database, sentences, and what becomes of every column.
#![expect(clippy::panic, clippy::unwrap_used, reason = "what fails here has failed the test")]

mod aggregates;
mod clauses;
mod database;
mod expressions;
mod fields;
mod from;
mod functions;
mod joins;
mod names;
mod outputs;
mod scale;
mod sources;
mod traps;
mod with;
mod writes;

use std::collections::BTreeSet;

use catalogue::{Error, How, Lineage, Resolved, Use, resolve};

use crate::database::DATABASE;

fn read(text: &str) -> Result<Resolved, Error> {
    let parsed = pg_query::parse(text, pg_query::ParserOptions::default())
        .unwrap_or_else(|error| panic!("{text}: {error}"));
    let statement = parsed.protobuf.stmts.into_iter().next().unwrap().stmt.unwrap().node.unwrap();
    resolve(&statement, &DATABASE)
}

fn resolved(text: &str) -> Resolved {
    read(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// `table.column`; without a schema for those of `public`.
fn column(relation: u32, number: i16) -> String {
    let relation = DATABASE.numbered(relation).unwrap();
    let table = match relation.schema.as_str() {
        "public" => relation.name.clone(),
        _ => relation.full_name(),
    };
    let name = match number {
        0 => "*",
        -1 => "ctid",
        -2 => "xmin",
        -6 => "tableoid",
        number => &relation.numbered(number).unwrap().name,
    };
    format!("{table}.{name}")
}

fn how(how: &How) -> String {
    match how {
        How::Aggregate(name) => name.clone(),
        How::SetOperation => "set-operation".into(),
        other => format!("{other:?}").to_lowercase(),
    }
}

/// Every use, by what for; `~` stands after a column that is computed with.
fn shown(uses: &BTreeSet<Use>) -> String {
    let word = |used: &Use| {
        let computed = if used.straight { "" } else { "~" };
        format!("{} {}{computed}", how(&used.how), column(used.relation, used.column))
    };
    let words: BTreeSet<String> = uses.iter().map(word).collect();
    words.into_iter().collect::<Vec<_>>().join(", ")
}

fn uses(text: &str) -> String {
    shown(&resolved(text).uses)
}

/// The columns of the result, each with what flows into it.
fn outputs(text: &str) -> String {
    let lineage = |lineage: &Lineage| {
        let columns: Vec<String> = lineage.columns.iter().map(|(r, n)| column(*r, *n)).collect();
        let computed = if lineage.straight || columns.is_empty() { "" } else { "~" };
        format!("{}{computed}", columns.join("+"))
    };
    let outputs = resolved(text).outputs;
    let words: Vec<String> =
        outputs.iter().map(|out| format!("{}={}", out.name, lineage(&out.lineage))).collect();
    words.join(" ")
}

/// The names of the result's columns.
fn titles(text: &str) -> String {
    let outputs = resolved(text).outputs;
    outputs.iter().map(|out| out.name.as_str()).collect::<Vec<_>>().join(" ")
}

fn refused(text: &str) -> String {
    match read(text) {
        Err(error) => error.to_string(),
        Ok(resolved) => panic!("{text}: {}", shown(&resolved.uses)),
    }
}

/// Why it is refused, in one word.
fn kind(text: &str) -> &'static str {
    match read(text) {
        Err(error) => error.kind(),
        Ok(resolved) => panic!("{text}: {}", shown(&resolved.uses)),
    }
}
