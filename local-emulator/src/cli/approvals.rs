//! `postern approvals`: what waits for people, one request whole, and what somebody says to it.

mod call;
mod inert;
mod list;
mod sheet;

use std::{
    io::{self, IsTerminal as _, Read as _, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::Environment;
use call::Desk;

/// Read and decide requests that wait for people.
#[derive(Args)]
pub struct Options {
    /// Where people decide, `https://…`; otherwise `POSTERN_PAGE` in the environment.
    #[arg(long, global = true, value_name = "URL")]
    url: Option<String>,
    /// A file with an access token of your own; otherwise it is read from standard input.
    #[arg(long, global = true, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Print JSON.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// What waits for you, what ends first before the rest.
    List {
        /// What was decided lately instead.
        #[arg(long)]
        past: bool,
    },
    /// One request whole. That you were shown it is on record.
    Show {
        /// The request.
        #[arg(value_name = "REQUEST")]
        request: String,
    },
    /// Let exactly what you have read run.
    Approve(Said),
    /// Refuse a request; one refusal ends it.
    Refuse(Said),
    /// Take your approval back, as long as it has not been used.
    Retract {
        /// The request.
        #[arg(value_name = "REQUEST")]
        request: String,
    },
}

/// What somebody says.
#[derive(Args)]
struct Said {
    /// The request.
    #[arg(value_name = "REQUEST")]
    request: String,
    /// The digest that `show` printed, or at least its first 12 digits.
    #[arg(long, value_name = "DIGEST")]
    digest: String,
    /// Why, for the record.
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
}

/// Why nothing was shown or decided.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Somebody else wrote an answer, or one that we do not know.
    #[error("the answer is none that can be read")]
    Answer,
    /// What was read is not what is there.
    #[error("the request has another digest: read it anew")]
    Changed,
    /// A digest that is none.
    #[error("a digest is 64 hexadecimal digits, or at least the first 12 of them, from `show`")]
    Digest,
    /// Nobody said where.
    #[error("`--url URL`, or `POSTERN_PAGE` in the environment, says where people decide")]
    NoUrl,
    /// The token cannot be had.
    #[error("an access token comes from `--token-file FILE` or from standard input")]
    NoToken(#[source] Option<io::Error>),
    /// A name that no request has.
    #[error("`{0}` is no request: a request's name is a UUID")]
    Request(String),
    /// The function said no, in its words.
    #[error("{1} ({0})")]
    Refused(u16, String),
    /// Nobody answered.
    #[error("`{0}` cannot be reached")]
    Unreachable(String, #[source] Box<dyn std::error::Error + Send + Sync>),
    /// Not where tokens are sent.
    #[error("`{0}` is no https:// address without a query")]
    Url(String),
}

/// Does what was asked, and prints what came of it.
///
/// # Errors
/// Nothing was shown, or nothing was decided.
pub async fn run(options: &Options, on: Environment<'_>) -> Result<ExitCode, super::Error> {
    let url = options.url.clone().or_else(|| on("POSTERN_PAGE")).ok_or(Error::NoUrl)?;
    let desk = Desk::new(&url, token(options.token_file.as_deref())?)?;
    let answer = done(&options.command, &desk).await?;
    let text = if options.json { inert::json(&answer) } else { told(&options.command, &answer)? };
    write!(io::stdout(), "{text}")?;
    Ok(ExitCode::SUCCESS)
}

async fn done(command: &Command, desk: &Desk) -> Result<Value, Error> {
    match command {
        Command::List { past: false } => desk.get(&[]).await,
        Command::List { past: true } => desk.past().await,
        Command::Show { request } => desk.get(&[named(request)?]).await,
        Command::Approve(said) => decide("approve", said, desk).await,
        Command::Refuse(said) => decide("refuse", said, desk).await,
        Command::Retract { request } => desk.delete(&[named(request)?, "decision"]).await,
    }
}

/// INVARIANT: what is sent is the whole digest of what was read. A beginning is completed only by the
/// request that it is the beginning of.
async fn decide(verdict: &str, said: &Said, desk: &Desk) -> Result<Value, Error> {
    let request = named(&said.request)?;
    let digest = said.digest.to_ascii_lowercase();
    if !digest.bytes().all(|b| b.is_ascii_hexdigit()) || !DIGITS.contains(&digest.len()) {
        return Err(Error::Digest);
    }
    let whole = if digest.len() == WHOLE {
        digest
    } else {
        let sheet = desk.get(&[request]).await?;
        let whole = sheet.get("digest").and_then(Value::as_str).ok_or(Error::Answer)?;
        if whole.len() != WHOLE || !whole.starts_with(&digest) {
            return Err(Error::Changed);
        }
        whole.to_owned()
    };
    let mut body = json!({ "verdict": verdict, "digest": whole });
    if let (Some(comment), Value::Object(members)) = (&said.comment, &mut body) {
        members.insert("comment".into(), comment.as_str().into());
    }
    desk.post(&[request, "decision"], &body).await
}

fn told(command: &Command, answer: &Value) -> Result<String, Error> {
    match command {
        Command::List { past: false } => list::waiting(answer).ok_or(Error::Answer),
        Command::List { past: true } => list::past(answer).ok_or(Error::Answer),
        Command::Show { .. } => sheet::whole(answer).ok_or(Error::Answer),
        Command::Approve(_) | Command::Refuse(_) | Command::Retract { .. } => {
            list::outcome(answer).ok_or(Error::Answer)
        }
    }
}

/// The name of a request. Nothing else becomes a part of an address.
fn named(request: &str) -> Result<&str, Error> {
    let letter = |b: u8| b.is_ascii_hexdigit() || b == b'-';
    let fits = (1..=36).contains(&request.len()) && request.bytes().all(letter);
    fits.then_some(request).ok_or_else(|| Error::Request(inert::line(request)))
}

/// Never from an argument, which others on the machine can read, and never from what is typed, which
/// stays on the screen.
fn token(file: Option<&Path>) -> Result<Zeroizing<String>, Error> {
    let mut text = Zeroizing::new(String::new());
    match file {
        Some(file) => {
            let read = std::fs::read_to_string(file);
            text = Zeroizing::new(read.map_err(|error| Error::NoToken(Some(error)))?);
        }
        None if io::stdin().is_terminal() => return Err(Error::NoToken(None)),
        None => {
            let read = io::stdin().take(TOKEN_LIMIT).read_to_string(&mut text);
            read.map_err(|error| Error::NoToken(Some(error)))?;
        }
    }
    let token = Zeroizing::new(text.trim().to_owned());
    let fits = !token.is_empty() && token.bytes().all(|b| b.is_ascii_graphic());
    if fits { Ok(token) } else { Err(Error::NoToken(None)) }
}

/// Digits of a digest.
const WHOLE: usize = 64;
/// 48 bits name one request among those that somebody reads.
const DIGITS: std::ops::RangeInclusive<usize> = 12..=WHOLE;
/// Bytes; more than any function reads of one.
const TOKEN_LIMIT: u64 = 64 * 1024;
