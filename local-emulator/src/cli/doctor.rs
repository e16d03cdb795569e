//! `postern doctor`: what the role of each target could do, should the gate ever fail.

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::Args;
use policy::Target;
use serde_json::json;

use super::{Environment, Error, Login, connect, targets};
use crate::doctor::{self, Finding, Severity};

/// Connect to targets as their roles and prove what these may not do.
#[derive(Args)]
pub struct Options {
    /// The gate's `targets.toml`.
    #[arg(long, value_name = "FILE")]
    targets: PathBuf,
    /// Only this target; otherwise all of them.
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// A file with the target's login, {"username":…,"password":…}. Otherwise it is looked for in the
    /// environment: `POSTERN_LOGIN_<TARGET>`, or `POSTERN_LOGIN`.
    #[arg(long, value_name = "FILE")]
    login: Option<PathBuf>,
    /// The roles are for reading: any right to write is a hard finding.
    #[arg(long)]
    reads_only: bool,
    /// Print one JSON object a line.
    #[arg(long)]
    json: bool,
}

/// Prints what is found: 0 without any hard finding, 1 with one, 2 when something could not be found
/// out.
///
/// # Errors
/// Nothing could be found out at all.
pub async fn run(options: &Options, on: Environment<'_>) -> Result<ExitCode, Error> {
    let targets = targets(&options.targets, options.target.as_deref())?;
    if options.login.is_some() && targets.len() > 1 {
        return Err(Error::Several);
    }
    let mut worst = Came::Sound;
    for target in &targets {
        let told = match examine(target, options, on).await {
            Ok(examined) => Told::Examined(examined),
            Err(error) => Told::Unknown(error),
        };
        worst = worst.max(told.came());
        told.print(target, options.json, &mut io::stdout())?;
    }
    Ok(ExitCode::from(worst as u8))
}

async fn examine(
    target: &Target,
    options: &Options,
    on: Environment<'_>,
) -> Result<Examined, Error> {
    let login = Login::find(target, options.login.as_deref(), on)?;
    let client = connect(target, &login).await?;
    let findings = doctor::examine(&client, target, options.reads_only).await;
    Ok(Examined { role: login.username().to_owned(), findings: findings.map_err(Error::Target)? })
}

/// What came of it, by its exit code; the worst of all targets counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Came {
    Sound = 0,
    Faulty = 1,
    Unknown = 2,
}

struct Examined {
    role: String,
    findings: Vec<Finding>,
}

impl Examined {
    fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}

enum Told {
    Examined(Examined),
    Unknown(Error),
}

impl Told {
    fn came(&self) -> Came {
        match self {
            Self::Examined(examined) if examined.count(Severity::Hard) == 0 => Came::Sound,
            Self::Examined(_) => Came::Faulty,
            Self::Unknown(_) => Came::Unknown,
        }
    }

    fn print(&self, target: &Target, json: bool, out: &mut dyn Write) -> io::Result<()> {
        match (self, json) {
            (Self::Examined(examined), true) => lines(target, examined, out),
            (Self::Examined(examined), false) => table(target, examined, out),
            (Self::Unknown(error), true) => {
                let found = json!({ "target": target.name.as_str(), "severity": "unknown", "finding": error.to_string() });
                writeln!(out, "{found}")
            }
            (Self::Unknown(error), false) => writeln!(out, "{}: {error}\n", target.name.as_str()),
        }
    }
}

fn lines(target: &Target, examined: &Examined, out: &mut dyn Write) -> io::Result<()> {
    let (name, role) = (target.name.as_str(), &examined.role);
    for finding in &examined.findings {
        let line = json!({
            "target": name,
            "role": role,
            "severity": finding.severity.name(),
            "check": finding.check,
            "finding": finding.says,
            "sql": finding.sql,
        });
        writeln!(out, "{line}")?;
    }
    let (hard, soft) = (examined.count(Severity::Hard), examined.count(Severity::Soft));
    writeln!(out, "{}", json!({ "target": name, "role": role, "hard": hard, "soft": soft }))
}

fn table(target: &Target, examined: &Examined, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} as {}", target.name.as_str(), examined.role)?;
    for finding in &examined.findings {
        writeln!(out, "  {}  {:<20} {}", finding.severity.name(), finding.check, finding.says)?;
        for statement in &finding.sql {
            writeln!(out, "        {statement}")?;
        }
    }
    let (hard, soft) = (examined.count(Severity::Hard), examined.count(Severity::Soft));
    writeln!(out, "  {hard} hard, {soft} soft\n")
}
