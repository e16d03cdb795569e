//! Starts the emulator and measures what the way through Postern costs. `tests/bench` builds and runs
//! it.

use std::{
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use clap::Parser;
use local_emulator::{
    bench::{self, Effort, Figures, Inside, Section},
    binaries::Binaries,
    emulator::Emulator,
    process::Log,
    program::{self, Failure},
};

/// What the way through Postern costs, against the same statements without it, on this machine.
#[derive(Parser)]
#[command(name = "tests/bench")]
struct Options {
    /// Print one JSON object and nothing else.
    #[arg(long)]
    json: bool,
    /// A twentieth of the rounds: to see that it runs, not for figures.
    #[arg(long)]
    quick: bool,
    /// A Python that has presidio-analyzer, to be measured beside the detectors.
    #[arg(long, default_value = "python3")]
    python: PathBuf,
    /// Measure these sections only, without the emulator.
    sections: Vec<Section>,
}

/// What is printed.
#[derive(serde::Serialize)]
struct Printed {
    #[serde(flatten)]
    inside: Inside,
    #[serde(flatten)]
    figures: Option<Figures>,
}

#[tokio::main]
async fn main() -> ExitCode {
    program::work("bench", run(&Options::parse())).await
}

async fn run(options: &Options) -> Result<bool, Failure> {
    let effort = if options.quick { Effort::Quick } else { Effort::Full };
    // Standard output is for the figures.
    let tell = |what: &str| _ = writeln!(io::stderr(), "  {what}");
    let all = options.sections.is_empty();
    let sections = if all { &Section::ALL } else { options.sections.as_slice() };
    let inside = bench::inside(sections, &options.python, effort, &tell).await?;
    let figures = if all { Some(with_emulator(effort, &tell).await?) } else { None };
    print(&Printed { inside, figures }, options.json)?;
    Ok(true)
}

async fn with_emulator(effort: Effort, tell: &dyn Fn(&str)) -> Result<Figures, Failure> {
    let binaries = Binaries::beside()?;
    let emulator = Emulator::start(&binaries, Log::default(), tell).await?;
    let figures = bench::run(&emulator, &binaries, effort, tell).await;
    emulator.stop().await;
    Ok(figures?)
}

fn print(printed: &Printed, json: bool) -> Result<(), Failure> {
    let figures = printed.figures.iter().map(Figures::table);
    let text = if json {
        serde_json::to_string(printed)?
    } else {
        figures.chain([printed.inside.table()]).collect::<Vec<_>>().join("\n")
    };
    Ok(writeln!(io::stdout(), "{text}")?)
}
