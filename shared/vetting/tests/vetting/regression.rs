//! PostgreSQL's own regression tests: everything is read without a crash, and what is accepted is
//! checked by other means than the reader's.

use std::{collections::BTreeMap, path::PathBuf};

use pg_query::protobuf::{ScanToken, Token};
use request::Statement;

use crate::{lines, read};

const NEVER: &str = include_str!("../../src/never.txt");
const COUNTS: &str = include_str!("../corpus/regression.txt");

#[test]
fn postgresqls_own_tests_are_classified_as_they_were() {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut all = 0;
    for text in statements() {
        let Ok(statement) = Statement::new(text) else { continue };
        all += 1;
        let read = read(statement.text());
        let verdict =
            read.as_ref().map_or_else(|error| error.kind(), |reading| reading.class.name());
        *counts.entry(verdict).or_default() += 1;
        if matches!(verdict, "read" | "write") {
            check(statement.text());
        }
    }
    let counts: Vec<_> = counts.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
    let told = format!("all {all}\n{}", counts.join("\n"));
    assert_eq!(told, lines(COUNTS).collect::<Vec<_>>().join("\n"), "now:\n{told}");
}

/// Nothing that was accepted is of another kind, or has the name of a forbidden function before a
/// parenthesis.
fn check(text: &str) {
    assert_eq!(pg_query::is_utility_stmt(text), Ok(vec![false]), "{text}");
    let words = ["into", "merge", "share", "tablesample", "current_user", "session_user"];
    let tokens = pg_query::scan_tokens(text).unwrap();
    let is_comment = |t: &&ScanToken| !matches!(t.token(), Token::SqlComment | Token::CComment);
    let tokens: Vec<_> = tokens.iter().filter(is_comment).collect();
    for pair in tokens.windows(2) {
        let word = text[pair[0].start as usize..pair[0].end as usize].to_lowercase();
        let call = pair[1].token() == Token::Ascii40;
        assert!(!(call && never(word.trim_matches('"'))), "`{word}` in {text}");
        let keyword = pair[0].keyword_kind == 4 && word != "into";
        assert!(!(keyword && words.contains(&word.as_str())), "`{word}` in {text}");
    }
}

fn never(word: &str) -> bool {
    let patterns =
        lines(NEVER).filter(|line| !line.starts_with('[')).flat_map(str::split_whitespace);
    let mut hits = patterns.filter(|pattern| match pattern.split_once('*') {
        Some((head, tail)) => word.starts_with(head) && word.ends_with(tail),
        None => word == *pattern,
    });
    hits.next().is_some()
}

fn statements() -> Vec<String> {
    let mut files: Vec<_> = std::fs::read_dir(corpora().join("sql/postgres-regression"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "sql"))
        .collect();
    files.sort();
    assert!(files.len() > 200, "{}", files.len());
    let texts = files
        .iter()
        .map(|file| String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned());
    texts.flat_map(|text| split(&sql_only(&text))).collect()
}

fn corpora() -> PathBuf {
    #[expect(clippy::disallowed_methods, reason = "only tests look for the corpora")]
    let named = std::env::var("POSTERN_CORPORA").map(PathBuf::from);
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora");
    let folder = named.unwrap_or_else(|_| beside());
    assert!(folder.is_dir(), "no corpora at {folder:?}; POSTERN_CORPORA says where they are");
    folder
}

/// The file without what only `psql` understands: its own commands, and rows after COPY.
fn sql_only(text: &str) -> String {
    let mut rows = false;
    let mut kept = String::new();
    for line in text.lines() {
        let lower = line.to_lowercase();
        match line {
            "\\." => rows = false,
            _ if rows || line.starts_with('\\') => {}
            line => {
                rows = lower.starts_with("copy ")
                    && lower.contains("from stdin")
                    && line.ends_with(';');
                kept.push_str(line);
                kept.push('\n');
            }
        }
    }
    kept
}

fn split(text: &str) -> Vec<String> {
    match pg_query::split_with_scanner(text) {
        Ok(statements) => statements.into_iter().map(str::to_owned).collect(),
        Err(_) => text.split(";\n").map(str::to_owned).collect(),
    }
}
