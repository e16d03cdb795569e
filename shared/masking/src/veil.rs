//! The veil: cells in, nothing out until it is lifted.

use std::{borrow::Cow, ops::ControlFlow};

use policy::{Duties, Tags};
use request::Statement;
use serde::de::IgnoredAny;
use vetting::Vetted;

use crate::{
    Cell, Column, Error, Head, Masked, MaskedCounts, Origin, Rows,
    detect::{self, Counts},
    treatment::Treatment,
};

/// Between a driver and everybody else. A driver names the columns, pours cells in, row by row, and
/// stops when it is told to.
pub struct Veil {
    duties: Duties,
    tags: Tags,
    tagged_in_scope: bool,
    heads: Vec<Head>,
    treatments: Vec<Treatment>,
    json: Vec<u8>,
    row: Row,
    count: u64,
    affected: Option<u64>,
    truncated: bool,
    cells: u64,
    kinds: Counts,
}

/// The row being poured.
#[derive(Clone, Copy, Default)]
struct Row {
    start: usize,
    cells: usize,
}

impl Veil {
    /// A veil under the duties of this statement's permit.
    #[must_use]
    pub fn over(vetted: &Vetted<Statement>) -> Self {
        let permit = vetted.permit();
        Self {
            duties: permit.duties().clone(),
            tags: permit.target().tags.clone(),
            tagged_in_scope: vetted.reading().tagged_in_scope,
            heads: Vec::new(),
            treatments: Vec::new(),
            json: vec![b'['],
            row: Row::default(),
            count: 0,
            affected: None,
            truncated: false,
            cells: 0,
            kinds: Counts::default(),
        }
    }

    /// Names the columns. Each gets its treatment here, before the first row.
    ///
    /// # Errors
    /// [`Error::Shape`] when they were named before.
    pub fn columns(&mut self, columns: Vec<Column>) -> Result<(), Error> {
        // INVARIANT: columns are named once, and before the first row.
        if !self.heads.is_empty() {
            return Err(Error::Shape);
        }
        for column in columns {
            let treatment = self.treatment(&column.origin);
            let masked = treatment.hides();
            self.heads.push(Head { name: column.name, kind: column.kind, masked });
            self.treatments.push(treatment);
        }
        Ok(())
    }

    /// Takes the next cell of the current row.
    ///
    /// # Errors
    /// [`Error::Shape`] for a cell beyond the last column, [`Error::Value`] for one that cannot be
    /// looked into.
    pub fn cell(&mut self, cell: Cell<'_>) -> Result<(), Error> {
        let Self { treatments, json, row, cells, kinds, .. } = self;
        let treatment = treatments.get(row.cells).ok_or(Error::Shape)?;
        if row.cells == 0 {
            row.start = json.len();
            json.extend_from_slice(if row.start > 1 { b",[" } else { b"[" });
        } else {
            json.push(b',');
        }
        row.cells += 1;
        let (cell, changed) = treat(treatment, cell, kinds);
        *cells += u64::from(changed);
        write(&cell, json)
    }

    /// Ends the current row; `Break` when no further row may be shown.
    ///
    /// # Errors
    /// [`Error::Shape`] for a row that is too short.
    pub fn end_row(&mut self) -> Result<ControlFlow<()>, Error> {
        if self.row.cells != self.treatments.len() {
            return Err(Error::Shape);
        }
        match self.row.cells {
            // `SELECT FROM t`: rows without columns.
            0 => self.json.extend_from_slice(if self.json.len() > 1 { b",[]" } else { b"[]" }),
            _ => self.json.push(b']'),
        }
        let start = std::mem::take(&mut self.row).start;
        let limits = self.duties.limits();
        let most = usize::try_from(limits.max_bytes).unwrap_or(usize::MAX);
        if self.count >= limits.max_rows || self.json.len() >= most {
            // This row is one too many: it goes, and that there was one is said.
            self.json.truncate(start.max(1));
            self.truncated = true;
            return Ok(ControlFlow::Break(()));
        }
        self.count += 1;
        Ok(ControlFlow::Continue(()))
    }

    /// Notes how many rows a write changed.
    pub fn affected(&mut self, rows: u64) {
        self.affected = Some(rows);
    }

    /// Rows that a driver has to ask for at most: one more than may be shown, so that a cut is noticed.
    #[must_use]
    pub fn wanted_rows(&self) -> u64 {
        self.duties.limits().max_rows.saturating_add(1)
    }

    /// What came through.
    ///
    /// # Errors
    /// [`Error::Shape`] when the last row was not ended.
    pub fn lift(mut self) -> Result<Masked<Rows>, Error> {
        if self.row.cells != 0 {
            return Err(Error::Shape);
        }
        self.json.push(b']');
        let columns = self.heads.iter().filter(|head| head.masked).count() as u64;
        let kinds = self.kinds.iter().map(|(kind, count)| (kind.name(), count)).collect();
        Ok(Masked(Rows {
            heads: self.heads,
            json: self.json,
            count: self.count,
            affected: self.affected,
            truncated: self.truncated,
            masked: MaskedCounts { cells: self.cells, columns, kinds },
        }))
    }

    fn treatment(&self, origin: &Origin) -> Treatment {
        match origin {
            Origin::Bare { relation, column } => {
                match self.tags.get(relation).and_then(|columns| columns.get(column)) {
                    Some(tag) => Treatment::of(self.duties.mask(tag), tag),
                    None => Treatment::Detect,
                }
            }
            Origin::Unknown if self.tagged_in_scope => Treatment::unknown(),
            Origin::Unknown => Treatment::Detect,
        }
    }
}

/// The cell as it may be shown, and whether that is another than it was.
fn treat<'c>(treatment: &'c Treatment, cell: Cell<'c>, kinds: &mut Counts) -> (Cell<'c>, bool) {
    match treatment {
        Treatment::Bare => (cell, false),
        Treatment::Detect => detect(cell, kinds),
        hiding => {
            let changed = !matches!(cell, Cell::Null);
            (hiding.hide(cell), changed)
        }
    }
}

fn detect<'c>(cell: Cell<'c>, kinds: &mut Counts) -> (Cell<'c>, bool) {
    match cell {
        Cell::Text(text) => {
            let covered = covered(&text, kinds);
            let changed = covered.is_some();
            (Cell::Text(covered.map_or(text, Cow::Owned)), changed)
        }
        // A card number fits a number as well.
        Cell::Number(text) if text.len() >= SHORTEST_NUMBER => match covered(&text, kinds) {
            Some(covered) => (Cell::Text(Cow::Owned(covered)), true),
            None => (Cell::Number(text), false),
        },
        Cell::Json(text) => match detect::cover_json(&text, kinds) {
            Cow::Owned(covered) => (Cell::Json(Cow::Owned(covered)), true),
            Cow::Borrowed(_) => (Cell::Json(text), false),
        },
        cell => (cell, false),
    }
}

/// The text with findings covered, if there are any.
fn covered(text: &str, kinds: &mut Counts) -> Option<String> {
    match detect::cover(text, kinds) {
        Cow::Owned(covered) => Some(covered),
        Cow::Borrowed(_) => None,
    }
}

/// No detector finds anything in fewer digits.
const SHORTEST_NUMBER: usize = 9;

fn write(cell: &Cell<'_>, out: &mut Vec<u8>) -> Result<(), Error> {
    match cell {
        Cell::Null => out.extend_from_slice(b"null"),
        Cell::Bool(true) => out.extend_from_slice(b"true"),
        Cell::Bool(false) => out.extend_from_slice(b"false"),
        Cell::Number(text) => out.extend_from_slice(text.as_bytes()),
        Cell::Text(text) => serde_json::to_writer(&mut *out, text).map_err(|_| Error::Value)?,
        Cell::Json(text) => {
            // A target could otherwise end the cell early and go on with rows of its own making.
            serde_json::from_str::<IgnoredAny>(text).map_err(|_| Error::Value)?;
            out.extend_from_slice(text.as_bytes());
        }
    }
    Ok(())
}
