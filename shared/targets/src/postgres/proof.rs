//! The proof that what a verdict rests on is still so, given inside the transaction that executes.
//!
//! It is asked for twice, without a round trip of its own: with what opens the transaction, so that
//! nothing of the agent's is sent to a target that has changed, and again behind the server's parsing
//! of the statement. By then the server has looked up all names and holds locks on all relations that
//! are mentioned and on those behind views, which every change of their definition conflicts with
//! (PostgreSQL's manual, 13.3.1). What remains is a child that joins a family between this and the
//! statement's planning, one round trip later: that takes no lock which reading conflicts with.

use std::collections::{BTreeMap, BTreeSet};

use catalogue::{Oid, Rests};
use tokio_postgres::{
    Client, Row, Statement,
    types::{ToSql, Type},
};

use super::{connection::Connection, session::failed, stamped};
use crate::Error;

/// Opens the transaction with `begin` and proves it to rest on the same. All is sent together and
/// answered in turn: one round trip, but for the first time on a connection.
pub(super) async fn opened(
    connection: &Connection,
    target_schema: &str,
    rests: &Rests,
    begin: impl Future<Output = Result<(), tokio_postgres::Error>>,
) -> Result<(), Error> {
    if connection.question.get().is_none() {
        begin.await.map_err(failed)?;
        let question = prepare(&connection.client).await?;
        let _ = connection.question.set(question);
        return given(connection, target_schema, rests).await;
    }
    // INVARIANT: polled in this order, so that the transaction is opened first.
    let given = given(connection, target_schema, rests);
    let (begun, given) = futures_util::future::join(begin, given).await;
    begun.map_err(failed)?;
    given
}

/// Asks the server and compares.
///
/// # Errors
/// [`Error::Changed`] where anything is not as it was.
pub(super) async fn given(
    connection: &Connection,
    target_schema: &str,
    rests: &Rests,
) -> Result<(), Error> {
    // Nobody asks on a connection that was not opened by the above.
    let question = connection.question.get().ok_or(Error::Changed)?;
    let relations: Vec<Oid> = rests.relations.keys().copied().collect();
    let schemas = vec!["pg_catalog", target_schema];
    let names = |names: &BTreeSet<String>| names.iter().cloned().collect::<Vec<_>>();
    let (functions, operators) = (names(&rests.functions), names(&rests.operators));
    let (types, collations) = (names(&rests.types), names(&rests.collations));
    let params: [&(dyn ToSql + Sync); 6] =
        [&relations, &schemas, &functions, &operators, &types, &collations];
    let rows = connection.client.query(question, &params).await.map_err(failed)?;
    match Now::read(&rows)?.is(rests) {
        true => Ok(()),
        false => Err(Error::Changed),
    }
}

async fn prepare(client: &Client) -> Result<Statement, Error> {
    let types = [Type::OID_ARRAY, Type::NAME_ARRAY, Type::NAME_ARRAY, Type::NAME_ARRAY];
    let types = [types.as_slice(), &[Type::NAME_ARRAY, Type::NAME_ARRAY]].concat();
    client.prepare_typed(&stamped(PROOF), &types).await.map_err(failed)
}

/// What the server says that there is.
#[derive(Default)]
struct Now {
    relations: BTreeMap<Oid, String>,
    objects: BTreeSet<(char, String, Oid)>,
    casts: Vec<String>,
}

impl Now {
    fn read(rows: &[Row]) -> Result<Self, Error> {
        let mut now = Self::default();
        for row in rows {
            let text = |at: usize| row.try_get::<_, String>(at).map_err(failed);
            let (kind, name, stamp) = (text(0)?, text(1)?, text(3)?);
            let oid: Oid = row.try_get(2).map_err(failed)?;
            match kind.chars().next() {
                Some('r') => drop(now.relations.insert(oid, stamp)),
                Some('x') => now.casts.push(name),
                Some(kind) => drop(now.objects.insert((kind, name, oid))),
                None => return Err(Error::Changed),
            }
        }
        now.casts.sort_unstable();
        Ok(now)
    }

    fn is(&self, rests: &Rests) -> bool {
        self.relations == rests.relations
            && self.objects == rests.objects
            && self.casts == rests.casts
    }
}

const PROOF: &str = include_str!("proof.sql");
