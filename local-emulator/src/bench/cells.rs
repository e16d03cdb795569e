//! What a cell costs under the veil: in this process over real cells, and on the way.

use std::{
    borrow::Cow,
    hint::black_box,
    time::{Duration, Instant},
};

use masking::detect::{self, Counts};
use serde::Serialize;

use super::{
    Effort, Error,
    race::{self, Race},
    spread::{Spread, rounded},
};
use crate::emulator::{Cloud, Emulator};

/// What was measured of cells.
#[derive(Debug, Serialize)]
pub(super) struct Cells {
    /// In this process, text by text.
    pub(super) looked_into: Vec<LookedInto>,
    /// On the way: two columns masked for their tags, against two looked into for their content.
    pub(super) on_the_way: Vec<OnTheWay>,
}

/// `masking::detect` over all cells of one column.
#[derive(Debug, Serialize)]
pub(super) struct LookedInto {
    pub(super) column: &'static str,
    pub(super) cells: usize,
    /// Characters in the median cell.
    pub(super) length: usize,
    pub(super) found: u64,
    pub(super) us_per_cell: f64,
}

/// From the largest question of a race.
#[derive(Debug, Serialize)]
pub(super) struct OnTheWay {
    #[serde(serialize_with = "race::name")]
    pub(super) cloud: Cloud,
    /// What all that is ours adds, by the cells of the answer: from the driver to HTTP.
    pub(super) added_us_per_cell: f64,
    /// The answer with masked columns less the one without, by the masked cells.
    pub(super) masked_us_per_cell: f64,
}

/// Reads the cells of the demo's tables and looks into them.
pub(super) async fn measure(on: &Emulator, races: &[Race], effort: Effort) -> Result<Cells, Error> {
    let database = on.postgres.superuser().await?;
    let mut looked_into = Vec::new();
    for column in COLUMNS {
        let text =
            format!("SELECT {0}::text FROM {1} WHERE {0} IS NOT NULL", column.name, column.table);
        let rows = database.query(&text, &[]).await?;
        let cells: Result<Vec<String>, _> = rows.iter().map(|row| row.try_get(0)).collect();
        looked_into.push(look_into(column, &cells?, effort.of(PASSES)));
    }
    Ok(Cells { looked_into, on_the_way: on_the_way(races) })
}

struct Column {
    title: &'static str,
    name: &'static str,
    table: &'static str,
    json: bool,
}

const COLUMNS: &[Column] = &[
    Column { title: "a name, nothing found", name: "name", table: "bulk", json: false },
    Column { title: "an e-mail address", name: "email", table: "bulk", json: false },
    Column { title: "a social security number", name: "ssn", table: "bulk", json: false },
    Column { title: "a remark in free text", name: "notes", table: "customers", json: false },
    Column { title: "a JSON document", name: "body", table: "documents", json: true },
];

/// The median of so many passes over all cells.
fn look_into(column: &Column, cells: &[String], passes: u32) -> LookedInto {
    let mut counts = Counts::default();
    let mut times: Vec<Duration> = (0..passes)
        .map(|_| {
            counts = Counts::default();
            let began = Instant::now();
            for cell in cells {
                black_box(cover(column, black_box(cell), &mut counts));
            }
            began.elapsed()
        })
        .collect();
    times.sort_unstable();
    let mut lengths: Vec<usize> = cells.iter().map(|cell| cell.chars().count()).collect();
    lengths.sort_unstable();
    let pass = times.get(times.len() / 2).copied().unwrap_or_default();
    LookedInto {
        column: column.title,
        cells: cells.len(),
        length: lengths.get(lengths.len() / 2).copied().unwrap_or_default(),
        found: counts.total(),
        us_per_cell: rounded(pass.as_secs_f64() * 1e6 / cells.len() as f64),
    }
}

fn cover<'a>(column: &Column, cell: &'a str, counts: &mut Counts) -> Cow<'a, str> {
    if column.json { detect::cover_json(cell, counts) } else { detect::cover(cell, counts) }
}

fn on_the_way(races: &[Race]) -> Vec<OnTheWay> {
    let Some(race) = races.last() else { return Vec::new() };
    let per = |ms: f64, cells: usize| rounded(ms * 1e3 / cells as f64);
    let told = |function: &race::Function| {
        let less = |untagged: Spread| function.query.p50_ms - untagged.p50_ms;
        OnTheWay {
            cloud: function.cloud,
            added_us_per_cell: per(function.added_without_host_p50_ms, race.cells),
            masked_us_per_cell: per(function.untagged.map_or(0.0, less), race.masked_cells),
        }
    };
    race.functions.iter().map(told).collect()
}

const PASSES: u32 = 40;
