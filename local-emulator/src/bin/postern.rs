//! What an operator does beside serving: look at what a target's role could do, ask why a statement is
//! decided as it is, make the views that mask a target, and decide about requests that wait for people.

use std::{
    error::Error as _,
    io::{self, Write as _},
    iter,
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use local_emulator::cli::{Error, approvals, doctor, explain, mask};

/// For the operators of Postern's targets.
#[derive(Parser)]
#[command(name = "postern")]
struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Read and decide requests that wait for people.
    Approvals(approvals::Options),
    /// Connect to targets as their roles and prove what these may not do.
    Doctor(doctor::Options),
    /// Take a statement as far as the decision, without running it, and tell everything that decided.
    Explain(explain::Options),
    /// Views that show masks in the place of tagged values.
    Mask {
        #[command(subcommand)]
        command: MaskCommand,
    },
}

#[derive(Subcommand)]
enum MaskCommand {
    /// Make, bring up to date or remove the masked views of a target.
    Apply(mask::Options),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let options = Options::parse();
    let done = match &options.command {
        Command::Approvals(options) => approvals::run(options, &environment).await,
        Command::Doctor(options) => doctor::run(options, &environment).await,
        Command::Explain(options) => explain::run(options, &environment).await,
        Command::Mask { command: MaskCommand::Apply(options) } => {
            mask::run(options, &environment).await
        }
    };
    done.unwrap_or_else(|error| {
        // Nobody is left to tell when this fails.
        let _ = writeln!(io::stderr(), "{}", told(&error));
        ExitCode::from(UNKNOWN)
    })
}

fn told(error: &Error) -> String {
    let causes = iter::successors(error.source(), |&cause| cause.source());
    let mut texts = vec![error.to_string()];
    texts.extend(causes.map(ToString::to_string));
    texts.dedup();
    texts.join(": ")
}

#[expect(clippy::disallowed_methods, reason = "an operator's logins come from the environment")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// What was asked could not be found out, or not be done.
const UNKNOWN: u8 = 2;
