//! PostgreSQL's own test statements, each of which has a class or is refused.

use std::{collections::BTreeMap, path::PathBuf};

use super::told;

#[test]
fn each_of_postgresqls_own_tests_has_a_class_or_is_refused() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for text in texts() {
        let statements = pg_query::split_with_scanner(&text).unwrap_or_default();
        for statement in statements.iter().filter(|statement| !statement.contains('\0')) {
            let class = told(statement);
            let class = class.split(' ').next().unwrap_or_default().to_owned();
            assert_ne!(class, "unfollowed", "{statement}");
            *counts.entry(class).or_default() += 1;
        }
    }
    let told: Vec<_> = counts.iter().map(|(class, count)| format!("{class} {count}")).collect();
    assert_eq!(told.join(", "), COUNTS);
}

fn texts() -> Vec<String> {
    let mut files: Vec<_> = std::fs::read_dir(corpora().join("sql/postgres-regression"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "sql"))
        .collect();
    files.sort();
    assert!(files.len() > 200, "{}", files.len());
    let read = |path: &PathBuf| String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
    files.iter().map(read).collect()
}

fn corpora() -> PathBuf {
    #[expect(clippy::disallowed_methods, reason = "only tests look for the corpora")]
    let named = std::env::var("POSTERN_CORPORA").map(PathBuf::from);
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora");
    let folder = named.unwrap_or_else(|_| beside());
    assert!(folder.is_dir(), "no corpora at {folder:?}; POSTERN_CORPORA says where they are");
    folder
}

/// As of the files at hand; a change is to be looked at.
const COUNTS: &str = "clause 3348, define 3650, describe 66, explain 1177, never 11731, rows 21193, \
                      syntax 1251";
