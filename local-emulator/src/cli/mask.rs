//! `postern mask apply`: the masked schema of a target, printed for review or executed.

use std::{
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use clap::Args;

use super::{Environment, Error, Login, connect, login::mask_key, targets};
use crate::schema::{self, Masks, Names, Order};

/// Make, bring up to date or remove the masked views of a target.
#[derive(Args)]
#[command(group = clap::ArgGroup::new("mode").args(["dry_run", "execute"]))]
pub struct Options {
    /// The gate's `targets.toml`.
    #[arg(long, value_name = "FILE")]
    targets: PathBuf,
    /// The target.
    #[arg(long, value_name = "NAME")]
    target: String,
    /// The profile: the views come to lie in the schema `masked_<profile>`.
    #[arg(long, value_name = "PROFILE")]
    profile: String,
    /// How each tag is shown, as in a policy's `@mask`: "ssn:redact, card:last4". Tags that are not
    /// named are redacted.
    #[arg(long, value_name = "LIST", default_value = "")]
    masks: String,
    /// The schema of the tables, where the target's own is not it.
    #[arg(long, value_name = "SCHEMA")]
    base: Option<String>,
    /// The target's role: it is given the views, and everything else in the schema of the tables is
    /// taken from it.
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// A file with an administrator's login, {"username":…,"password":…}. Otherwise it is looked for
    /// in the environment: `POSTERN_LOGIN_<TARGET>`, or `POSTERN_LOGIN`.
    #[arg(long, value_name = "FILE")]
    login: Option<PathBuf>,
    /// A file with the key of the target's tokens, {"key":…}. Otherwise it is looked for in the
    /// environment: `POSTERN_MASK_KEY_<TARGET>`, or `POSTERN_MASK_KEY`. Only `--execute` needs it.
    #[arg(long, value_name = "FILE")]
    mask_key: Option<PathBuf>,
    /// Print the script and change nothing, which is what happens anyway.
    #[arg(long)]
    dry_run: bool,
    /// Execute the script in one transaction, and print it.
    #[arg(long)]
    execute: bool,
    /// Remove what was made for the profile instead.
    #[arg(long)]
    remove: bool,
}

/// Prints the script, after executing it if that was asked for.
///
/// # Errors
/// There is no script, or it was not executed: nothing has changed.
pub async fn run(options: &Options, on: Environment<'_>) -> Result<ExitCode, Error> {
    let targets = targets(&options.targets, Some(&options.target))?;
    let (names, masks) = (Names::of(&options.profile)?, Masks::parse(&options.masks)?);
    let target = targets.first().ok_or_else(|| Error::NoTarget(options.target.clone()))?;
    let login = Login::find(target, options.login.as_deref(), on)?;
    let client = connect(target, &login).await?;
    let script = if options.remove {
        schema::remove(&client, &names).await?
    } else {
        let (base, role) = (options.base.as_deref(), options.role.as_deref());
        let order = Order { target, names: &names, base, masks: &masks, role };
        schema::make(&client, &order).await?
    };
    if options.execute && !options.dry_run {
        let key = script.keyed().then(|| mask_key(target, options.mask_key.as_deref(), on));
        schema::execute(&client, &script, key.transpose()?.as_ref()).await?;
    }
    write!(io::stdout(), "{script}")?;
    Ok(ExitCode::SUCCESS)
}
