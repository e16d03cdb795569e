//! The agent's statement itself: bound, run, and its rows poured into the veil.

use std::{ops::ControlFlow, pin::pin};

use credentials::Armed;
use futures_util::{TryFutureExt as _, TryStreamExt as _, future};
use masking::{Column, Origin, Veil};
use tokio_postgres::{Row, RowStream, Statement};
use vetting::Reading;

use super::{
    connection::Connection,
    encode::{Encoder, Raw, showable},
    params::{self, Param},
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

/// Runs the statement and pours what comes back; a change of more rows than are allowed fails. Behind
/// a read the connection is cleaned, in the same round trip.
pub(super) async fn pour(
    connection: &Connection,
    armed: &Armed<'_>,
    statement: &Statement,
    veil: &mut Veil,
) -> Result<Poured, Error> {
    let client = &connection.client;
    let vetted = armed.witnessed().cleared().vetted();
    let params = bound(armed, statement)?;
    veil.columns(columns(statement, vetted.reading())?)?;
    let most = armed.witnessed().limits().max_rows;
    let writes = writes(vetted);
    let run = async {
        let rows =
            client.query_raw(statement, params).await.map_err(|e| Stop::Failed(failed(e)))?;
        drain(rows, statement, veil, writes.then_some(most)).await
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

/// The agent's values, and behind them the padded keys where masks are made on the target.
fn bound(armed: &Armed<'_>, statement: &Statement) -> Result<Vec<Param>, Error> {
    let vetted = armed.witnessed().cleared().vetted();
    let values = vetted.params().values();
    if !vetted.reading().key_parameters {
        return Ok(params::bind(values, statement.params())?);
    }
    let key = armed.mask_key().ok_or(credentials::Error::Shape)?;
    Ok(params::bind_keyed(values, statement.params(), [key.inner(), key.outer()])?)
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
    let columns = statement.columns().iter();
    let encoders: Vec<_> = columns.map(|column| Encoder::of(column.type_())).collect();
    let mut cut = false;
    while let Some(row) = rows.try_next().await.map_err(failed)? {
        cut = cut || pour_row(&row, &encoders, veil)?.is_break();
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

fn pour_row(
    row: &Row,
    encoders: &[Encoder<'_>],
    veil: &mut Veil,
) -> Result<ControlFlow<()>, Error> {
    for (at, encoder) in encoders.iter().enumerate() {
        let Raw(value) = row.try_get(at).map_err(failed)?;
        veil.cell(encoder.cell(value)?)?;
    }
    Ok(veil.end_row()?)
}

fn columns(statement: &Statement, reading: &Reading) -> Result<Vec<Column>, Error> {
    let column = |column: &tokio_postgres::Column| {
        showable(column.type_())?;
        let origin = match column.table_oid().zip(column.column_id()) {
            // INVARIANT: a column that was not looked up is of unknown origin.
            Some(number) => match reading.columns_by_number.get(&number) {
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
