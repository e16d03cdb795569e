//! What the way through Postern costs, measured against the same statements without it.
//!
//! Nothing here fails because of a figure. It fails when an answer is wrong: all are checked, outside
//! of what is timed.

mod aims;
mod cells;
mod chains;
mod cold;
mod cpu;
mod detectors;
mod disk;
mod footprint;
mod lanes;
mod question;
mod race;
mod spread;
mod table;
mod vetting;

use std::{io, path::Path};

use serde::Serialize;

use self::{
    aims::Aim, cells::Cells, chains::Chains, cold::Cold, detectors::Detectors, disk::Disk,
    footprint::Footprint, lanes::Lanes, race::Race, vetting::Vetting,
};
use crate::{
    binaries::Binaries,
    emulator::{Cloud, Emulator},
    issuer, postgres,
};

/// Why there are no figures.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A cold start left no trace.
    #[error("an instance was started and its times are not known")]
    Cold,
    /// The database did not take us.
    #[error(transparent)]
    Database(#[from] postgres::Error),
    /// The function did not answer.
    #[error("the function does not answer")]
    Http(#[from] reqwest::Error),
    /// The disk.
    #[error("the disk cannot be written")]
    Io(#[from] io::Error),
    /// No token could be made.
    #[error(transparent)]
    Issuer(#[from] issuer::Error),
    /// The database did not answer.
    #[error("the database does not answer")]
    Query(#[from] tokio_postgres::Error),
    /// The store of the reference figures.
    #[error("a ledger of our own cannot be written")]
    State(#[from] state::Error),
    /// An answer is not what it has to be. The text holds no value of it.
    #[error("{asked}: {what}")]
    Wrong {
        /// What was asked, and where.
        asked: String,
        /// What is wrong with the answer.
        what: String,
    },
}

/// How thorough a bench is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// As many rounds as the figures need.
    Full,
    /// A twentieth of them: to see that it runs.
    Quick,
}

impl Effort {
    /// How many of so many rounds are run.
    fn of(self, rounds: u32) -> u32 {
        match self {
            Self::Full => rounds,
            Self::Quick => rounds.div_ceil(20),
        }
    }
}

/// Everything that was measured with the emulator.
#[derive(Debug, Serialize)]
pub struct Figures {
    profile: &'static str,
    cores: usize,
    races: Vec<Race>,
    cells: Cells,
    chains: Chains,
    cold: Cold,
    footprint: Vec<Footprint>,
    disk: Disk,
    aims: Vec<Aim>,
}

impl Figures {
    /// For people to read.
    #[must_use]
    pub fn table(&self) -> String {
        table::of(self)
    }
}

/// What is measured in this process, without the emulator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Section {
    /// How fast the detectors read.
    Detectors,
    /// What it takes to vet a statement.
    Vetting,
}

impl Section {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Detectors, Self::Vetting];
}

/// What was measured of the sections that were asked for.
#[derive(Debug, Default, Serialize)]
pub struct Inside {
    #[serde(skip_serializing_if = "Option::is_none")]
    detectors: Option<Detectors>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vetting: Option<Vetting>,
}

impl Inside {
    /// For people to read.
    #[must_use]
    pub fn table(&self) -> String {
        let detectors = self.detectors.as_ref().map(Detectors::table);
        let vetting = self.vetting.as_ref().map(Vetting::table);
        let tables: Vec<String> = detectors.into_iter().chain(vetting).collect();
        tables.join("\n")
    }
}

/// Measures these sections. `python` is one that has Presidio, if there is any.
///
/// # Errors
/// A statement of ours is refused.
pub async fn inside(
    sections: &[Section],
    python: &Path,
    effort: Effort,
    tell: &dyn Fn(&str),
) -> Result<Inside, Error> {
    let mut inside = Inside::default();
    if sections.contains(&Section::Detectors) {
        tell("detectors");
        inside.detectors = Some(detectors::measure(python, effort));
    }
    if sections.contains(&Section::Vetting) {
        tell("vetting");
        inside.vetting = Some(vetting::measure(effort).await?);
    }
    Ok(inside)
}

/// Measures everything that takes the emulator. `tell` hears of each part, for whoever waits.
///
/// # Errors
/// Something does not answer, or answers wrong.
pub async fn run(
    on: &Emulator,
    binaries: &Binaries,
    effort: Effort,
    tell: &dyn Fn(&str),
) -> Result<Figures, Error> {
    tell("the disk");
    let disk = disk::measure(&on.ledger(Cloud::Aws), effort).await?;
    let lanes = Lanes::open(on).await?;
    let mut races = Vec::new();
    for question in question::ALL {
        tell(question.title);
        races.push(race::run(&lanes, question, effort).await?);
    }
    let footprint = footprint::all(on, binaries)?;
    tell("cells");
    let cells = cells::measure(on, &races, effort).await?;
    tell("chains");
    let chains = chains::measure(on, effort).await?;
    tell("cold starts");
    let cold = cold::measure(on, &lanes, effort).await?;
    let aims = aims::all(&races, &cells, &chains, &cold, &footprint);
    let cores = std::thread::available_parallelism().map_or(0, Into::into);
    let figures =
        Figures { profile: PROFILE, cores, races, cells, chains, cold, footprint, disk, aims };
    Ok(figures)
}

/// The functions are built as the bench is.
const PROFILE: &str = if cfg!(debug_assertions) { "dev" } else { "release" };
