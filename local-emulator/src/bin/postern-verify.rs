//! Checks a ledger offline: a file of SQLite, or records as lines. Ends with failure unless every
//! byte of it was understood and holds.

use std::{
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use audit::verify::{Ledger, Report};
use clap::Parser;
use local_emulator::ledger;

/// Check a ledger's hash chains, with nothing but the ledger.
#[derive(Parser)]
#[command(name = "postern-verify")]
struct Options {
    /// The ledger: a file of SQLite, or NDJSON with one record a line; `-` for standard input.
    ledger: PathBuf,
    /// Accept requests whose outcome is missing, as those of a process that was killed are.
    #[arg(long)]
    allow_open: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let options = Options::parse();
    match check(&options.ledger).await {
        Ok(report) => verdict(&report, options.allow_open),
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

type Failure = Box<dyn std::error::Error>;

async fn check(place: &Path) -> Result<Report, Failure> {
    if place == Path::new("-") {
        let mut text = Vec::new();
        io::stdin().read_to_end(&mut text)?;
        return lines(&text);
    }
    let bytes = std::fs::read(place)?;
    match bytes.starts_with(SQLITE) {
        true => Ok(ledger::verify(place).await?),
        false => lines(&bytes),
    }
}

fn lines(text: &[u8]) -> Result<Report, Failure> {
    let mut ledger = Ledger::default();
    let text = text
        .strip_suffix(b"\n")
        .ok_or("not proven: the last line is not ended, or there is none")?;
    for line in text.split(|byte| *byte == b'\n') {
        ledger.line(line).map_err(|fault| format!("not proven: {fault}"))?;
    }
    Ok(ledger.finish().map_err(|fault| format!("not proven: {fault}"))?)
}

fn verdict(report: &Report, allow_open: bool) -> ExitCode {
    let mut out = io::stdout();
    let written = writeln!(
        out,
        "{} records in {} chains hold: {} requests concluded, {} refused, {} put to people, {} open",
        report.records,
        report.chains,
        report.concluded,
        report.refused,
        report.asked,
        report.open.len()
    )
    .and_then(|()| report.open.iter().try_for_each(|id| writeln!(out, "open: {id}")));
    let proven = report.records > 0 && (allow_open || report.open.is_empty());
    match (written, proven) {
        (Ok(()), true) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// The first bytes of every database (SQLite's file format, 1.3).
const SQLITE: &[u8] = b"SQLite format 3\0";
