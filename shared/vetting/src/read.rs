//! Reads a statement: parse, take stock, walk, judge.

use pg_query::{NodeEnum, protobuf::ParseResult};
use request::Statement;

use crate::{
    Error, Reading, Scope, columns, inventory, normal,
    notes::Notes,
    statements::{Walk, verb},
};

/// Finds out what a statement would do, or why nobody may send it.
///
/// # Errors
/// [`Error`]: the rule that the statement breaks. Whatever is not known to be harmless breaks one.
pub fn read(statement: &Statement, scope: &Scope) -> Result<Reading, Error> {
    let text = statement.text();
    let tree = parse(text)?;
    let root = root(&tree)?;
    let main = verb(root).ok_or_else(|| Error::Kind("MERGE".into()))?;
    let stock = inventory::take(&tree)?;
    let mut walk = Walk::new(scope);
    walk.statement(root)?;
    same(&stock, &walk.seen)?;
    let notes = walk.notes;
    let parameters = parameters(&notes)?;
    let found = columns::judge(&notes)?;
    Ok(Reading {
        main,
        verbs: notes.verbs,
        reads: notes.reads,
        writes: notes.writes,
        columns: found.columns,
        functions: notes.functions,
        tags: found.tags,
        tagged_in_scope: found.tagged_in_scope,
        has_where: notes.has_where,
        has_set_operation: notes.has_set_operation,
        has_aggregate: notes.has_aggregate,
        parameters,
        qualified: found.qualified,
        normalized: normal::normalized(text, parameters)?,
        fingerprint: pg_query::fingerprint(text, 0, 0).map_err(refused)?.hex,
    })
}

/// One statement that reads or writes rows, as a tree. What kind of statement it is gets asked
/// first, because the tree of any other kind is built with assumptions that hostile text may break.
fn parse(text: &str) -> Result<ParseResult, Error> {
    match pg_query::is_utility_stmt(text).map_err(refused)?.as_slice() {
        [false] => {}
        [true] => return Err(kind(text)),
        statements => return Err(Error::Count(statements.len())),
    }
    Ok(pg_query::parse(text, 0).map_err(refused)?.protobuf)
}

fn root(tree: &ParseResult) -> Result<&NodeEnum, Error> {
    let [only] = tree.stmts.as_slice() else { return Err(Error::Count(tree.stmts.len())) };
    let node = only.stmt.as_ref().and_then(|node| node.node.as_ref());
    node.ok_or(Error::Unfollowed("statement"))
}

fn kind(text: &str) -> Error {
    Error::Kind(normal::first_word(text).unwrap_or_else(|| "other".into()))
}

/// What the parser says, without the text that it quotes: that may be a literal.
fn refused(error: pg_query::Error) -> Error {
    use pg_query::Error as E;
    let message = match error {
        E::Parse(message) | E::Scan(message) | E::IsUtility(message) | E::Split(message) => message,
        // The decoder knows two faults: too deep, and letters cut in half at the end of a long name.
        E::Decode(fault) if fault.to_string().contains("recursion") => return Error::Depth,
        _ => return Error::Syntax("it cannot be read".into()),
    };
    let deep = ["stack depth", "too deeply", "memory exhausted", "recursion"];
    if deep.iter().any(|sign| message.contains(sign)) {
        return Error::Depth;
    }
    Error::Syntax(without_quote(&message))
}

/// Keeps the quoted end of a message only if it is a plain word.
fn without_quote(message: &str) -> String {
    let word = |text: &str| {
        let plain = |c: char| c.is_ascii_alphabetic() || c == '_';
        !text.is_empty() && text.len() < 32 && text.chars().all(plain)
    };
    match message.split_once(" at or near \"") {
        Some((what, quoted)) => match quoted.strip_suffix('"') {
            Some(token) if word(token) => format!("{what} at or near `{token}`"),
            _ => what.to_owned(),
        },
        None if message.contains('"') => "it cannot be read".into(),
        None => message.to_owned(),
    }
}

// INVARIANT: what the inventory counted, the walk came past, each piece exactly once.
fn same(stock: &inventory::Counts, seen: &inventory::Counts) -> Result<(), Error> {
    let counted = stock.iter().filter(|(name, _)| !inventory::WRAPPERS.contains(name));
    for (name, count) in counted {
        if seen.get(name) != Some(count) {
            return Err(Error::Unfollowed(name));
        }
    }
    match seen.keys().find(|name| !stock.contains_key(*name)) {
        Some(name) => Err(Error::Unfollowed(name)),
        None => Ok(()),
    }
}

/// How many parameters there are, none of them left out.
fn parameters(notes: &Notes<'_>) -> Result<u16, Error> {
    let mut wanted = 0;
    for &number in &notes.parameters {
        wanted += 1;
        if number != wanted {
            return Err(Error::Gap(wanted.into()));
        }
    }
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_walk_misses_is_refused() {
        let stock = inventory::Counts::from([("FuncCall", 2), ("Node", 9)]);
        let seen = |n| inventory::Counts::from([("FuncCall", n)]);
        assert_eq!(same(&stock, &seen(2)), Ok(()));
        assert_eq!(same(&stock, &seen(1)), Err(Error::Unfollowed("FuncCall")));
        assert_eq!(same(&stock, &seen(3)), Err(Error::Unfollowed("FuncCall")));
        assert_eq!(same(&seen(1), &stock), Err(Error::Unfollowed("FuncCall")));
    }

    #[test]
    fn a_message_never_quotes_a_literal() {
        let told = |message: &str| without_quote(message);
        assert_eq!(told("syntax error at or near \"FORM\""), "syntax error at or near `FORM`");
        assert_eq!(
            told("unterminated quoted string at or near \"'4111 1111"),
            "unterminated quoted string"
        );
        assert_eq!(told("syntax error at or near \"'a'\""), "syntax error");
        assert_eq!(told("invalid value \"078-05-1120\" for x"), "it cannot be read");
    }
}
