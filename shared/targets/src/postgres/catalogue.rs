//! What the names of a statement are on this server, asked inside the transaction that runs it.
//!
//! The grammar cannot tell a column from a function that is written like one, a table from a view
//! over a tagged table, or a partition from a table of its own. Whatever does not resolve to exactly
//! what it was read as is refused.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future;
use request::Statement as Text;
use tokio_postgres::{
    Client, Row, Statement,
    types::{ToSql, Type},
};
use vetting::{Reading, Relation, Vetted};

use super::{connection::Connection, session::failed};
use crate::Error;

/// The columns of all relations that the statement mentions, by the server's numbers.
#[derive(Default)]
pub(super) struct Catalogue {
    columns: BTreeMap<(u32, i16), (String, String)>,
}

impl Catalogue {
    /// The relation (`schema.name`) and column that a result's description points to.
    pub(super) fn column(&self, table: u32, number: i16) -> Option<&(String, String)> {
        self.columns.get(&(table, number))
    }
}

/// Our questions about names, prepared once for each connection. The server plans them anew when what
/// they rest on changes.
pub(super) struct Questions {
    attributes: Statement,
    kin: Statement,
}

impl Questions {
    async fn prepare(client: &Client) -> Result<Self, Error> {
        let two = &[Type::NAME_ARRAY, Type::NAME_ARRAY];
        let four = &[Type::NAME_ARRAY, Type::NAME_ARRAY, Type::NAME_ARRAY, Type::NAME_ARRAY];
        let both = future::try_join(
            client.prepare_typed(ATTRIBUTES, two),
            client.prepare_typed(KIN, four),
        );
        let (attributes, kin) = both.await.map_err(failed)?;
        Ok(Self { attributes, kin })
    }
}

/// Resolves what the statement mentions, in the transaction that `begin` opens. All is sent together
/// and answered in turn: one round trip, but for the first time on a connection.
pub(super) async fn resolve(
    connection: &Connection,
    vetted: &Vetted<Text>,
    begin: impl Future<Output = Result<(), tokio_postgres::Error>>,
) -> Result<Catalogue, Error> {
    let client = &connection.client;
    let Some(questions) = connection.questions.get() else {
        begin.await.map_err(failed)?;
        let questions = Questions::prepare(client).await?;
        let questions = connection.questions.get_or_init(|| questions);
        return ask(client, questions, vetted).await;
    };
    // INVARIANT: polled in this order, so that the transaction is opened first.
    let (begun, catalogue) = future::join(begin, ask(client, questions, vetted)).await;
    begun.map_err(failed)?;
    catalogue
}

async fn ask(
    client: &Client,
    questions: &Questions,
    vetted: &Vetted<Text>,
) -> Result<Catalogue, Error> {
    let reading = vetted.reading();
    let target = vetted.permit().target();
    let mentioned: Vec<&Relation> = reading.reads.union(&reading.writes).collect();
    let tagged = target.tags.keys().map(|name| Relation::parse(name, &target.schema));
    let tagged: Vec<Relation> =
        tagged.collect::<Result<_, _>>().map_err(|error| Error::Unresolved(error.to_string()))?;
    let (attributes, kin, functions) = future::join3(
        attributes(client, &questions.attributes, &mentioned),
        kin(client, &questions.kin, &mentioned, &tagged),
        functions(client, reading, &target.schema),
    )
    .await;
    let catalogue = read(&attributes?, &mentioned)?;
    refuse_kin(&kin?)?;
    refuse_functions(&functions?)?;
    qualified(reading, &catalogue)?;
    Ok(catalogue)
}

async fn attributes(
    client: &Client,
    question: &Statement,
    mentioned: &[&Relation],
) -> Result<Vec<Row>, Error> {
    if mentioned.is_empty() {
        return Ok(Vec::new());
    }
    let (schemas, names) = names(mentioned.iter().copied());
    client.query(question, &[&schemas, &names]).await.map_err(failed)
}

async fn kin(
    client: &Client,
    question: &Statement,
    mentioned: &[&Relation],
    tagged: &[Relation],
) -> Result<Vec<Row>, Error> {
    // What carries tags itself need not be asked for its kin.
    let untagged = mentioned.iter().copied().filter(|relation| !tagged.contains(relation));
    let (schemas, relations) = names(untagged);
    if relations.is_empty() || tagged.is_empty() {
        return Ok(Vec::new());
    }
    let (tagged_schemas, tagged) = names(tagged);
    let params: &[&(dyn ToSql + Sync)] = &[&schemas, &relations, &tagged_schemas, &tagged];
    client.query(question, params).await.map_err(failed)
}

async fn functions(client: &Client, reading: &Reading, schema: &str) -> Result<Vec<Row>, Error> {
    let asked = reading.qualified.iter().filter(|(relation, _)| relation.is_none());
    let asked: Vec<&str> = asked.map(|(_, name)| name.as_str()).collect();
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let schemas = vec!["pg_catalog", schema];
    let params: &[(&(dyn ToSql + Sync), _)] =
        &[(&asked, Type::NAME_ARRAY), (&schemas, Type::NAME_ARRAY)];
    client.query_typed(FUNCTIONS, params).await.map_err(failed)
}

fn names<'a>(relations: impl IntoIterator<Item = &'a Relation>) -> (Vec<&'a str>, Vec<&'a str>) {
    relations.into_iter().map(|relation| (relation.schema.as_str(), relation.name.as_str())).unzip()
}

fn read(rows: &[Row], mentioned: &[&Relation]) -> Result<Catalogue, Error> {
    let mut catalogue = Catalogue::default();
    let mut found = BTreeSet::new();
    for row in rows {
        let get = |at: usize| row.try_get::<_, String>(at).map_err(failed);
        let relation = format!("{}.{}", get(0)?, get(1)?);
        let kind: String = get(2)?;
        // Tables, partitioned tables, views, materialised views.
        if !matches!(kind.as_str(), "r" | "p" | "v" | "m") {
            let text = format!("`{relation}` is neither a table nor a view and may not be used");
            return Err(Error::Unresolved(text));
        }
        found.insert(relation.clone());
        let oid: u32 = row.try_get(3).map_err(failed)?;
        let number: Option<i16> = row.try_get(4).map_err(failed)?;
        if let Some(number) = number {
            catalogue.columns.insert((oid, number), (relation, get(5)?));
        }
    }
    // INVARIANT: every relation that was read out of the statement is one that the server knows.
    match mentioned.iter().find(|relation| !found.contains(&relation.to_string())) {
        None => Ok(catalogue),
        Some(_) => Err(Error::Statement { sqlstate: "42P01".into() }),
    }
}

/// A relation behind which a tagged one stands, under a name that carries no tags.
fn refuse_kin(rows: &[Row]) -> Result<(), Error> {
    let Some(row) = rows.first() else { return Ok(()) };
    let name: String = row.try_get(0).map_err(failed)?;
    Err(Error::Unresolved(format!(
        "`{name}` shows or shares the rows of a tagged table and carries no tags; name the table itself"
    )))
}

fn refuse_functions(rows: &[Row]) -> Result<(), Error> {
    let Some(row) = rows.first() else { return Ok(()) };
    let name: String = row.try_get(0).map_err(failed)?;
    Err(Error::Unresolved(format!(
        "`{name}` could be a function of the row here; name the column without a table before it, or otherwise"
    )))
}

/// Every `x.name` whose `x` is a relation must be a column of it, else it calls a function.
fn qualified(reading: &Reading, catalogue: &Catalogue) -> Result<(), Error> {
    let known: BTreeSet<(&str, &str)> =
        catalogue.columns.values().map(|(r, c)| (r.as_str(), c.as_str())).collect();
    for (relation, name) in &reading.qualified {
        let Some(relation) = relation else { continue };
        if !known.contains(&(relation.to_string().as_str(), name.as_str())) {
            return Err(Error::Statement { sqlstate: "42703".into() });
        }
    }
    Ok(())
}

/// Columns of the relations named in $1 (schemas) and $2 (names).
const ATTRIBUTES: &str = "\
SELECT s.nspname::text, c.relname::text, c.relkind::text, c.oid, a.attnum, a.attname::text
FROM unnest($1, $2) AS n(schema, name)
JOIN pg_catalog.pg_namespace s ON s.nspname = n.schema
JOIN pg_catalog.pg_class c ON c.relnamespace = s.oid AND c.relname = n.name
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped";

/// Relations of $1, $2 that carry no tags themselves and are a view over, a child or a parent of one
/// of $3, $4 that does.
const KIN: &str = "\
WITH RECURSIVE tagged AS (
  SELECT c.oid FROM unnest($3, $4) AS n(schema, name)
  JOIN pg_catalog.pg_namespace s ON s.nspname = n.schema
  JOIN pg_catalog.pg_class c ON c.relnamespace = s.oid AND c.relname = n.name
), reached(first, oid) AS (
  SELECT c.oid, c.oid FROM unnest($1, $2) AS n(schema, name)
  JOIN pg_catalog.pg_namespace s ON s.nspname = n.schema
  JOIN pg_catalog.pg_class c ON c.relnamespace = s.oid AND c.relname = n.name
  WHERE c.oid NOT IN (SELECT oid FROM tagged)
  UNION
  SELECT r.first, k.oid FROM reached r CROSS JOIN LATERAL (
    SELECT d.refobjid AS oid FROM pg_catalog.pg_rewrite w
      JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass
        AND d.objid = w.oid AND d.refclassid = 'pg_catalog.pg_class'::regclass
      WHERE w.ev_class = r.oid
    UNION ALL SELECT i.inhparent FROM pg_catalog.pg_inherits i WHERE i.inhrelid = r.oid
    UNION ALL SELECT i.inhrelid FROM pg_catalog.pg_inherits i WHERE i.inhparent = r.oid
  ) k
)
SELECT r.first::regclass::text FROM reached r WHERE r.oid IN (SELECT oid FROM tagged) LIMIT 1";

/// Functions within reach by the names of $1 in the schemas of $2.
const FUNCTIONS: &str = "\
SELECT p.proname::text FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_namespace s ON s.oid = p.pronamespace
WHERE p.proname = ANY($1) AND s.nspname = ANY($2) LIMIT 1";
