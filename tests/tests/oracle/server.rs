//! A PostgreSQL with the relations of its own regression tests, and what it says of a view.

use std::collections::{BTreeMap, BTreeSet};

use catalogue::Oid;
use local_emulator::{
    ca::Authority,
    postgres::{Passwords, Postgres},
    process::Log,
};
use pg_query::{NodeEnum, protobuf::AlterTableType};
use tempfile::TempDir;
use tokio_postgres::{Client, SimpleQueryMessage, error::SqlState};

use crate::{corpus::Statement, tree::Calls};

/// The server with its relations.
pub(crate) struct Server {
    pub(crate) postgres: Postgres,
    pub(crate) authority: String,
    client: Client,
    _folder: TempDir,
}

/// What the server notes of a view.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct View {
    pub(crate) relations: BTreeSet<Oid>,
    pub(crate) columns: BTreeSet<(Oid, i16)>,
    /// What its query calls.
    pub(crate) calls: Calls,
    /// The names of its columns, unless two are alike.
    pub(crate) names: Option<Vec<String>>,
}

/// The names of all functions and operators of a server, by number.
pub(crate) struct Names {
    pub(crate) functions: BTreeMap<Oid, String>,
    pub(crate) operators: BTreeMap<Oid, String>,
}

impl Server {
    pub(crate) async fn start(role: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let authority = Authority::new(folder.path()).unwrap();
        let (passwords, log) = (Passwords::canaries(), Log::default());
        let postgres = Postgres::start(&authority, &passwords, &log).await.unwrap();
        let client = postgres.superuser().await.unwrap();
        client.batch_execute(role).await.unwrap();
        Self { postgres, authority: authority.pem(), client, _folder: folder }
    }

    /// Makes what the statements make. What exists already stays as it is, and nothing is dropped, so
    /// that as many as possible of the queries find what they read.
    pub(crate) async fn make(&self, statements: &[Statement]) {
        self.client.batch_execute("SET statement_timeout = '20s'").await.unwrap();
        for statement in statements.iter().filter(|statement| makes(&statement.node)) {
            // Half of the tests are about what fails.
            let _ = self.client.batch_execute(&kept(statement)).await;
        }
        self.client.batch_execute(USABLE).await.unwrap();
    }

    /// Runs a script.
    pub(crate) async fn run(&self, script: &str) {
        self.client.batch_execute(script).await.unwrap();
    }

    /// What its functions and operators are called.
    pub(crate) async fn names(&self) -> Names {
        let all = async |query: &str| {
            let rows = self.client.query(query, &[]).await.unwrap();
            rows.iter().map(|row| (row.get(0), row.get(1))).collect()
        };
        Names {
            functions: all("SELECT oid, proname::text FROM pg_proc").await,
            operators: all("SELECT oid, oprname::text FROM pg_operator").await,
        }
    }

    /// A connection for questions about names that are looked up in this schema.
    pub(crate) async fn asker(&self, schema: &str) -> Asker {
        let client = self.postgres.superuser().await.unwrap();
        client.batch_execute(&format!("SET search_path = {schema}")).await.unwrap();
        Asker(client)
    }
}

/// A connection that makes views and drops them again.
pub(crate) struct Asker(Client);

impl Asker {
    /// What a SELECT of so many columns rests on; nothing if no view can be made of it.
    pub(crate) async fn view(&self, select: &str, width: usize) -> Option<View> {
        match self.ask(select, "").await {
            Ok(view) => Some(view),
            Err(Some(SqlState::DUPLICATE_COLUMN)) => {
                let names: Vec<String> = (1..=width).map(|n| format!("c{n}")).collect();
                let view = self.ask(select, &format!("({})", names.join(","))).await.ok()?;
                Some(View { names: None, ..view })
            }
            Err(_) => None,
        }
    }

    async fn ask(&self, select: &str, names: &str) -> Result<View, Option<SqlState>> {
        let text =
            format!("ROLLBACK; BEGIN; CREATE TEMP VIEW {VIEW}{names} AS {select}\n; {RESTS}");
        let rows = self.0.simple_query(&text).await.map_err(|error| error.code().cloned())?;
        let mut view = View { names: Some(Vec::new()), ..View::default() };
        for row in rows {
            let SimpleQueryMessage::Row(row) = row else { continue };
            let number = |at: usize| row.get(at).unwrap().parse::<i64>().unwrap();
            match row.get(0).unwrap() {
                "tree" => view.calls = Calls::of(row.get(1).unwrap()),
                "rests" => {
                    let relation = Oid::try_from(number(1)).unwrap();
                    view.relations.insert(relation);
                    let column = i16::try_from(number(2)).unwrap();
                    if column != 0 {
                        view.columns.insert((relation, column));
                    }
                }
                _ => view.names.as_mut().unwrap().push(row.get(1).unwrap().to_owned()),
            }
        }
        Ok(view)
    }
}

/// Whether a statement makes relations, types or functions.
fn makes(node: &NodeEnum) -> bool {
    match node {
        NodeEnum::AlterTableStmt(alter) => !alter.cmds.iter().any(|command| match &command.node {
            Some(NodeEnum::AlterTableCmd(command)) => {
                command.subtype == AlterTableType::AtDropColumn as i32
            }
            _ => true,
        }),
        NodeEnum::CompositeTypeStmt(_)
        | NodeEnum::CreateDomainStmt(_)
        | NodeEnum::CreateEnumStmt(_)
        | NodeEnum::CreateFunctionStmt(_)
        | NodeEnum::CreateRangeStmt(_)
        | NodeEnum::CreateSchemaStmt(_)
        | NodeEnum::CreateStmt(_)
        | NodeEnum::CreateTableAsStmt(_)
        | NodeEnum::DefineStmt(_)
        | NodeEnum::ViewStmt(_) => true,
        NodeEnum::SelectStmt(select) => select.into_clause.is_some(),
        _ => false,
    }
}

/// The statement with what it makes kept beyond the session, and without rows.
fn kept(statement: &Statement) -> String {
    let mut kept = statement.text.clone();
    for word in ["temporary ", "TEMPORARY ", "temp ", "TEMP ", "Temp "] {
        kept = kept.replacen(word, "", 1);
    }
    if let NodeEnum::CreateTableAsStmt(made) = &statement.node
        && made.into.as_ref().is_some_and(|into| !into.skip_data)
    {
        kept = kept.replace("WITH DATA", "").replace("with data", "");
        kept.push_str("\nWITH NO DATA");
    }
    kept
}

/// Lets everybody into every schema.
const USABLE: &str = "DO $$ DECLARE s text; BEGIN FOR s IN SELECT nspname FROM pg_namespace LOOP
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO PUBLIC', s); END LOOP; END $$";

const VIEW: &str = "oracles_view";

const RESTS: &str = "
    SELECT 'rests', d.refobjid, d.refobjsubid
    FROM pg_depend d JOIN pg_rewrite w ON w.oid = d.objid JOIN pg_class c ON c.oid = d.refobjid
    WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
      AND w.ev_class = 'pg_temp.oracles_view'::regclass AND d.refobjid <> w.ev_class
      AND c.relkind IN ('r', 'p', 'v', 'm', 'f');
    SELECT 'tree', ev_action FROM pg_rewrite WHERE ev_class = 'pg_temp.oracles_view'::regclass;
    SELECT 'name', attname FROM pg_attribute
    WHERE attrelid = 'pg_temp.oracles_view'::regclass AND attnum > 0 ORDER BY attnum";
