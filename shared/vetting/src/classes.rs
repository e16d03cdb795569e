//! What kind of statement a text is, and the trees of those kinds that are not refused outright.
//!
//! The parser's crate makes more of a tree than the tree: it gathers names, and for some kinds of
//! statements (those that drop or rename functions, rules and triggers) it does so on assumptions that
//! hostile text may break. So the kind is told by the first words, which takes no tree, and a tree is
//! made only of kinds for which nothing is assumed.

mod columns;
mod define;
mod describe;
mod explain;

use pg_query::{NodeEnum, protobuf::ParseResult};

use crate::{
    Error, normal,
    read::{refused, root},
};

pub(crate) use define::Definition;

/// What a statement is about, for policy and for the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// It changes what the database consists of.
    Define,
    /// It asks for a setting of the server.
    Describe,
    /// It asks how the server would go about a read.
    Explain,
    /// It reads rows.
    Read,
    /// It writes rows.
    Write,
}

impl Class {
    /// Its name in policies and on record.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Define => "define",
            Self::Describe => "describe",
            Self::Explain => "explain",
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// One statement of a kind that may be permitted.
#[derive(Debug)]
pub(crate) enum Classed {
    /// A plain form of a statement that changes what there is.
    Define(Definition),
    /// `SHOW` of a setting on the list.
    Describe,
    /// `EXPLAIN` of the one SELECT in this tree. Its positions are those in the whole text.
    Explain(ParseResult),
    /// SELECT, INSERT, UPDATE, DELETE or MERGE, as it was parsed.
    Rows(ParseResult),
}

/// Finds out of what kind the one statement in the text is, and parses it if its kind may be permitted.
///
/// # Errors
/// [`Error::Count`] unless there is exactly one; [`Error::Kind`] with the words it starts with for a
/// kind that never is permitted; [`Error::Clause`] for a form that is not plain.
pub(crate) fn classed(text: &str) -> Result<Classed, Error> {
    match pg_query::is_utility_stmt(text).map_err(refused)?.as_slice() {
        [false] => return parsed(text).map(Classed::Rows),
        [true] => {}
        statements => return Err(Error::Count(statements.len())),
    }
    let words = normal::first_words(text, 4);
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["EXPLAIN", ..] => explain::read(parsed(text)?).map(Classed::Explain),
        ["SHOW", ..] => describe::read(root(&parsed(text)?)?).map(|()| Classed::Describe),
        words if is_definition(words) => define::read(root(&parsed(text)?)?).map(Classed::Define),
        words => Err(Error::Kind(kind(words))),
    }
}

fn is_definition(words: &[&str]) -> bool {
    matches!(
        words,
        ["ALTER", "TABLE", ..]
            | ["COMMENT", "ON", "COLUMN" | "TABLE", ..]
            | ["CREATE", "INDEX" | "TABLE", ..]
            | ["CREATE", "UNIQUE", "INDEX", ..]
            | ["CREATE", "UNLOGGED", "TABLE", ..]
            | ["DROP", "INDEX" | "TABLE", ..]
    )
}

/// What a statement that is never permitted is called: for those that begin like many others, with what
/// it would make, change or drop.
fn kind(words: &[&str]) -> String {
    match words {
        ["CREATE", "OR", "REPLACE", what] => format!("CREATE {what}"),
        [first @ ("ALTER" | "CREATE" | "DROP"), second, ..] => format!("{first} {second}"),
        [first, ..] => (*first).to_owned(),
        [] => "other".into(),
    }
}

fn parsed(text: &str) -> Result<ParseResult, Error> {
    Ok(pg_query::parse(text, 0).map_err(refused)?.protobuf)
}

/// A piece of a statement that is not what it would be if only its plain parts were filled in.
fn fancy<T>(clause: &'static str) -> Result<T, Error> {
    Err(Error::Clause(clause))
}

/// What is given if `found` is nothing but `plain`: whatever else can be said in this place was not.
fn only<T: PartialEq>(found: &T, plain: &T, clause: &'static str) -> Result<(), Error> {
    if found == plain { Ok(()) } else { fancy(clause) }
}

/// The node's own content.
fn inside(node: Option<&pg_query::Node>) -> Result<&NodeEnum, Error> {
    node.and_then(|node| node.node.as_ref()).ok_or(Error::Unfollowed("statement"))
}

#[cfg(test)]
mod tests;
