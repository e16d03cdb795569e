//! The database of the bypass corpus and the demo's, side by side on one server, and statements over
//! both.

use std::{fs, path::Path, sync::Arc};

use catalogue::Catalogue;
use pg_query::{NodeEnum, ParserOptions};

use crate::{calls::Known, corpus::Statement, generator::Generator, server::Server, survey};

/// A server with the schemas `clinic` and `public`.
pub(crate) async fn server() -> Server {
    let server = Server::start(ROLE).await;
    let schema = fs::read_to_string(corpora().join("bypass/schema.sql")).unwrap();
    server.run(&format!("SET postern.side = 'one';\n{schema}")).await;
    server.run(READS).await;
    server
}

/// What is known of it where names are looked up in this schema.
pub(crate) async fn known(server: &Server, schema: &str) -> Known {
    let catalogue: Arc<Catalogue> = Arc::new(survey::catalogue(server, schema).await);
    Known::of(catalogue, server.names().await)
}

/// So many statements that nobody wrote, over `clinic`.
pub(crate) fn generated(seed: u64, count: usize) -> Vec<Statement> {
    let mut generator = Generator::new(seed);
    let texts = (0..count).map(|at| (format!("generated:{}", at + 1), generator.statement()));
    statements(texts)
}

/// The SELECTs of a folder of the corpus.
pub(crate) fn written(folder: &str) -> Vec<Statement> {
    let mut files: Vec<_> =
        fs::read_dir(corpora().join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "sql"));
    files.retain(|file| file.file_stem().is_some_and(|name| name != "schema"));
    files.sort();
    let texts = files.iter().flat_map(|file| {
        let text = fs::read_to_string(file).unwrap();
        let mut sections = text.split("\n-- ").map(str::to_owned).collect::<Vec<_>>().into_iter();
        sections.next();
        sections.filter_map(|section| {
            let (head, text) = section.split_once('\n')?;
            Some((head.split(" | ").next()?.to_owned(), text.trim().to_owned()))
        })
    });
    statements(texts)
}

/// Those of them that are one SELECT.
fn statements(texts: impl Iterator<Item = (String, String)>) -> Vec<Statement> {
    let parsed = texts.enumerate().filter_map(|(at, (place, text))| {
        let tree = pg_query::parse(&text, ParserOptions::default()).ok()?.protobuf;
        let [statement] = <[_; 1]>::try_from(tree.stmts).ok()?;
        match statement.stmt?.node? {
            node @ NodeEnum::SelectStmt(_) => Some(Statement { at, place, text, node }),
            _ => None,
        }
    });
    parsed.collect()
}

fn corpora() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// Logs in to read the catalogue.
const ROLE: &str = "CREATE ROLE oracle LOGIN NOINHERIT PASSWORD 'hunter2-correct-horse'; \
                    GRANT CONNECT ON DATABASE shop TO oracle";

const READS: &str = "GRANT USAGE ON SCHEMA clinic, public TO oracle; \
                     GRANT SELECT ON ALL TABLES IN SCHEMA clinic, public TO oracle";
