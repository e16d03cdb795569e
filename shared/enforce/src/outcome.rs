//! What the record says of an execution: counts and kinds, never a cell.

use audit::{Ended, MaskedCount, Outcome};
use masking::Rows;
use targets::Executed;

use crate::Cause;

/// The outcome, and the bytes it commits to.
pub(crate) fn of(ran: &Result<Executed, Cause>) -> (Outcome, Option<&[u8]>) {
    match ran {
        Ok(executed) => {
            let rows = executed.rows.get();
            (done(rows, &executed.credential), Some(rows.json()))
        }
        Err(cause) => (failed(cause), None),
    }
}

fn done(rows: &Rows, credential: &str) -> Outcome {
    let masked = rows.masked();
    let kinds = masked.kinds.iter().map(|(kind, count)| ((*kind).to_owned(), *count)).collect();
    Outcome {
        result: Ended::Done,
        rows: rows.count(),
        affected: rows.affected().unwrap_or_default(),
        bytes: rows.json().len() as u64,
        cells: rows.count().saturating_mul(rows.heads().len() as u64),
        truncated: rows.truncated(),
        masked: MaskedCount { cells: masked.cells, columns: masked.columns, kinds },
        credential: Some(credential.to_owned()),
        ..Outcome::default()
    }
}

fn failed(cause: &Cause) -> Outcome {
    let unknown = matches!(cause, Cause::Broken | Cause::Targets(targets::Error::Unknown));
    let sqlstate = match cause {
        Cause::Targets(error) => error.sqlstate().map(ToOwned::to_owned),
        _ => None,
    };
    Outcome {
        result: if unknown { Ended::Unknown } else { Ended::Failed },
        cause: Some(cause.word().to_owned()),
        sqlstate,
        ..Outcome::default()
    }
}
