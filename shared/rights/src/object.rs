//! A schema, a table or a column by its names, as PostgreSQL reads them.

use std::fmt;

/// PostgreSQL cuts identifiers to this many bytes; a longer one would name something else there.
const NAME_LIMIT: usize = 63;

/// A path of names: `schema.*`, `schema.table` or `schema.table.column`. It stands for itself and all
/// that lies under it, so that a path contains every path it is the beginning of.
// INVARIANT: one to three names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Object(Vec<String>);

impl Object {
    /// What to say of a text that is none.
    pub(crate) const WANTED: &str =
        "`schema.*`, `schema.table` or `schema.table.column`, quoted as in SQL where it must be";

    /// Reads a path. What stands outside of quotes is folded to lower case.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        // A `.*` cannot end inside of quotes: the quote that closes them would stand behind it.
        match text.strip_suffix(".*") {
            Some(schema) => names(schema).filter(|names| names.len() == 1),
            None => names(text).filter(|names| (2..=3).contains(&names.len())),
        }
        .map(Self)
    }

    /// Whether `other` is this object or lies under it.
    pub(crate) fn contains(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }

    /// The schema.
    pub(crate) fn schema(&self) -> &str {
        self.0.first().map_or("", String::as_str)
    }

    /// The table, unless the whole schema is meant.
    pub(crate) fn relation(&self) -> Option<&str> {
        self.0.get(1).map(String::as_str)
    }

    /// The column, unless the whole table is meant.
    pub(crate) fn column(&self) -> Option<&str> {
        self.0.get(2).map(String::as_str)
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, name) in self.0.iter().enumerate() {
            f.write_str(if n > 0 { "." } else { "" })?;
            if bare(name).is_some_and(|folded| folded == *name) {
                f.write_str(name)?;
            } else {
                write!(f, "\"{}\"", name.replace('"', "\"\""))?;
            }
        }
        f.write_str(if self.0.len() == 1 { ".*" } else { "" })
    }
}

fn names(text: &str) -> Option<Vec<String>> {
    let mut names = Vec::new();
    let mut rest = text;
    loop {
        let (name, after) = match rest.strip_prefix('"') {
            Some(inside) => quoted(inside)?,
            None => {
                let (name, after) = rest.split_at_checked(rest.find('.').unwrap_or(rest.len()))?;
                (bare(name)?, after)
            }
        };
        names.push(Some(name).filter(|name| fits(name))?);
        if after.is_empty() {
            return Some(names);
        }
        rest = after.strip_prefix('.')?;
    }
}

/// Whether something can have this name. `*` is what others write for all columns, so that a column
/// of that name would be taken for all of them.
fn fits(name: &str) -> bool {
    let sound = !name.is_empty() && name != "*" && !name.chars().any(char::is_control);
    sound && name.len() <= NAME_LIMIT
}

/// A name after its opening quote, and what follows; `""` stands for one quote.
fn quoted(mut rest: &str) -> Option<(String, &str)> {
    let mut name = String::new();
    loop {
        let (piece, after) = rest.split_once('"')?;
        name.push_str(piece);
        let Some(next) = after.strip_prefix('"') else { return Some((name, after)) };
        name.push('"');
        rest = next;
    }
}

/// A name without quotes, folded. The server's encoding decides how a letter beyond ASCII folds, and
/// it is not known here: such a name must be quoted.
fn bare(name: &str) -> Option<String> {
    let starts = |c: char| c.is_ascii_alphabetic() || c == '_';
    let goes_on = |c: char| starts(c) || c.is_ascii_digit() || c == '$';
    let sound = name.starts_with(starts) && name.chars().all(goes_on);
    sound.then(|| name.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(text: &str) -> Option<String> {
        Object::parse(text).map(|object| object.to_string())
    }

    #[test]
    fn a_path_is_printed_in_one_way_however_it_was_written() {
        for (text, canonical) in [
            ("Public.*", "public.*"),
            ("PUBLIC.\"orders\".Id", "public.orders.id"),
            ("public.\"Strange.Name\"", "public.\"Strange.Name\""),
            ("\"a\"\"b\".\"*x\"", "\"a\"\"b\".\"*x\""),
            ("\"x.*\".*", "\"x.*\".*"),
            ("\"Ärger\".t", "\"Ärger\".t"),
        ] {
            assert_eq!(printed(text).as_deref(), Some(canonical), "{text}");
            assert_eq!(printed(canonical).as_deref(), Some(canonical));
        }
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for text in [
            "",
            "*",
            "*.*",
            ".*",
            "orders",
            "public.",
            ".orders",
            "public..orders",
            "a.b.*",
            "a.b.c.d",
            "a.b.c.*",
            "public.orders ",
            " public.orders",
            "public. orders",
            "public.ord*",
            "\"a",
            "\"a.*",
            "a.\"b.*",
            "\"a\"b.c",
            "a.\"\"",
            "1a.b",
            "a.b;c",
            "a.b--",
            "ärger.t",
            "U&\"a\".b",
            "a.\"*\"",
            "a.b.\"*\"",
            "a.\"b\0\"",
            "a.'b'",
            "a/b.c",
            "a.b%",
        ] {
            assert_eq!(printed(text), None, "{text:?}");
        }
        assert!(Object::parse(&format!("a.{}", "x".repeat(63))).is_some());
        assert!(Object::parse(&format!("a.{}", "x".repeat(64))).is_none());
        assert!(Object::parse(&format!("a.\"{}\"", "ä".repeat(32))).is_none());
    }

    #[test]
    fn names_contain_what_they_begin_and_letters_do_not() {
        let object = |text| Object::parse(text).unwrap();
        assert!(object("public.*").contains(&object("public.orders")));
        assert!(object("public.orders").contains(&object("public.orders.id")));
        assert!(!object("public.orders").contains(&object("public.*")));
        assert!(!object("public.order").contains(&object("public.orders")));
        assert!(!object("public.*").contains(&object("public2.orders")));
        assert!(!object("public.*").contains(&object("\"public.orders\".x")));
    }
}
