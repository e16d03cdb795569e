//! The veil: cells in, nothing out until it is lifted.

use std::{borrow::Cow, ops::ControlFlow};

use policy::{Duties, Limits, Tags, Target};
use request::Statement;
use serde::de::IgnoredAny;
use vetting::{Relation, Vetted};

use crate::{
    Cell, Column, Error, Head, Masked, MaskedCounts, Origin, Rows,
    detect::{self, Counts},
    treatment::Treatment,
};

/// Between a driver and everybody else. A driver names the columns, pours cells in, row by row, and
/// stops when it is told to.
pub struct Veil {
    duties: Duties,
    limits: Limits,
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
    row_kinds: Counts,
}

/// The row being poured.
#[derive(Clone, Copy, Default)]
struct Row {
    start: usize,
    cells: usize,
    changed: u64,
}

impl Veil {
    /// A veil under the duties of this statement's permit.
    #[must_use]
    pub fn over(vetted: &Vetted<Statement>) -> Self {
        let permit = vetted.permit();
        Self {
            duties: permit.duties().clone(),
            limits: *permit.duties().limits(),
            tags: loose(permit.target()),
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
            row_kinds: Counts::default(),
        }
    }

    /// The same with these limits where they are narrower: a budget may have less left than policy
    /// allows.
    #[must_use]
    pub fn within(mut self, limits: &Limits) -> Self {
        self.limits.max_rows = self.limits.max_rows.min(limits.max_rows);
        self.limits.max_bytes = self.limits.max_bytes.min(limits.max_bytes);
        self
    }

    /// Names the columns. Each gets its treatment here, before the first row.
    ///
    /// # Errors
    /// [`Error::Shape`] when they were named before, or rows came first.
    pub fn columns(&mut self, columns: Vec<Column>) -> Result<(), Error> {
        // INVARIANT: columns are named once, and before the first row.
        if !self.heads.is_empty() || self.count > 0 {
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
        let Self { treatments, json, row, row_kinds, .. } = self;
        let treatment = treatments.get(row.cells).ok_or(Error::Shape)?;
        if row.cells == 0 {
            row.start = json.len();
            json.extend_from_slice(if row.start > 1 { b",[" } else { b"[" });
        } else {
            json.push(b',');
        }
        row.cells += 1;
        let (cell, changed) = treat(treatment, cell, row_kinds);
        row.changed += u64::from(changed);
        let written = write(&cell, json);
        if written.is_err() {
            // INVARIANT: a row that holds half a cell is never ended, and its veil never lifted.
            row.cells = usize::MAX;
        }
        written
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
            0 => {
                self.row.start = self.json.len();
                self.json.extend_from_slice(if self.json.len() > 1 { b",[]" } else { b"[]" });
            }
            _ => self.json.push(b']'),
        }
        let Row { start, changed, .. } = std::mem::take(&mut self.row);
        let kinds = std::mem::take(&mut self.row_kinds);
        let limits = self.limits;
        let most = usize::try_from(limits.max_bytes).unwrap_or(usize::MAX);
        if self.truncated || self.count >= limits.max_rows || self.json.len() >= most {
            // This row is one too many: it goes, and that there was one is said.
            self.json.truncate(start);
            self.truncated = true;
            return Ok(ControlFlow::Break(()));
        }
        self.count += 1;
        self.cells += changed;
        self.kinds.append(&kinds);
        Ok(ControlFlow::Continue(()))
    }

    /// Notes how many rows a write changed.
    pub fn affected(&mut self, rows: u64) {
        self.affected = Some(rows);
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
                let columns = self.tags.get(&relation.to_lowercase());
                match columns.and_then(|columns| columns.get(&column.to_lowercase())) {
                    Some(tag) => Treatment::of(self.duties.mask(tag), tag),
                    None => Treatment::Detect,
                }
            }
            Origin::Unknown if self.tagged_in_scope => Treatment::unknown(),
            Origin::Unknown => Treatment::Detect,
        }
    }
}

/// The tags by names as vetting compares them: read as PostgreSQL does, and without regard to case.
fn loose(target: &Target) -> Tags {
    let mut tags = Tags::new();
    for (name, columns) in &target.tags {
        // Vetting has refused every statement to a target with a name that cannot be read.
        let relation = Relation::parse(name, &target.schema)
            .map_or_else(|_| name.clone(), |relation| relation.to_string());
        let columns = columns.iter().map(|(column, tag)| (column.to_lowercase(), tag.clone()));
        tags.entry(relation.to_lowercase()).or_default().extend(columns);
    }
    tags
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
        Cell::Number(text) if detect::is_number(text) => out.extend_from_slice(text.as_bytes()),
        Cell::Number(_) => return Err(Error::Value),
        Cell::Text(text) => serde_json::to_writer(&mut *out, text).map_err(|_| Error::Value)?,
        Cell::Json(text) => {
            // A target could otherwise end the cell early and go on with rows of its own making.
            serde_json::from_str::<IgnoredAny>(text).map_err(|_| Error::Value)?;
            out.extend_from_slice(text.as_bytes());
        }
    }
    Ok(())
}
