//! The proof that what a verdict rests on is still so, given inside the transaction that executes.
//!
//! It is asked for without a round trip of its own, behind the server's parsing of the statement. By
//! then the server has looked up all names and holds locks on all relations that are mentioned and on
//! those behind views, which every change of their definition conflicts with (PostgreSQL's manual,
//! 13.3.1). Nothing has been planned or executed: parsing calls the input functions of types, which
//! only superusers make, and nothing else. What remains is a child that joins a family between this and
//! the statement's planning, one round trip later: that takes no lock which reading conflicts with.

use std::collections::{BTreeMap, BTreeSet};

use catalogue::{Oid, Rests};
use request::Statement;
use tokio_postgres::{
    Row,
    types::{ToSql, Type},
};
use vetting::Vetted;

use super::{connection::Connection, session::failed, stamped};
use crate::Error;

/// Asks the server and compares.
///
/// # Errors
/// [`Error::Changed`] where anything is not as it was.
pub(super) async fn given(
    connection: &Connection,
    vetted: &Vetted<Statement>,
) -> Result<(), Error> {
    // Nobody asks on a connection that was not opened with it.
    let question = connection.question.get().ok_or(Error::Changed)?;
    let rests = &vetted.reading().rests;
    let relations: Vec<Oid> = rests.relations.keys().copied().collect();
    let schemas = vec!["pg_catalog", &vetted.permit().target().schema];
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

/// Makes the question known to the server, once for a connection. The search path has to be ours, as
/// [`super::role::examine`] leaves it and every transaction sets it, so that the names in it mean what
/// they say.
pub(super) async fn prepare(connection: &Connection) -> Result<(), Error> {
    let types = [Type::OID_ARRAY, Type::NAME_ARRAY, Type::NAME_ARRAY, Type::NAME_ARRAY];
    let types = [types.as_slice(), &[Type::NAME_ARRAY, Type::NAME_ARRAY]].concat();
    let question = connection.client.prepare_typed(&stamped(PROOF), &types).await;
    let _ = connection.question.set(question.map_err(failed)?);
    Ok(())
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
