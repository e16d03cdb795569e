//! The operator's command line: which target is meant, who logs in, and what came of it.

pub mod approvals;
mod connection;
pub mod doctor;
pub mod explain;
mod login;
pub mod mask;

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use policy::{Target, Targets};
use request::{Mistakes, TargetName};

pub use connection::connect;
pub use login::Login;

/// Where settings are looked up: the process's environment, or what a test puts in its place.
pub type Environment<'e> = &'e dyn Fn(&str) -> Option<String>;

/// Why a command could not find out what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing was shown of what waits for people, or nothing was decided.
    #[error(transparent)]
    Approvals(#[from] approvals::Error),
    /// The platform has no authorities, and the target names none.
    #[error("target `{0}` names no `authority`, and the platform has none either")]
    Authority(TargetName),
    /// A file could not be read.
    #[error("`{}` cannot be read", .0.display())]
    File(PathBuf, #[source] io::Error),
    /// The configuration has mistakes.
    #[error("{0}")]
    Mistakes(#[from] Mistakes),
    /// A key that cannot prove anything.
    #[error("the key cannot be used")]
    Key(#[from] crate::key::Error),
    /// Nobody said with which login.
    #[error("there is no login for target `{0}`: `--login FILE`, or `{1}` in the environment")]
    NoLogin(TargetName, String),
    /// A key that is needed is not there.
    #[error("tokens take the target's key: `--mask-key FILE`, or `{0}` in the environment")]
    NoKey(String),
    /// There is nothing where the gate's state should be.
    #[error("there is no state at `{}`", .0.display())]
    NoState(PathBuf),
    /// A key was given, and no token is bound to it.
    #[error("the gate issues no tokens, so that no key is of use to it")]
    NoTokens,
    /// The configuration has no such target.
    #[error("there is no target `{0}`")]
    NoTarget(String),
    /// What is asked is no request.
    #[error(transparent)]
    Request(#[from] request::Error),
    /// One login for several targets.
    #[error("a login is for one target: say which with `--target`")]
    Several,
    /// A secret that is not what it must be.
    #[error("the {0} has not the shape {1}")]
    Shape(&'static str, &'static str),
    /// The gate's state cannot be opened.
    #[error("the state cannot be opened")]
    State(#[from] state::Error),
    /// The server could not be asked.
    #[error("the target cannot be asked: {}", self::said(.0))]
    Target(#[source] tokio_postgres::Error),
    /// A connection cannot be protected.
    #[error("TLS cannot be set up")]
    Tls(#[from] rustls::Error),
    /// The masked schema cannot be made or removed.
    #[error(transparent)]
    Schema(#[from] crate::schema::Error),
    /// Nothing can be printed.
    #[error("the output cannot be written")]
    Output(#[from] io::Error),
}

/// What the server said, for its own operator; else what the driver says.
fn said(error: &tokio_postgres::Error) -> String {
    error.as_db_error().map_or_else(|| error.to_string(), |said| said.message().to_owned())
}

/// The targets of a file, or the one of them that was named.
///
/// # Errors
/// The file cannot be read or has mistakes, or there is no such target.
pub fn targets(file: &Path, named: Option<&str>) -> Result<Vec<Arc<Target>>, Error> {
    let text = read(file)?;
    let beside = |name: &str| fs::read_to_string(file.with_file_name(name)).ok();
    let targets = Targets::parse(&file.display().to_string(), &text, &beside)?;
    let Some(named) = named else { return Ok(targets.iter().cloned().collect()) };
    let found = TargetName::new(named).ok().and_then(|name| targets.find(&name).cloned());
    Ok(vec![found.ok_or_else(|| Error::NoTarget(named.to_owned()))?])
}

fn read(file: &Path) -> Result<String, Error> {
    fs::read_to_string(file).map_err(|error| Error::File(file.to_owned(), error))
}
