//! What a database is made of, as the target's role sees it, asked in one round trip.

mod relations;
mod routines;

use catalogue::Draft;
use futures_util::future;
use tokio_postgres::{
    Row,
    types::{FromSql, ToSql, Type},
};

use super::{
    connection::Connection,
    session::{CLEAN, failed},
    stamped,
};
use crate::Error;

/// Asks within the transaction that was begun, all of it as of one moment, and cleans the connection
/// in the same round trip.
pub(super) async fn survey(connection: &Connection, schema: &str) -> Result<Draft, Error> {
    let client = &connection.client;
    let texts = QUESTIONS.map(stamped);
    let schemas = vec!["pg_catalog", schema];
    let params: [(&(dyn ToSql + Sync), Type); 1] = [(&schemas, Type::NAME_ARRAY)];
    // INVARIANT: polled in this order, so that the transaction ends after the questions.
    let asked = future::try_join_all(texts.iter().map(|text| client.query_typed(text, &params)));
    let (answers, clean) = future::join(asked, client.batch_execute(CLEAN)).await;
    let answers = answers.map_err(failed)?;
    clean.map_err(failed)?;
    read(schema, connection.major(), &answers)
}

fn read(schema: &str, major: u32, answers: &[Vec<Row>]) -> Result<Draft, Error> {
    let [relations, columns, views, calls, types, functions, operators, collations, casts] =
        answers
    else {
        return Err(unreadable());
    };
    let relations = relations::read(relations, columns, views, calls)?;
    let written = routines::written(types)?;
    Ok(Draft {
        schema: schema.to_owned(),
        major,
        relations: relations::within_reach(relations),
        functions: all(functions, |row| routines::function(row, &written))?,
        operators: all(operators, |row| routines::operator(row, &written))?,
        types: routines::types(types)?,
        collations: all(collations, routines::collation)?,
        casts: all(casts, |row| get(row, "name"))?,
    })
}

/// One value of a row, by its column's name.
fn get<'r, T: FromSql<'r>>(row: &'r Row, name: &str) -> Result<T, Error> {
    row.try_get(name).map_err(failed)
}

fn all<T>(rows: &[Row], read: impl Fn(&Row) -> Result<T, Error>) -> Result<Vec<T>, Error> {
    rows.iter().map(read).collect()
}

fn unreadable() -> Error {
    let what = "the server's answer is not of the shape that was asked for";
    Error::Catalogue(catalogue::Error::Snapshot(what.into()))
}

/// `$1` is the list of schemas within reach of a name without one.
const QUESTIONS: [&str; 9] = [
    include_str!("survey/relations.sql"),
    include_str!("survey/columns.sql"),
    include_str!("survey/views.sql"),
    include_str!("survey/calls.sql"),
    include_str!("survey/types.sql"),
    include_str!("survey/functions.sql"),
    include_str!("survey/operators.sql"),
    include_str!("survey/collations.sql"),
    include_str!("casts.sql"),
];
