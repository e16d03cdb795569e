//! The agent's statement itself: prepared, bound, and its rows poured into the veil.

use std::{ops::ControlFlow, pin::pin};

use futures_util::TryStreamExt as _;
use masking::{Column, Origin, Veil};
use request::Statement as Text;
use tokio_postgres::{Client, Row, RowStream, Statement};
use vetting::Vetted;

use super::{
    catalogue::Catalogue,
    encode::{Raw, encode, showable},
    params,
    session::failed,
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

/// Runs the statement and pours what comes back.
pub(super) async fn pour(
    client: &Client,
    vetted: &Vetted<Text>,
    catalogue: &Catalogue,
    veil: &mut Veil,
) -> Result<Poured, Error> {
    // Extended protocol: the server takes one statement here and refuses two.
    let statement = client.prepare(vetted.body().text()).await.map_err(failed)?;
    let params = params::bind(vetted.params().values(), statement.params())?;
    veil.columns(columns(&statement, catalogue)?)?;
    let rows = client.query_raw(&statement, params).await.map_err(failed)?;
    let writes = vetted.reading().main.writes();
    let most = vetted.permit().duties().limits().max_rows;
    drain(rows, &statement, veil, writes.then_some(most)).await
}

/// Reads rows as long as the veil takes them. A write is read to its end, whatever is shown of it, and
/// must not change more rows than `changed_at_most`.
async fn drain(
    rows: RowStream,
    statement: &Statement,
    veil: &mut Veil,
    changed_at_most: Option<u64>,
) -> Result<Poured, Error> {
    let mut rows = pin!(rows);
    let mut poured = Poured::Whole;
    while let Some(row) = rows.try_next().await.map_err(failed)? {
        if poured == Poured::Cut {
            continue;
        }
        if pour_row(&row, statement, veil)?.is_break() {
            poured = Poured::Cut;
            if changed_at_most.is_none() {
                return Ok(poured);
            }
        }
    }
    if let Some(most) = changed_at_most {
        let changed = rows.rows_affected().unwrap_or_default();
        if changed > most {
            return Err(Error::Many(most));
        }
        veil.affected(changed);
    }
    Ok(Poured::Whole)
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
