//! Starts the emulator and measures what the way through Postern costs. `tests/bench` builds and runs
//! it.

use std::{
    error::Error,
    io::{self, Write as _},
    iter,
    process::ExitCode,
};

use clap::Parser;
use local_emulator::{
    bench::{self, Effort, Figures},
    binaries::Binaries,
    emulator::Emulator,
    process::Log,
};
use tokio::signal::unix::{SignalKind, signal};

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

type Failure = Box<dyn Error>;

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    // Dropping the bench drops the emulator, which ends every process it started.
    let ended = tokio::select! {
        ended = run(&options) => ended,
        () = told_to_end() => return ExitCode::from(130),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let causes = iter::successors(Some(&*error as &dyn Error), |&error| error.source());
            let text: Vec<String> = causes.map(ToString::to_string).collect();
            let _ = writeln!(io::stderr(), "the bench broke off: {}", text.join(": "));
            ExitCode::FAILURE
        }
    }
}

/// By whoever sits before it, or by a job that has no more time for it.
async fn told_to_end() {
    let Ok(mut terminated) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated.recv() => {}
    }
}

async fn run(options: &Options) -> Result<(), Failure> {
    let binaries = Binaries::beside()?;
    let effort = if options.quick { Effort::Quick } else { Effort::Full };
    // Standard output is for the figures.
    let tell = |what: &str| _ = writeln!(io::stderr(), "  {what}");
    let emulator = Emulator::start(&binaries, Log::default(), &tell).await?;
    let figures = bench::run(&emulator, &binaries, effort, &tell).await;
    emulator.stop().await;
    print(&figures?, options.json)
}

fn print(figures: &Figures, json: bool) -> Result<(), Failure> {
    let text = if json { serde_json::to_string(figures)? } else { figures.table() };
    Ok(writeln!(io::stdout(), "{text}")?)
}
