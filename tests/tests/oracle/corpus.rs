//! PostgreSQL's own regression tests, statement by statement.

use std::{fs, path::PathBuf};

use pg_query::{NodeEnum, ParserOptions};

/// One statement that can be parsed.
#[derive(Clone)]
pub(crate) struct Statement {
    pub(crate) at: usize,
    /// The file's name and the statement's number in it.
    pub(crate) place: String,
    pub(crate) text: String,
    pub(crate) node: NodeEnum,
}

/// All of them, in an order in which what is needed by many files is made first.
pub(crate) fn statements() -> Vec<Statement> {
    let folder = corpora().join("sql/postgres-regression");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|end| end == "sql")).collect();
    let first = |path: &PathBuf| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        (FIRST.iter().position(|known| *known == name).unwrap_or(FIRST.len()), name)
    };
    files.sort_by_key(first);
    assert!(files.len() > 200, "{}", files.len());
    let all = files.iter().flat_map(file).enumerate();
    all.map(|(at, statement)| Statement { at, ..statement }).collect()
}

fn file(path: &PathBuf) -> Vec<Statement> {
    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
    let text = String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
    let texts = split(&sql_only(&text)).into_iter().enumerate();
    let parsed = texts.filter_map(|(at, text)| {
        let node = parse(&text)?;
        Some(Statement { at, place: format!("{name}:{}", at + 1), text, node })
    });
    parsed.collect()
}

fn parse(text: &str) -> Option<NodeEnum> {
    let parsed = pg_query::parse(text, ParserOptions::default()).ok()?.protobuf;
    let [statement] = <[_; 1]>::try_from(parsed.stmts).ok()?;
    statement.stmt?.node
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

fn corpora() -> PathBuf {
    #[expect(clippy::disallowed_methods, reason = "only tests look for the corpora")]
    let named = std::env::var("POSTERN_CORPORA").map(PathBuf::from);
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpora");
    let folder = named.unwrap_or_else(|_| beside());
    assert!(folder.is_dir(), "no corpora at {folder:?}; POSTERN_CORPORA says where they are");
    folder
}

/// What PostgreSQL itself runs before the others.
const FIRST: &[&str] = &[
    "test_setup",
    "boolean",
    "char",
    "name",
    "varchar",
    "text",
    "int2",
    "int4",
    "int8",
    "oid",
    "float4",
    "float8",
    "strings",
    "point",
    "create_function_c",
    "create_misc",
    "create_operator",
    "create_procedure",
    "create_table",
    "create_type",
    "create_index",
    "create_view",
    "create_aggregate",
    "create_cast",
    "inherit",
    "join",
];
