//! The story's operator: asks the gate why a statement was refused, and is told what agents are not.

use std::process::Stdio;

use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt as _, process::Command};

use super::{Error, Told, steps::HIDDEN_DELETE};
use crate::{
    emulator::{Cloud, Emulator},
    postgres,
};

/// What came of asking about the delete that looks like a read, with the agent's token.
pub(super) async fn tell(on: &Emulator, cloud: Cloud, token: &str) -> Result<Told, Error> {
    let view = explain(on, cloud, "shop", HIDDEN_DELETE, token).await?;
    let text = |at: &str| view.pointer(at).and_then(Value::as_str).unwrap_or_default();
    let refused = format!("{}/{}", text("/refused/stage"), text("/refused/word"));
    let got = format!("{refused}, by {}", names(view.pointer("/refused/policies")));
    let (who, issuer) = (text("/chain/0/subject"), text("/chain/0/issuer"));
    let groups = names(view.pointer("/chain/0/groups"));
    let detail = format!("{who} of {issuer}, in {groups}: {}", text("/refused/because/0"));
    let step = "The operator asks why, and is told which policy spoke";
    let told = Told::new(cloud, step, "policy/forbid, by no-change-without-where", got);
    let (statement, detail) = (Some(HIDDEN_DELETE.into()), Some(detail));
    Ok(Told { statement, detail, explained: Some(view), ..told })
}

fn names(list: Option<&Value>) -> String {
    let list = list.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
}

/// What `postern explain --json` says, over the configuration and the state of this cloud's functions.
async fn explain(
    on: &Emulator,
    cloud: Cloud,
    target: &str,
    statement: &str,
    token: &str,
) -> Result<Value, Error> {
    let program = on.postern.as_ref().ok_or_else(|| Error::Explain("it is not built".into()))?;
    let password = &on.passwords.orders_agent;
    let login = json!({"username": postgres::ORDERS_AGENT, "password": password}).to_string();
    let mut child = Command::new(program)
        .arg("explain")
        .arg("--config")
        .arg(on.config(cloud))
        .arg("--state")
        .arg(on.ledger(cloud))
        .args(["--target", target, "--json", "--", statement])
        .env_clear()
        .env("SSL_CERT_FILE", on.authority().path())
        .env("POSTERN_LOGIN", login)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    // Dropped where it was written, so that the program reads to the end.
    if let Some(mut input) = child.stdin.take() {
        input.write_all(token.as_bytes()).await?;
    }
    let done = child.wait_with_output().await?;
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    serde_json::from_slice(&done.stdout).map_err(|_| Error::Explain(said))
}
