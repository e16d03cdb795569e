//! `postern explain`: what the gate of this machine would do with a statement, and why, in the words of
//! those who run it.

mod gate;
mod page;
mod view;

use std::{
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

use clap::Args;
use enforce::{Kind, Ports};
use host::KeysAt;
use request::{
    Ask, Bearer, Deadline, Digest, Over, Params, Presented, Proof, Reason, RequestId, Scheme,
    Source, Statement, TargetName,
};
use serde_json::Value;

use super::{Environment, Error, read};
use crate::key::Key;
use gate::Gate;
use view::View;

/// Take a statement as far as the decision, without running it, and tell everything that decided.
///
/// It is asked as the agent whose token is shown, and leaves the records that its request would leave.
/// What is told is for those who run Postern: agents ask `POST /v1/explain`.
#[derive(Args)]
pub struct Options {
    /// The gate's configuration: the folder with `issuers.toml`, `targets.toml` and `policies`.
    #[arg(long, value_name = "FOLDER")]
    config: PathBuf,
    /// The gate's state, a file of SQLite.
    #[arg(long, value_name = "FILE")]
    state: PathBuf,
    /// The target.
    #[arg(long, value_name = "NAME")]
    target: String,
    /// A file with the agent's token; without one it is read from standard input.
    #[arg(long, value_name = "FILE")]
    token: Option<PathBuf>,
    /// A file with the key that the token is bound to, PKCS #8 in PEM.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// The value of the next parameter, as JSON.
    #[arg(long = "param", value_name = "JSON")]
    params: Vec<String>,
    /// Why, as the agent would say.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// A file with the target's login, {"username":…,"password":…}. Otherwise it is looked for in the
    /// environment: `POSTERN_LOGIN_<TARGET>`, or `POSTERN_LOGIN`.
    #[arg(long, value_name = "FILE")]
    login: Option<PathBuf>,
    /// Take the issuers' keys from the state, where `jwks-sync` puts them.
    #[arg(long)]
    stored_keys: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    /// The statement.
    #[arg(value_name = "STATEMENT")]
    statement: String,
}

/// Prints what would be done: 0 where it would be run or people be asked, 1 where it would be refused,
/// 2 where that could not be found out.
///
/// # Errors
/// The gate cannot be put together, or what is asked is no request.
pub async fn run(options: &Options, on: Environment<'_>) -> Result<ExitCode, Error> {
    host::tls()?;
    let keys = if options.stored_keys { KeysAt::Store } else { KeysAt::Https };
    let gate = Gate::of(&options.config, &options.state, keys, &options.target, |target| {
        super::Login::secret(target, options.login.as_deref(), on)
    })?;
    let token = token(options)?;
    let key = options.key.as_deref().map(|file| Ok::<_, Error>(Key::read(read(file)?)?));
    let presented = presented(token, key.transpose()?.as_ref(), &gate.ports).await?;
    let ask = ask(options, gate.target.clone(), presented)?;
    let who = identity::verify(&ask.presented, &gate.ports.verifier).await.ok();
    let explained = enforce::explain(ask, &gate.ports).await;
    let unknown = explained.as_ref().err().map(|refusal| refusal.cause.kind());
    let view = View::of(&gate.target, who.as_ref().map(|who| who.get()), explained);
    let mut out = io::stdout();
    match options.json {
        true => writeln!(out, "{}", serde_json::to_string(&view).unwrap_or_default())?,
        false => write!(out, "{}", page::of(&view))?,
    }
    Ok(match unknown {
        None => ExitCode::SUCCESS,
        Some(Kind::Broken | Kind::Timeout | Kind::Unavailable | Kind::Unknown) => 2.into(),
        Some(_) => 1.into(),
    })
}

/// Never from the command line, which others can read.
fn token(options: &Options) -> Result<String, Error> {
    let text = match &options.token {
        Some(file) => read(file)?,
        None => io::read_to_string(io::stdin())?,
    };
    Ok(text.trim().to_owned())
}

/// What the agent would show: with the key, a proof made for this very question.
async fn presented(token: String, key: Option<&Key>, on: &Ports) -> Result<Presented, Error> {
    let mut over = Over { method: "POST".into(), path: PATH.into(), body: None };
    let Some(key) = key else {
        let token = Bearer::new(token);
        return Ok(Presented { scheme: Scheme::Bearer, token, proof: None, over });
    };
    let base = on.verifier.own().and_then(|own| own.urls().last()).ok_or(Error::NoTokens)?;
    let (url, nonce) = (format!("{base}{PATH}"), on.nonce().await);
    over.body = Some(Digest::of(b""));
    let proof = key.proof("POST", &url, Some(&token), Some(b""), nonce.as_deref())?;
    let (token, proof) = (Bearer::new(token), Some(Proof::new(proof)));
    Ok(Presented { scheme: Scheme::Dpop, token, proof, over })
}

fn ask(options: &Options, target: TargetName, presented: Presented) -> Result<Ask, Error> {
    let params: Result<Vec<Value>, _> =
        options.params.iter().map(|text| serde_json::from_str(text)).collect();
    let params =
        params.map_err(|_| Error::Shape("parameter", "of a JSON value: 7, \"open\", null"))?;
    Ok(Ask {
        id: RequestId::fresh(),
        presented,
        target,
        statement: Statement::new(options.statement.as_str())?,
        params: Params::new(params)?,
        reason: options.reason.as_deref().map(Reason::new).transpose()?,
        idempotency_key: None,
        source: Source::default(),
        deadline: Deadline::within(WITHIN),
    })
}

/// What agents ask for the same in their own terms.
const PATH: &str = "/v1/explain";

/// As long as an API gateway waits.
const WITHIN: Duration = Duration::from_secs(29);
