//! Reads a statement: class, parse, take stock, walk, resolve, judge.

use catalogue::Resolved;
use pg_query::{NodeEnum, protobuf::ParseResult};
use policy::Mode;
use request::Statement;

use crate::{
    Error, Reading, Relation, Scope, Verb, casts,
    classes::{Class, Classed, Definition, classed},
    facts, inventory, judge,
    notes::Notes,
    rewrite::Proven,
    room::with_room,
    statements::{Walk, verb},
    tags::Tags,
};

/// Finds out what a statement would do, or why nobody may send it.
///
/// # Errors
/// [`Error`]: the rule that the statement breaks. Whatever is not known to be harmless breaks one.
pub fn read(statement: &Statement, scope: &Scope) -> Result<Reading, Error> {
    find(statement, scope).map(|(found, _)| found.reading)
}

/// A statement that was read, with what rewriting it takes.
pub(crate) struct Found {
    pub(crate) reading: Reading,
    pub(crate) resolved: Resolved,
    pub(crate) tags: Tags,
    /// Text literals in it.
    pub(crate) texts: Vec<String>,
    /// Whether it is one select from one relation, whose aggregates take every row of a group.
    pub(crate) plain: bool,
    /// What it was rewritten to so far.
    pub(crate) proven: Proven,
}

/// Reads a statement. Its tree comes with it where masks may be put into it; it takes some hundred times
/// the room of the text, so that nobody should keep it.
pub(crate) fn find(
    statement: &Statement,
    scope: &Scope,
) -> Result<(Found, Option<ParseResult>), Error> {
    let text = statement.text();
    with_room(|| {
        let found = match classed(text)? {
            Classed::Rows(tree) => return Ok((rows(text, &tree, None, scope)?, Some(tree))),
            Classed::Explain(tree) => rows(text, &tree, Some(Class::Explain), scope),
            Classed::Describe => describe(text, scope),
            Classed::Define(definition) => define(text, &definition, scope),
        };
        Ok((found?, None))
    })
}

/// A statement about rows.
fn rows(
    text: &str,
    tree: &ParseResult,
    class: Option<Class>,
    scope: &Scope,
) -> Result<Found, Error> {
    let root = root(tree)?;
    let main = verb(root).ok_or_else(|| Error::Kind("MERGE".into()))?;
    let stock = inventory::take(root)?;
    let mut walk = Walk::new(scope);
    walk.statement(root)?;
    same(&stock, &walk.seen)?;
    let notes = walk.notes;
    let tags = Tags::of(scope)?;
    let resolved = catalogue::resolve(root, &scope.catalogue)?;
    let writes = notes.verbs.iter().any(|verb| verb.writes());
    let class = class.unwrap_or(if writes { Class::Write } else { Class::Read });
    let mode = judge::mode(scope.mode, class);
    hold(&resolved, &tags, class, mode, scope)?;
    casts::hold(&resolved, &notes, &scope.catalogue)?;
    let plain = !notes.narrowed && is_plain(&stock, root);
    let reading =
        Reading { mode, ..facts::of(text, class, main, &notes, &resolved, &tags, scope)? };
    let (texts, proven) = (notes.texts, Proven::default());
    Ok(Found { reading, resolved, tags, texts, plain, proven })
}

/// `SHOW`: one setting, and no rows.
fn describe(text: &str, scope: &Scope) -> Result<Found, Error> {
    let notes = Notes { verbs: [Verb::Describe].into(), ..Notes::default() };
    bare(text, Class::Describe, Verb::Describe, notes, scope)
}

/// A definition: what it names, and what is computed in it.
fn define(text: &str, definition: &Definition, scope: &Scope) -> Result<Found, Error> {
    let stock = inventory::take(&definition.pieces)?;
    let mut walk = Walk::new(scope);
    walk.each(&definition.pieces)?;
    same(&stock, &walk.seen)?;
    let mut notes = walk.notes;
    notes.verbs = [Verb::Define].into();
    let mut found = bare(text, Class::Define, Verb::Define, notes, scope)?;
    for named in definition.tables.iter().chain(&definition.indexes) {
        let schema = named.schema.as_deref().unwrap_or(scope.catalogue.schema());
        let relation = Relation { schema: schema.to_owned(), name: named.name.clone() };
        if relation.is_system() {
            return Err(Error::System(relation.to_string()));
        }
        let known = scope.catalogue.relation(Some(&relation.schema), &relation.name);
        if known.is_some_and(|known| found.tags.guards(known.oid, scope)) {
            return Err(Error::Defined(relation.to_string()));
        }
        found.reading.writes.insert(relation);
    }
    found.reading.words = Some(definition.words);
    Ok(found)
}

/// A statement that names no relation in a FROM.
fn bare(text: &str, class: Class, main: Verb, notes: Notes, scope: &Scope) -> Result<Found, Error> {
    let (tags, resolved) = (Tags::of(scope)?, Resolved::default());
    let reading = facts::of(text, class, main, &notes, &resolved, &tags, scope)?;
    let (texts, proven) = (notes.texts, Proven::default());
    Ok(Found { reading, resolved, tags, texts, plain: false, proven })
}

/// Whether it is one select from one relation, whose columns keep their names.
fn is_plain(stock: &inventory::Counts, root: &NodeEnum) -> bool {
    let NodeEnum::SelectStmt(select) = root else { return false };
    let named = match select.from_clause.first().and_then(|node| node.node.as_ref()) {
        Some(NodeEnum::RangeVar(var)) => {
            var.alias.as_ref().is_none_or(|alias| alias.colnames.is_empty())
        }
        _ => false,
    };
    let count = |name| stock.get(name).copied().unwrap_or_default();
    named && count("SelectStmt") == 1 && count("RangeVar") == 1 && count("RangeFunction") == 0
}

/// The rules that hold for everybody, whatever policy says.
fn hold(
    resolved: &Resolved,
    tags: &Tags,
    class: Class,
    mode: Mode,
    scope: &Scope,
) -> Result<(), Error> {
    for source in &resolved.sources {
        tags.admit(source.relation, scope)?;
        if class == Class::Explain && tags.guards(source.relation, scope) {
            let relation = scope.catalogue.numbered(source.relation);
            return Err(Error::Explained(relation.map(|r| r.full_name()).unwrap_or_default()));
        }
    }
    match mode {
        Mode::Result => judge::bare(&resolved.uses, tags, scope),
        Mode::Source | Mode::Schema => Ok(()),
    }
}

pub(crate) fn root(tree: &ParseResult) -> Result<&NodeEnum, Error> {
    let [only] = tree.stmts.as_slice() else { return Err(Error::Count(tree.stmts.len())) };
    let node = only.stmt.as_ref().and_then(|node| node.node.as_ref());
    node.ok_or(Error::Unfollowed("statement"))
}

/// What the parser says, without the text that it quotes: that may be a literal.
pub(crate) fn refused(error: pg_query::Error) -> Error {
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
