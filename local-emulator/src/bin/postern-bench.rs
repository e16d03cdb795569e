//! Starts the emulator and measures what the way through Postern costs. `tests/bench` builds and runs
//! it.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use clap::Parser;
use local_emulator::{
    bench::{self, Effort, Figures},
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
}

#[tokio::main]
async fn main() -> ExitCode {
    program::work("bench", run(&Options::parse())).await
}

async fn run(options: &Options) -> Result<bool, Failure> {
    let binaries = Binaries::beside()?;
    let effort = if options.quick { Effort::Quick } else { Effort::Full };
    // Standard output is for the figures.
    let tell = |what: &str| _ = writeln!(io::stderr(), "  {what}");
    let emulator = Emulator::start(&binaries, Log::default(), &tell).await?;
    let figures = bench::run(&emulator, &binaries, effort, &tell).await;
    emulator.stop().await;
    print(&figures?, options.json)?;
    Ok(true)
}

fn print(figures: &Figures, json: bool) -> Result<(), Failure> {
    let text = if json { serde_json::to_string(figures)? } else { figures.table() };
    Ok(writeln!(io::stdout(), "{text}")?)
}
