//! Names of relations as PostgreSQL reads them, and which of their columns are tagged.

use std::{collections::BTreeMap, fmt, sync::Arc};

use catalogue::Catalogue;
use policy::Mode;

use crate::Error;

/// PostgreSQL cuts identifiers to this many bytes; a longer one would name something else there.
const NAME_LIMIT: usize = 63;

/// A table or view by its schema and name, folded as PostgreSQL folds them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Relation {
    /// Its schema.
    pub schema: String,
    /// Its name in the schema.
    pub name: String,
}

impl Relation {
    /// Reads `name`, `schema.name`, `"Name"` or `"Schema"."Name"`; what stands outside of quotes is
    /// lower-cased, and a missing schema is `schema`.
    ///
    /// # Errors
    /// [`Error::Name`] for anything else.
    pub fn parse(text: &str, schema: &str) -> Result<Self, Error> {
        let wrong = || Error::Name(text.chars().take(NAME_LIMIT).collect());
        let mut parts = parts(text).ok_or_else(wrong)?.into_iter();
        match (parts.next(), parts.next(), parts.next()) {
            (Some(name), None, None) => Ok(Self { schema: schema.to_owned(), name }),
            (Some(schema), Some(name), None) => Ok(Self { schema, name }),
            _ => Err(wrong()),
        }
    }

    /// Whether it belongs to the system: its catalogue, its information schema, its temporary and
    /// TOAST schemas, or anything with the reserved prefix.
    pub(crate) fn is_system(&self) -> bool {
        let reserved = |name: &str| loose(name).starts_with("pg_");
        reserved(&self.schema)
            || reserved(&self.name)
            || loose(&self.schema) == "information_schema"
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.schema, self.name)
    }
}

/// Against what a statement is read: the names that there are, and which columns are tagged.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The database as the target's role sees it.
    pub catalogue: Arc<Catalogue>,
    /// Column to tag, for every relation that is configured to have tagged columns.
    pub tagged: BTreeMap<Relation, BTreeMap<String, String>>,
    /// Where the target has its masks put.
    pub mode: Mode,
}

/// The form in which names are compared when a difference in case must not matter.
pub(crate) fn loose(name: &str) -> String {
    name.to_lowercase()
}

fn parts(text: &str) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        let (part, after) = match rest.strip_prefix('"') {
            Some(quoted) => until_quote(quoted)?,
            None => until_dot(rest)?,
        };
        if part.is_empty() || part.len() > NAME_LIMIT {
            return None;
        }
        parts.push(part);
        match after.strip_prefix('.') {
            Some(next) => rest = next,
            None => return after.is_empty().then_some(parts),
        }
    }
}

/// A quoted identifier after its opening quote; `""` stands for one quote.
fn until_quote(mut rest: &str) -> Option<(String, &str)> {
    let mut name = String::new();
    loop {
        let (piece, after) = rest.split_once('"')?;
        name.push_str(piece);
        match after.strip_prefix('"') {
            Some(next) => {
                name.push('"');
                rest = next;
            }
            None => return Some((name, after)),
        }
    }
}

/// A bare identifier; only ASCII letters are folded, as a server with UTF-8 does.
fn until_dot(rest: &str) -> Option<(String, &str)> {
    let end = rest.find('.').unwrap_or(rest.len());
    let (name, after) = rest.split_at_checked(end)?;
    let starts = |c: char| c.is_ascii_alphabetic() || c == '_' || !c.is_ascii();
    let fits = |c: char| starts(c) || c.is_ascii_digit() || c == '$';
    let sound = name.starts_with(starts) && name.chars().all(fits);
    sound.then(|| (name.to_ascii_lowercase(), after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        Relation::parse(text, "public").ok().map(|relation| relation.to_string())
    }

    #[test]
    fn bare_names_are_folded_and_quoted_ones_are_not() {
        assert_eq!(read("Customers").as_deref(), Some("public.customers"));
        assert_eq!(read("Sales.Orders").as_deref(), Some("sales.orders"));
        assert_eq!(read("\"Sales\".\"O\"\"rders.x\"").as_deref(), Some("Sales.O\"rders.x"));
    }

    #[test]
    fn what_postgresql_would_read_otherwise_is_no_name() {
        for text in ["", ".", "a.", ".a", "a.b.c", "a b", "\"a", "\"a\"b", "1a", "a;b", "a--"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(&"x".repeat(64)), None);
    }

    #[test]
    fn system_relations_are_known_in_any_case() {
        let system = |text| Relation::parse(text, "public").unwrap().is_system();
        assert!(system("pg_class") && system("\"PG_CLASS\"") && system("pg_toast.t"));
        assert!(system("information_schema.tables") && system("pg_temp_3.x"));
        assert!(!system("pages") && !system("public.orders"));
    }
}
