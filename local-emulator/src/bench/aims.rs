//! What the figures were meant to be.

use serde::Serialize;

use super::{
    cells::Cells,
    chains::{Chains, Verified},
    cold::Cold,
    footprint::Footprint,
    race::{Function, Race},
    spread::rounded,
};

/// One figure and what it was meant to be at most.
#[derive(Debug, Serialize)]
pub(super) struct Aim {
    pub(super) what: String,
    pub(super) measured: f64,
    pub(super) at_most: f64,
    pub(super) unit: &'static str,
    pub(super) met: bool,
}

impl Aim {
    fn new(what: String, measured: f64, at_most: f64, unit: &'static str) -> Self {
        Self { what, measured, at_most, unit, met: measured <= at_most }
    }
}

/// All of them.
pub(super) fn all(
    races: &[Race],
    cells: &Cells,
    chains: &Chains,
    cold: &Cold,
    footprint: &[Footprint],
) -> Vec<Aim> {
    let mut aims: Vec<Aim> = races.first().into_iter().flat_map(added).collect();
    aims.extend(masked(cells));
    aims.extend(chains.verified.last().into_iter().flat_map(deepest));
    let poll = "spawn to first poll on Lambda, p50".into();
    aims.push(Aim::new(poll, cold.first_poll.p50_ms, 25.0, "ms"));
    aims.extend(footprint.iter().map(memory));
    aims
}

fn added(race: &Race) -> impl Iterator<Item = Aim> {
    race.functions.iter().map(|function: &Function| {
        let what = format!("added at 1 row on {}, p50, host and all", function.cloud.name());
        Aim::new(what, function.added_p50_ms, 1.5, "ms")
    })
}

/// Of a cell masked for its tag the way says what it costs, of one masked for its content we do.
fn masked(cells: &Cells) -> Vec<Aim> {
    let found = cells.looked_into.iter().filter(|one| one.found == one.cells as u64);
    let dearest = found.map(|one| one.us_per_cell).fold(0.0, f64::max);
    let tagged = cells.on_the_way.iter().map(|way| way.masked_us_per_cell);
    let tagged = tagged.fold(f64::MIN, f64::max);
    vec![
        Aim::new("a cell masked for its tag, over one looked into".into(), tagged, 1.0, "µs"),
        Aim::new("a cell masked for its content, in process".into(), dearest, 1.0, "µs"),
    ]
}

/// The deepest chain that there can be.
fn deepest(one: &Verified) -> [Aim; 2] {
    let Verified { depth, token_bytes, took, .. } = one;
    let verified = format!("a chain of depth {depth} with its proof verified, p50");
    let size = format!("the token of a chain of depth {depth}");
    [
        Aim::new(verified, rounded(took.p50_ms * 1e3), 300.0, "µs"),
        Aim::new(size, *token_bytes as f64, 2048.0, "bytes"),
    ]
}

/// A peak that is not known is not met.
fn memory(one: &Footprint) -> Aim {
    let what = format!("peak memory at 10,000 rows on {}", one.cloud.name());
    let peak = one.peak_memory_bytes.map_or(f64::INFINITY, mebibytes);
    Aim::new(what, peak, 64.0, "MiB")
}

pub(super) fn mebibytes(bytes: u64) -> f64 {
    rounded(bytes as f64 / f64::from(1 << 20))
}
