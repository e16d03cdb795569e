//! Reads one line of a reviewed list.

use catalogue::{Collation, Form, Function, Operator, TypeInfo};

/// The schema of everything on the lists.
pub(super) const SCHEMA: &str = "pg_catalog";

/// One entry, and the major versions that have it.
pub(super) struct Entry<T> {
    pub(super) what: T,
    from: u32,
    until: u32,
}

impl<T> Entry<T> {
    /// Whether this version has it.
    pub(super) fn is_in(&self, major: u32) -> bool {
        (self.from..=self.until).contains(&major)
    }

    fn always(what: T) -> Self {
        Self { what, from: 0, until: u32::MAX }
    }
}

/// The lines that are neither empty nor comments nor headings.
pub(super) fn entries(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with(['#', '[']))
}

/// `number name(argument, default argument, variadic argument) form result(column, column) from 16`.
pub(super) fn function(line: &str) -> Option<Entry<Function>> {
    let (line, until) = major(line, " until ").unwrap_or((line, u32::MAX));
    let (line, from) = major(line, " from ").unwrap_or((line, 0));
    let (number, line) = line.split_once(' ')?;
    let (name, line) = line.split_once('(')?;
    let (arguments, line) = line.split_once(") ")?;
    let (form, result) = line.split_once(' ')?;
    let (returns, columns) = match result.split_once('(') {
        Some((returns, columns)) => (returns, columns.strip_suffix(')')?),
        None => (result, ""),
    };
    let arguments = list(arguments);
    let marked = |mark| move |argument: &&&str| argument.starts_with(mark);
    let what = Function {
        oid: number.parse().ok()?,
        schema: SCHEMA.into(),
        name: name.into(),
        defaults: arguments.iter().filter(marked(DEFAULT)).count().try_into().ok()?,
        variadic: arguments.iter().any(|argument| marked(VARIADIC)(&argument)),
        arguments: arguments.iter().map(|argument| bare(argument).into()).collect(),
        form: form_of(form)?,
        columns: list(columns).into_iter().map(Into::into).collect(),
        returns: returns.into(),
    };
    Some(Entry { what, from, until })
}

/// `number left name right`, or `number name right` for a prefix operator.
pub(super) fn operator(line: &str) -> Option<Entry<Operator>> {
    let (number, line) = line.split_once(' ')?;
    let name = line.split(' ').find(|word| word.chars().all(|c| SIGNS.contains(c)))?;
    let (left, right) = match line.strip_prefix(name) {
        Some(right) => ("", right.strip_prefix(' ')?),
        None => line.split_once(&format!(" {name} "))?,
    };
    Some(Entry::always(Operator {
        oid: number.parse().ok()?,
        schema: SCHEMA.into(),
        name: name.into(),
        left: left.into(),
        right: right.into(),
    }))
}

/// `number name kind`.
pub(super) fn type_info(line: &str) -> Option<Entry<TypeInfo>> {
    let mut words = line.split(' ');
    let (number, name, kind) = (words.next()?, words.next()?, words.next()?);
    Some(Entry::always(TypeInfo {
        oid: number.parse().ok()?,
        schema: SCHEMA.into(),
        name: name.into(),
        kind: kind.chars().next()?,
        fields: Vec::new(),
    }))
}

/// `number name from 16`.
pub(super) fn collation(line: &str) -> Option<Entry<Collation>> {
    let (line, from) = major(line, " from ").unwrap_or((line, 0));
    let (number, name) = line.split_once(' ')?;
    let what = Collation { oid: number.parse().ok()?, schema: SCHEMA.into(), name: name.into() };
    Some(Entry { what, from, until: u32::MAX })
}

fn major<'l>(line: &'l str, word: &str) -> Option<(&'l str, u32)> {
    let (line, major) = line.rsplit_once(word)?;
    Some((line, major.parse().ok()?))
}

fn list(text: &str) -> Vec<&str> {
    if text.is_empty() { Vec::new() } else { text.split(", ").collect() }
}

fn bare(argument: &str) -> &str {
    let argument = argument.strip_prefix(DEFAULT).unwrap_or(argument);
    argument.strip_prefix(VARIADIC).unwrap_or(argument)
}

fn form_of(word: &str) -> Option<Form> {
    Some(match word {
        "aggregate" => Form::Aggregate,
        "set" => Form::Set,
        "value" => Form::Value,
        "window" => Form::Window,
        _ => return None,
    })
}

const DEFAULT: &str = "default ";
const VARIADIC: &str = "variadic ";

/// What the name of an operator is made of.
const SIGNS: &str = "+-*/<>=~!@#%^&|`?";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_functions_says_all_that_the_catalogue_does() {
        let entry =
            function("1 f(text, default integer) set record(a, b) from 16 until 17").unwrap();
        let found = &entry.what;
        assert_eq!((found.oid, found.name.as_str(), found.form), (1, "f", Form::Set));
        assert_eq!((found.arguments.join("/"), found.defaults), ("text/integer".into(), 1));
        assert_eq!((found.returns.as_str(), found.columns.join("/")), ("record", "a/b".into()));
        assert_eq!([15, 16, 17, 18].map(|major| entry.is_in(major)), [false, true, true, false]);
        let entry = function("2 g(variadic \"any\") value timestamp with time zone").unwrap();
        assert!(entry.what.variadic && entry.is_in(15) && entry.is_in(18));
        assert_eq!(entry.what.arguments, ["\"any\""]);
        assert_eq!(entry.what.returns, "timestamp with time zone");
        assert!(function("3 h() value").is_none() && function("x h() value text").is_none());
    }

    #[test]
    fn a_line_of_the_operators_has_its_name_between_its_sides() {
        let read = |line| operator(line).map(|e| (e.what.left, e.what.name, e.what.right)).unwrap();
        let expected = |l: &str, n: &str, r: &str| (l.into(), n.into(), r.into());
        assert_eq!(read("5 interval + date"), expected("interval", "+", "date"));
        assert_eq!(
            read("6 time with time zone ?|| integer[]"),
            expected("time with time zone", "?||", "integer[]")
        );
        assert_eq!(read("7 @@ box"), expected("", "@@", "box"));
    }
}
