//! Presidio's pattern recognisers over the first of the same rows, by a Python that has them.

use std::{
    io::{self, Write as _},
    path::Path,
    process::{Command, Stdio},
};

use serde::{Deserialize, Serialize};

use crate::bench::spread::rounded;

/// What Presidio took, all rows and all cells after another.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Presidio {
    version: String,
    bytes: f64,
    rows_s: f64,
    cells: f64,
    cells_s: f64,
}

impl Presidio {
    /// Hands it so many rows; `None` if there is no such Python, or no Presidio in it.
    pub(super) fn measure(python: &Path, rows: &str) -> Option<Self> {
        let few: String = rows.split_inclusive('\n').take(ROWS).collect();
        let told = run(python, &few).ok()?;
        serde_json::from_slice(&told).ok()
    }

    /// For people to read, beside what `memchr` reads in the same time.
    pub(super) fn lines(&self, memchr: f64) -> Vec<String> {
        let line = |how: &str, seconds: f64, cell: String| {
            let (what, speed) =
                (format!("Presidio {}, {how}", self.version), self.bytes / 1e6 / seconds);
            format!("  {what:<44}{:>10.3}{:>12.6}{cell}", speed, speed / memchr)
        };
        let us = rounded(self.cells_s * 1e6 / self.cells);
        vec![
            line("rows", self.rows_s, String::new()),
            line("cells", self.cells_s, format!("{us:>11}")),
        ]
    }
}

fn run(python: &Path, rows: &str) -> io::Result<Vec<u8>> {
    let mut command = Command::new(python);
    command.args(["-c", SCRIPT]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    if let Some(mut input) = child.stdin.take() {
        // It reads everything before it says anything. One without Presidio has ended by now.
        let _ = input.write_all(rows.as_bytes());
    }
    Ok(child.wait_with_output()?.stdout)
}

const ROWS: usize = 200;
const SCRIPT: &str = include_str!("presidio.py");
