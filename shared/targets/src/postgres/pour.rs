//! The agent's statement itself: prepared, bound, and its rows poured into the veil.

use std::{ops::ControlFlow, pin::pin};

use futures_util::{TryFutureExt as _, TryStreamExt as _, future};
use masking::{Column, Origin, Veil};
use request::Statement as Text;
use tokio_postgres::{Client, Row, RowStream, Statement};
use vetting::Vetted;

use super::{
    catalogue::Catalogue,
    encode::{Raw, encode, showable},
    params,
    session::{CLEAN, failed, writes},
};
use crate::Error;

/// Whether all rows of the result were seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Poured {
    /// All were.
    Whole,
    /// The veil took no more; the server may still be sending.
    Cut,
}

/// Runs the statement and pours what comes back; a change of more than `most` rows fails. Behind a read the connection is cleaned, in the
/// same round trip.
pub(super) async fn pour(
    client: &Client,
    vetted: &Vetted<Text>,
    catalogue: &Catalogue,
    veil: &mut Veil,
    most: u64,
) -> Result<Poured, Error> {
    // Extended protocol: the server takes one statement here and refuses two.
    let (set, statement) = future::join(
        client.batch_execute("SET LOCAL plan_cache_mode = auto"),
        client.prepare(vetted.body().text()),
    )
    .await;
    set.map_err(failed)?;
    let statement = statement.map_err(failed)?;
    let params = params::bind(vetted.params().values(), statement.params())?;
    veil.columns(columns(&statement, catalogue)?)?;
    let writes = writes(vetted);
    let run = async {
        let rows =
            client.query_raw(&statement, params).await.map_err(|e| Stop::Failed(failed(e)))?;
        drain(rows, &statement, veil, writes.then_some(most)).await
    };
    let stopped = if writes {
        run.await
    } else {
        // Sent after the statement and before its rows are read.
        let clean = client.batch_execute(CLEAN).map_err(|error| Stop::Failed(failed(error)));
        future::try_join(run, clean).await.map(|_| ())
    };
    match stopped {
        Ok(()) => Ok(Poured::Whole),
        Err(Stop::Cut) => Ok(Poured::Cut),
        Err(Stop::Failed(error)) => Err(error),
    }
}

/// Why not all rows were read.
enum Stop {
    /// The veil took no more.
    Cut,
    /// Something failed.
    Failed(Error),
}

impl<E: Into<Error>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Reads rows as long as the veil takes them. A write is read to its end, whatever is shown of it, and
/// must not change more rows than `changed_at_most`.
async fn drain(
    rows: RowStream,
    statement: &Statement,
    veil: &mut Veil,
    changed_at_most: Option<u64>,
) -> Result<(), Stop> {
    let mut rows = pin!(rows);
    let mut cut = false;
    while let Some(row) = rows.try_next().await.map_err(failed)? {
        cut = cut || pour_row(&row, statement, veil)?.is_break();
        if cut && changed_at_most.is_none() {
            return Err(Stop::Cut);
        }
    }
    if let Some(most) = changed_at_most {
        let changed = rows.rows_affected().unwrap_or_default();
        if changed > most {
            return Err(Error::Many(most).into());
        }
        veil.affected(changed);
    }
    Ok(())
}

fn pour_row(row: &Row, statement: &Statement, veil: &mut Veil) -> Result<ControlFlow<()>, Error> {
    for (at, column) in statement.columns().iter().enumerate() {
        let Raw(value) = row.try_get(at).map_err(failed)?;
        veil.cell(encode(column.type_(), value)?)?;
    }
    Ok(veil.end_row()?)
}

fn columns(statement: &Statement, catalogue: &Catalogue) -> Result<Vec<Column>, Error> {
    let column = |column: &tokio_postgres::Column| {
        showable(column.type_())?;
        let origin = match column.table_oid().zip(column.column_id()) {
            // INVARIANT: a column that the catalogue does not know is of unknown origin.
            Some((table, number)) => match catalogue.column(table, number) {
                Some((relation, column)) => {
                    Origin::Bare { relation: relation.clone(), column: column.clone() }
                }
                None => Origin::Unknown,
            },
            None => Origin::Unknown,
        };
        Ok(Column { name: column.name().to_owned(), kind: column.type_().to_string(), origin })
    };
    statement.columns().iter().map(column).collect()
}
