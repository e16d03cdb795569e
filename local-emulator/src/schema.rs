//! A schema of masked views, as a script: made, made anew and removed (`postern mask apply`).
//!
//! The views have the tables' names and show masks in the place of tagged values. Their owner alone
//! reads the tables; a role that was given the views has no right to what is beneath them, so that the
//! database itself keeps the values back.

mod masks;
mod names;
mod plan;
mod removal;
mod script;
mod survey;

use credentials::MaskKey;
use policy::Target;
use tokio_postgres::{Client, types::Type};

pub use masks::Masks;
pub use names::Names;
pub use script::{Script, Step};

/// Why there is no script, or it was not executed. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The base schema cannot be told from the configuration.
    #[error("the tags are not of one schema; say with `--base` which one is to be masked")]
    Base,
    /// A tagged column that is not there: a misspelt name would leave a column bare.
    #[error("column `{0}` is tagged and does not exist")]
    Column(String),
    /// Something in the way that this program has not made.
    #[error("{0} is in the way and was not made by this program")]
    Foreign(String),
    /// Several columns of the same tables have names that differ in case only.
    #[error("`{0}` has two tags")]
    Tags(String),
    /// The snapshot contradicts itself.
    #[error(transparent)]
    Catalogue(#[from] catalogue::Error),
    /// A mask that there is not.
    #[error("`{0}` is no mask: it is written `tag:word`, the word one of {1}")]
    Mask(String, &'static str),
    /// A profile that makes no name.
    #[error("`{0}` is no profile: 1 to 32 lower-case letters, digits and `_`, the first a letter")]
    Profile(String),
    /// A role's name that cannot stand in a script.
    #[error("role `{0}` cannot be named in a script")]
    Role(String),
    /// No such relation, role or schema.
    #[error("{0} does not exist")]
    Missing(String),
    /// The server refused, or cannot be reached; nothing was changed.
    #[error("the server did not do it: {}", self::said(.0))]
    Server(#[from] tokio_postgres::Error),
    /// Tokens are to be made and nobody gave their key.
    #[error("tokens take a key")]
    NoKey,
}

fn said(error: &tokio_postgres::Error) -> String {
    error.as_db_error().map_or_else(|| error.to_string(), |said| said.message().to_owned())
}

/// What is to be made.
pub struct Order<'a> {
    /// The target whose tags hold.
    pub target: &'a Target,
    /// Names of what is made.
    pub names: &'a Names,
    /// The schema whose tables are shown masked; without it, the one that the configuration means.
    pub base: Option<&'a str>,
    /// How each tag is shown.
    pub masks: &'a Masks,
    /// Who is to read the views, and nothing beneath them.
    pub role: Option<&'a str>,
}

/// The script that makes a masked schema, or brings it up to date: run again, it changes nothing.
/// Reads the database as it stands.
///
/// # Errors
/// [`Error`]: something is in the way, or is missing.
pub async fn make(client: &Client, order: &Order<'_>) -> Result<Script, Error> {
    let base = base(order)?;
    let survey = survey::take(client, &base, order.names).await?;
    let plan = plan::of(order, &survey)?;
    script::of(order, &survey, &plan)
}

/// The script that removes what [`make`] made for this profile, and nothing else.
///
/// # Errors
/// [`Error::Foreign`]: something else has come to lie there.
pub async fn remove(client: &Client, names: &Names) -> Result<Script, Error> {
    let made = survey::made(client, names).await?;
    removal::of(names, &made)
}

/// Executes a script in one transaction. The key goes in as parameters, past every log of statements.
///
/// # Errors
/// [`Error`]: nothing was changed.
pub async fn execute(client: &Client, script: &Script, key: Option<&MaskKey>) -> Result<(), Error> {
    let done = steps(client, script, key).await;
    if done.is_err() {
        // The connection may be gone, and the transaction with it.
        let _ = client.batch_execute("ROLLBACK").await;
    }
    done
}

async fn steps(client: &Client, script: &Script, key: Option<&MaskKey>) -> Result<(), Error> {
    for step in &script.steps {
        match step {
            Step::Say(_) => {}
            Step::Do(statement) => client.batch_execute(statement).await?,
            Step::Key(statement) => {
                let key = key.ok_or(Error::NoKey)?;
                let (inner, outer) = (key.inner(), key.outer());
                let (inner, outer) = (inner.as_slice(), outer.as_slice());
                let params: &[(&(dyn tokio_postgres::types::ToSql + Sync), Type)] =
                    &[(&inner, Type::BYTEA), (&outer, Type::BYTEA)];
                client.query_typed(statement, params).await?;
            }
        }
    }
    Ok(())
}

/// The schema of the tables: that of the target, or of its tags where the target has masked views
/// already.
fn base(order: &Order<'_>) -> Result<String, Error> {
    if let Some(base) = order.base {
        return Ok(base.to_owned());
    }
    if order.target.schema != order.names.schema {
        return Ok(order.target.schema.clone());
    }
    let mut schemas: Vec<&str> =
        order.target.tags.keys().filter_map(|relation| Some(relation.split_once('.')?.0)).collect();
    schemas.dedup();
    match schemas[..] {
        [one] => Ok(one.to_owned()),
        _ => Err(Error::Base),
    }
}
