//! Settings: where things are, from the environment. What is decided stands in files.

use std::{env::VarError, path::PathBuf};

use request::{Mistake, Mistakes};

/// Where the ledger and everything else that is kept lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StateAt {
    /// A table of DynamoDB.
    DynamoDb(String),
    /// A file of SQLite; for one machine.
    Sqlite(PathBuf),
    /// A table of Azure Storage: the account's table endpoint, and the table.
    Tables(String, String),
}

/// The key that signs our own tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignerAt {
    /// A file with a private key; for one machine.
    File(PathBuf),
    /// A key of Key Vault: `NAME` or `NAME/VERSION`.
    KeyVault(String),
    /// A key of KMS, by its id or its ARN.
    Kms(String),
}

/// What is told of requests that wait for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkflowAt {
    /// A queue of Azure Storage, by its address.
    Queue(String),
    /// A state machine of Step Functions, by its ARN.
    StepFunctions(String),
}

/// Where the issuers' key sets come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeysAt {
    /// From the issuers themselves.
    Https,
    /// From the store, for a function without a way out; `jwks-sync` puts them there.
    Store,
}

/// Where a function finds what it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `POSTERN_CONFIG`: the folder with `issuers.toml`, `targets.toml` and `policies/`; `config`
    /// beside the function where it is not set.
    pub config: PathBuf,
    /// `POSTERN_STATE`: `dynamodb:TABLE`, `tables:https://ACCOUNT…/TABLE` or `sqlite:FILE`.
    pub state: StateAt,
    /// `POSTERN_SIGNER`: `kms:KEY`, `keyvault:KEY` or `file:PATH`; of the function that signs only.
    pub signer: Option<SignerAt>,
    /// `POSTERN_WORKFLOW`: `stepfunctions:ARN` or `queue:https://ACCOUNT…/QUEUE`; where it is not set,
    /// nobody is told of requests that wait, and they are run by whoever made them.
    pub workflow: Option<WorkflowAt>,
    /// `POSTERN_QUEUE`: the URL of the queue that asks people; of the function that consumes it only,
    /// and on AWS only.
    pub queue: Option<String>,
    /// `POSTERN_PAGE`: where people decide, `https://…`, for links; without a `/` at its end.
    pub page: Option<String>,
    /// `POSTERN_KEYS`: `https`, which is the default, or `store`.
    pub keys: KeysAt,
    /// `POSTERN_KEYS_PRIVATE`: `allow`, where an issuer is within the private network. Otherwise
    /// whoever fetches key sets for others connects to public addresses only.
    pub private_keys: bool,
    /// `POSTERN_VAULT_URL`: the Key Vault; on Azure only.
    pub vault: Option<String>,
    /// `AZURE_CLIENT_ID`: which of several identities to use; on Azure only.
    pub client: Option<String>,
    /// `POSTERN_LOG`: what to log, as tracing-subscriber's `EnvFilter` reads it; `info` by default.
    pub log: String,
}

impl Settings {
    /// Reads them from the environment of this process.
    ///
    /// # Errors
    /// Every mistake at once.
    #[expect(clippy::disallowed_methods, reason = "the one place where the environment is read")]
    pub fn from_env() -> Result<Self, Mistakes> {
        Self::read(&|name| std::env::var(name))
    }

    /// Reads them from wherever `find` looks.
    ///
    /// # Errors
    /// Every mistake at once.
    pub fn read(find: &dyn Fn(&str) -> Result<String, VarError>) -> Result<Self, Mistakes> {
        let mut mistakes = Vec::new();
        let mut find = |name: &str| match find(name) {
            Ok(value) if value.is_empty() => None,
            Ok(value) => Some(value),
            Err(VarError::NotPresent) => None,
            Err(VarError::NotUnicode(_)) => {
                mistakes.push(wrong(name, "is not UTF-8"));
                None
            }
        };
        let config = find("POSTERN_CONFIG").unwrap_or_else(|| "config".into());
        let (vault, client) = (find("POSTERN_VAULT_URL"), find("AZURE_CLIENT_ID"));
        let log = find("POSTERN_LOG").unwrap_or_else(|| "info".into());
        let (signer, keys) = (find("POSTERN_SIGNER"), find("POSTERN_KEYS"));
        let private_keys = find("POSTERN_KEYS_PRIVATE");
        let (workflow, queue) = (find("POSTERN_WORKFLOW"), find("POSTERN_QUEUE"));
        let page = find("POSTERN_PAGE");
        let state = find("POSTERN_STATE").as_deref().and_then(StateAt::parse);
        if state.is_none() {
            mistakes.push(wrong("POSTERN_STATE", STATE));
        }
        let named = signer.as_deref().map(SignerAt::parse);
        if named == Some(None) {
            mistakes.push(wrong("POSTERN_SIGNER", SIGNER));
        }
        let workflow = workflow.as_deref().map(WorkflowAt::parse);
        if workflow == Some(None) {
            mistakes.push(wrong("POSTERN_WORKFLOW", WORKFLOW));
        }
        if page.as_deref().is_some_and(|url| !is_page(url)) {
            mistakes.push(wrong("POSTERN_PAGE", "is an https:// URL without query and fragment"));
        }
        let keys = KeysAt::parse(keys.as_deref());
        if keys.is_none() {
            mistakes.push(wrong("POSTERN_KEYS", "is `https` or `store`"));
        }
        if private_keys.as_deref().is_some_and(|text| text != "allow") {
            mistakes.push(wrong("POSTERN_KEYS_PRIVATE", "is `allow`, or not set"));
        }
        if vault.as_deref().is_some_and(|url| !url.starts_with("https://")) {
            mistakes.push(wrong("POSTERN_VAULT_URL", "is an https:// URL"));
        }
        match (state, keys) {
            (Some(state), Some(keys)) if mistakes.is_empty() => Ok(Self {
                config: config.into(),
                state,
                signer: named.flatten(),
                workflow: workflow.flatten(),
                queue,
                page: page.map(|url| url.trim_end_matches('/').to_owned()),
                keys,
                private_keys: private_keys.is_some(),
                vault,
                client,
                log,
            }),
            _ => Err(Mistakes(mistakes)),
        }
    }
}

impl StateAt {
    fn parse(text: &str) -> Option<Self> {
        let (kind, place) = text.split_once(':')?;
        if place.is_empty() {
            return None;
        }
        match kind {
            "dynamodb" => Some(Self::DynamoDb(place.to_owned())),
            "sqlite" => Some(Self::Sqlite(place.into())),
            "tables" if place.starts_with("https://") => {
                let (account, table) = place.rsplit_once('/')?;
                let named = !table.is_empty() && table.bytes().all(|b| b.is_ascii_alphanumeric());
                named.then(|| Self::Tables(account.to_owned(), table.to_owned()))
            }
            _ => None,
        }
    }
}

impl SignerAt {
    fn parse(text: &str) -> Option<Self> {
        let (kind, key) = text.split_once(':').filter(|(_, key)| !key.is_empty())?;
        match kind {
            "file" => Some(Self::File(key.into())),
            "keyvault" => Some(Self::KeyVault(key.to_owned())),
            "kms" => Some(Self::Kms(key.to_owned())),
            _ => None,
        }
    }
}

impl WorkflowAt {
    fn parse(text: &str) -> Option<Self> {
        let (kind, place) = text.split_once(':')?;
        match kind {
            "queue" if place.starts_with("https://") => {
                // Beside it is the queue `runs`, which must be another.
                let (account, queue) = place.rsplit_once('/')?;
                let named = !account.ends_with('/') && !matches!(queue, "" | "runs");
                named.then(|| Self::Queue(place.to_owned()))
            }
            "stepfunctions" if place.starts_with("arn:") => {
                Some(Self::StepFunctions(place.to_owned()))
            }
            _ => None,
        }
    }
}

impl KeysAt {
    fn parse(text: Option<&str>) -> Option<Self> {
        match text {
            None | Some("https") => Some(Self::Https),
            Some("store") => Some(Self::Store),
            Some(_) => None,
        }
    }
}

/// Whether links can begin so. In the clear only to this very machine, where there is no way between.
fn is_page(url: &str) -> bool {
    let local = ["http://127.0.0.1:", "http://localhost:"];
    let safe = url.starts_with("https://") || local.iter().any(|start| url.starts_with(start));
    safe && url.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'?' | b'#' | b'"' | b'<'))
}

fn wrong(name: &str, text: &str) -> Mistake {
    Mistake { file: "environment".into(), line: 0, text: format!("`{name}` {text}") }
}

const STATE: &str =
    "says where state is kept: `dynamodb:TABLE`, `tables:https://…/TABLE` or `sqlite:FILE`";

const SIGNER: &str = "says what signs tokens: `kms:KEY`, `keyvault:KEY` or `file:PATH`";

const WORKFLOW: &str =
    "says what is told of requests that wait: `stepfunctions:ARN` or `queue:https://…/QUEUE`";

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Settings, Mistakes> {
        Settings::read(&|name| {
            let found = pairs.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned()).ok_or(VarError::NotPresent)
        })
    }

    #[test]
    fn each_kind_of_state_is_read() {
        let state = |text| read(&[("POSTERN_STATE", text)]).map(|settings| settings.state);
        assert_eq!(state("dynamodb:postern").unwrap(), StateAt::DynamoDb("postern".into()));
        assert_eq!(state("sqlite:/data/l.db").unwrap(), StateAt::Sqlite("/data/l.db".into()));
        assert_eq!(
            state("tables:https://a.table.core.windows.net/postern").unwrap(),
            StateAt::Tables("https://a.table.core.windows.net".into(), "postern".into())
        );
        assert!(state("tables:http://a.table.core.windows.net/postern").is_err());
        assert!(state("memory:").is_err());
    }

    #[test]
    fn nothing_starts_without_a_place_for_the_ledger_and_all_mistakes_are_told() {
        let mistakes = read(&[("POSTERN_VAULT_URL", "http://vault")]).unwrap_err();
        assert_eq!(mistakes.0.len(), 2, "{mistakes}");
    }

    #[test]
    fn each_kind_of_signer_is_read() {
        let signer = |text: &str| {
            read(&[("POSTERN_STATE", "sqlite:l.db"), ("POSTERN_SIGNER", text)])
                .map(|settings| settings.signer)
        };
        let arn = "arn:aws:kms:eu-west-1:111122223333:key/0a1b";
        let kms = format!("kms:{arn}");
        assert_eq!(signer(&kms).unwrap(), Some(SignerAt::Kms(arn.into())));
        assert_eq!(signer("keyvault:a/0f").unwrap(), Some(SignerAt::KeyVault("a/0f".into())));
        assert_eq!(signer("file:/k.pem").unwrap(), Some(SignerAt::File("/k.pem".into())));
        assert_eq!(signer("").unwrap(), None);
        for wrong in ["kms:", "kms", "0a1b", "vault:a"] {
            assert!(signer(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn each_kind_of_workflow_is_read() {
        let workflow = |text: &str| {
            read(&[("POSTERN_STATE", "sqlite:l.db"), ("POSTERN_WORKFLOW", text)])
                .map(|settings| settings.workflow)
        };
        let arn = "arn:aws:states:eu-west-1:111122223333:stateMachine:approval";
        let machine = WorkflowAt::StepFunctions(arn.into());
        assert_eq!(workflow(&format!("stepfunctions:{arn}")).unwrap(), Some(machine));
        let url = "https://shop.queue.core.windows.net/approvals";
        assert_eq!(workflow(&format!("queue:{url}")).unwrap(), Some(WorkflowAt::Queue(url.into())));
        assert_eq!(workflow("").unwrap(), None);
        let wrong = ["sqs:x", "stepfunctions:approval", "queue:http://a.example/approvals"];
        for wrong in wrong.into_iter().chain(["queue:https://a/", "queue:https://a/runs", "queue"])
        {
            assert!(workflow(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_page_has_an_address_that_links_can_begin_with() {
        let page = |text: &str| {
            read(&[("POSTERN_STATE", "sqlite:l.db"), ("POSTERN_PAGE", text)])
                .map(|settings| settings.page)
        };
        let fine = Some("https://approvals.example/a".to_owned());
        assert_eq!(page("https://approvals.example/a/").unwrap(), fine);
        assert_eq!(page("http://127.0.0.1:8080").unwrap(), Some("http://127.0.0.1:8080".into()));
        assert_eq!(page("").unwrap(), None);
        for wrong in ["http://approvals.example", "https://a.example/?a", "https://a b", "a"] {
            assert!(page(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn keys_come_from_their_issuers_and_from_public_ones_unless_it_is_said_otherwise() {
        let keys = |name: &str, text: &str| {
            read(&[("POSTERN_STATE", "sqlite:l.db"), (name, text)])
                .map(|settings| (settings.keys, settings.private_keys))
        };
        assert_eq!(keys("POSTERN_KEYS", "").unwrap(), (KeysAt::Https, false));
        assert_eq!(keys("POSTERN_KEYS", "store").unwrap(), (KeysAt::Store, false));
        assert_eq!(keys("POSTERN_KEYS_PRIVATE", "allow").unwrap(), (KeysAt::Https, true));
        assert!(keys("POSTERN_KEYS", "disk").is_err());
        assert!(keys("POSTERN_KEYS_PRIVATE", "false").is_err());
    }
}
