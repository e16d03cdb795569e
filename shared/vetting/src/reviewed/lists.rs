//! The reviewed lists, by number.

use std::{collections::BTreeMap, sync::LazyLock};

use catalogue::{Collation, Function, Oid, Operator, TypeInfo};

use super::line::{self, Entry};

/// All four, read once. A line that cannot be read lists nothing.
pub(super) static LISTS: LazyLock<Lists> = LazyLock::new(|| Lists {
    functions: list(FUNCTIONS, line::function, |f| f.oid),
    operators: list(OPERATORS, line::operator, |o| o.oid),
    types: list(TYPES, line::type_info, |t| t.oid),
    collations: list(COLLATIONS, line::collation, |c| c.oid),
});

/// Entries by number; several where releases differ.
type By<T> = BTreeMap<Oid, Vec<Entry<T>>>;

pub(super) struct Lists {
    functions: By<Function>,
    operators: By<Operator>,
    types: By<TypeInfo>,
    collations: By<Collation>,
}

impl Lists {
    /// Whether this very function is listed, as it is.
    pub(super) fn has_function(&self, found: &Function) -> bool {
        let called = |f: &Function| (f.form, f.variadic);
        has(&self.functions, found.oid, |listed| {
            (&listed.schema, &listed.name, &listed.arguments, called(listed))
                == (&found.schema, &found.name, &found.arguments, called(found))
        })
    }

    /// Whether this very operator is listed, as it is.
    pub(super) fn has_operator(&self, found: &Operator) -> bool {
        has(&self.operators, found.oid, |listed| listed == found)
    }

    /// Whether this very type is listed, as it is.
    pub(super) fn has_type(&self, found: &TypeInfo) -> bool {
        has(&self.types, found.oid, |listed| listed == found)
    }

    /// Whether this very collation is listed.
    pub(super) fn has_collation(&self, found: &Collation) -> bool {
        has(&self.collations, found.oid, |listed| listed == found)
    }

    /// The functions that this version has.
    pub(super) fn functions(&self, major: u32) -> Vec<Function> {
        of(&self.functions, major)
    }

    /// The operators that this version has.
    pub(super) fn operators(&self, major: u32) -> Vec<Operator> {
        of(&self.operators, major)
    }

    /// The types that this version has.
    pub(super) fn types(&self, major: u32) -> Vec<TypeInfo> {
        of(&self.types, major)
    }

    /// The collations that this version has.
    pub(super) fn collations(&self, major: u32) -> Vec<Collation> {
        of(&self.collations, major)
    }
}

fn has<T>(all: &By<T>, oid: Oid, same: impl Fn(&T) -> bool) -> bool {
    all.get(&oid).is_some_and(|entries| entries.iter().any(|entry| same(&entry.what)))
}

fn of<T: Clone>(all: &By<T>, major: u32) -> Vec<T> {
    let entries = all.values().flatten().filter(|entry| entry.is_in(major));
    entries.map(|entry| entry.what.clone()).collect()
}

fn list<T>(
    text: &'static str,
    read: impl Fn(&str) -> Option<Entry<T>>,
    oid: impl Fn(&T) -> Oid,
) -> By<T> {
    let mut by = By::new();
    for entry in line::entries(text).filter_map(read) {
        by.entry(oid(&entry.what)).or_insert_with(Vec::new).push(entry);
    }
    by
}

const FUNCTIONS: &str = include_str!("functions.txt");
const OPERATORS: &str = include_str!("operators.txt");
const TYPES: &str = include_str!("types.txt");
const COLLATIONS: &str = include_str!("collations.txt");

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn sound<T>(text: &'static str, all: &By<T>) {
        let lines: BTreeSet<_> = line::entries(text).collect();
        assert_eq!(lines.len(), line::entries(text).count(), "a line is there twice");
        assert_eq!(lines.len(), all.values().flatten().count(), "a line cannot be read");
        // Higher ones are given anew in every release, or for every database.
        assert_eq!(all.keys().find(|oid| **oid >= 10_000), None);
        for entries in all.values() {
            for major in 15..=18 {
                assert!(entries.iter().filter(|entry| entry.is_in(major)).count() <= 1);
            }
        }
    }

    #[test]
    fn every_line_is_read_and_every_number_stays() {
        sound(FUNCTIONS, &LISTS.functions);
        sound(OPERATORS, &LISTS.operators);
        sound(TYPES, &LISTS.types);
        sound(COLLATIONS, &LISTS.collations);
        assert!(LISTS.functions.len() > 800 && LISTS.operators.len() > 700);
    }

    #[test]
    fn every_listed_line_stands_under_a_reason() {
        for text in [FUNCTIONS, OPERATORS, TYPES, COLLATIONS] {
            let first = text.lines().find(|line| !line.is_empty() && !line.starts_with('#'));
            assert!(first.is_some_and(|line| line.starts_with('[') && line.ends_with(']')));
        }
    }

    #[test]
    fn no_function_is_both_listed_and_never() {
        let names = LISTS.functions.values().flatten().map(|entry| entry.what.name.as_str());
        let both: BTreeSet<_> = names.filter(|n| crate::functions::never(n).is_some()).collect();
        assert_eq!(both, BTreeSet::new());
    }
}
