//! The veil: cells in, nothing out until it is lifted.

use std::{ops::ControlFlow, sync::Arc};

use credentials::MaskKey;
use policy::Limits;
use request::Statement;
use vetting::Vetted;

use crate::{
    Cell, Column, Error, Head, Masked, MaskedCounts, Rows, content, detect::Counts, rules::Rules,
    treatment::Treatment,
};

/// Between a driver and everybody else. A driver names the columns, pours cells in, row by row, and
/// stops when it is told to.
pub struct Veil {
    rules: Rules,
    limits: Limits,
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
        Self::under(Rules::of(vetted), *vetted.permit().duties().limits())
    }

    fn under(rules: Rules, limits: Limits) -> Self {
        Self {
            rules,
            limits,
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
        self.limits.max_cells = self.limits.max_cells.min(limits.max_cells);
        self
    }

    /// The same with the key of its target's masks. Without it, what takes a key is redacted.
    #[must_use]
    pub fn with_key(mut self, key: Option<Arc<MaskKey>>) -> Self {
        self.rules.key = key;
        self
    }

    /// Names the columns. Each gets its treatment here, before the first row.
    ///
    /// # Errors
    /// [`Error::Shape`] when they were named before, or rows came first; [`Error::Tripwire`] when one
    /// should have been masked before it got here.
    pub fn columns(&mut self, columns: Vec<Column>) -> Result<(), Error> {
        // INVARIANT: columns are named once, and before the first row.
        if !self.heads.is_empty() || self.count > 0 {
            return Err(Error::Shape);
        }
        for (at, column) in columns.into_iter().enumerate() {
            let (treatment, masked) = self.rules.treatment(at, &column)?;
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
        let Self { rules, treatments, json, row, row_kinds, .. } = self;
        let treatment = treatments.get(row.cells).ok_or(Error::Shape)?;
        if row.cells == 0 {
            row.start = json.len();
            json.extend_from_slice(if row.start > 1 { b",[" } else { b"[" });
        } else {
            json.push(b',');
        }
        row.cells += 1;
        let (cell, changed) = treat(treatment, rules, cell, row_kinds);
        row.changed += u64::from(changed);
        let written = cell.write(json);
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
        if self.truncated || self.is_full() {
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

    /// Whether the row that was just written is more than may be shown.
    fn is_full(&self) -> bool {
        let Limits { max_rows, max_bytes, max_cells, .. } = self.limits;
        let rows = self.count.saturating_add(1);
        let cells = rows.saturating_mul(self.treatments.len() as u64);
        let bytes = usize::try_from(max_bytes).unwrap_or(usize::MAX);
        rows > max_rows || cells > max_cells || self.json.len() >= bytes
    }
}

/// The cell as it may be shown, and whether that is another than it was.
fn treat<'c>(
    treatment: &'c Treatment,
    rules: &Rules,
    cell: Cell<'c>,
    kinds: &mut Counts,
) -> (Cell<'c>, bool) {
    match treatment {
        Treatment::Bare => (cell, false),
        Treatment::Detect if rules.is_mask(&cell) => (cell, false),
        Treatment::Detect => content::look(cell, kinds),
        Treatment::Hide(hiding) => {
            let changed = !matches!(cell, Cell::Null);
            (hiding.hide(cell), changed)
        }
    }
}

#[cfg(test)]
mod tests {
    use policy::Mode;

    use super::*;
    use crate::rules::tests::{from, made, rules};

    fn limits(max_rows: u64, max_cells: u64) -> Limits {
        Limits { max_rows, max_bytes: 1 << 20, timeout_ms: 1000, max_cells }
    }

    /// A veil over two columns, into which so many rows were poured.
    fn poured(limits: Limits, rows: usize) -> Masked<Rows> {
        let mut veil = Veil::under(rules(Mode::Source, &[]), limits);
        veil.columns(vec![made(), made()]).unwrap();
        for _ in 0..rows {
            veil.cell(Cell::Bool(true)).unwrap();
            veil.cell(Cell::Null).unwrap();
            if veil.end_row().unwrap().is_break() {
                break;
            }
        }
        veil.lift().unwrap()
    }

    #[test]
    fn the_row_that_would_pass_the_cells_is_cut() {
        for (cells, rows, count) in [(6, 3, 3), (6, 4, 3), (7, 4, 3), (5, 3, 2), (1, 1, 0)] {
            let masked = poured(limits(100, cells), rows);
            assert_eq!(masked.get().count(), count, "{rows} rows of 2 for {cells} cells");
            assert_eq!(masked.get().truncated(), count < rows as u64);
        }
    }

    #[test]
    fn rows_without_columns_have_no_cells() {
        let mut veil = Veil::under(rules(Mode::Source, &[]), limits(3, 1));
        veil.columns(Vec::new()).unwrap();
        for _ in 0..3 {
            assert_eq!(veil.end_row(), Ok(ControlFlow::Continue(())));
        }
        assert_eq!(veil.end_row(), Ok(ControlFlow::Break(())));
    }

    #[test]
    fn a_budget_narrows_cells_too() {
        let veil = Veil::under(rules(Mode::Source, &[]), limits(10, 100));
        assert_eq!(veil.within(&limits(20, 7)).limits, limits(10, 7));
    }

    #[test]
    fn nothing_is_poured_behind_a_tripwire() {
        let mut veil = Veil::under(rules(Mode::Source, &[]), limits(10, 100));
        assert_eq!(veil.columns(vec![from("public.t", "shut")]), Err(Error::Tripwire));
        assert_eq!(veil.cell(Cell::Null), Err(Error::Shape));
    }

    #[test]
    fn a_mask_of_the_target_s_own_is_neither_changed_nor_counted() {
        let mut veil = Veil::under(rules(Mode::Source, &[true]), limits(10, 100));
        veil.columns(vec![made()]).unwrap();
        let token = crate::token("shut", &[0x11; 32]);
        for text in [token.as_str(), "[masked:shut]", "to ada@example.com"] {
            veil.cell(Cell::Text(text.into())).unwrap();
            let _flow = veil.end_row().unwrap();
        }
        let masked = veil.lift().unwrap();
        let expected = format!(r#"[["{token}"],["[masked:shut]"],["to [masked:email]"]]"#);
        assert_eq!(std::str::from_utf8(masked.get().json()).unwrap(), expected);
        assert_eq!((masked.get().masked().cells, masked.get().masked().columns), (1, 1));
    }

    #[test]
    fn a_mask_of_the_target_s_own_is_not_looked_into() {
        // Beside the tag's name, nine digits between letters are a number of that kind.
        let mut mac = [0xab; 32];
        mac[..5].copy_from_slice(&[0x07, 0x80, 0x51, 0x12, 0x0a]);
        let token = crate::token("ssn", &mac);
        assert_ne!(crate::detect::scan(&token), []);
        let mut veil = Veil::under(rules(Mode::Source, &[true]), limits(10, 100));
        veil.columns(vec![made()]).unwrap();
        veil.cell(Cell::Text(token.as_str().into())).unwrap();
        let _flow = veil.end_row().unwrap();
        let masked = veil.lift().unwrap();
        assert_eq!(masked.get().json(), format!(r#"[["{token}"]]"#).as_bytes());
        assert_eq!(masked.get().masked().cells, 0);
    }

    #[test]
    fn no_detector_finds_anything_in_marks_and_tokens() {
        for n in 0_u32..2000 {
            // Any spread of bits will do.
            let mac = [n.wrapping_mul(0x9e37_79b9), n.wrapping_mul(0x85eb_ca6b), n << 16]
                .map(u32::to_be_bytes);
            let mut bytes = [0; 32];
            bytes[..12].copy_from_slice(mac.as_flattened());
            // Not `ssn`: beside that word, any nine digits are one.
            for tag in ["card", "email", "aws-key", "iban", "phone", "salary"] {
                let text = format!("{} {}", crate::token(tag, &bytes), crate::mark(tag));
                assert_eq!(crate::detect::scan(&text), [], "{text}");
            }
        }
    }

    #[test]
    fn tokens_in_a_result_are_made_with_the_key() {
        let shown = |key: Option<Arc<MaskKey>>| {
            let mut veil = Veil::under(rules(Mode::Result, &[]), limits(10, 100)).with_key(key);
            veil.columns(vec![from("public.t", "shut")]).unwrap();
            veil.cell(Cell::Text("value".into())).unwrap();
            let _flow = veil.end_row().unwrap();
            String::from_utf8(veil.lift().unwrap().get().json().to_vec()).unwrap()
        };
        assert_eq!(shown(None), r#"[["[masked:shut]"]]"#);
        let key = rules(Mode::Result, &[]).key;
        assert!(shown(key).starts_with(r#"[["tok_shut_"#));
    }
}
