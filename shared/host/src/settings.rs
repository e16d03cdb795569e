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

/// Where a function finds what it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `POSTERN_CONFIG`: the folder with `issuers.toml`, `targets.toml` and `policies/`; `config`
    /// beside the function where it is not set.
    pub config: PathBuf,
    /// `POSTERN_STATE`: `dynamodb:TABLE`, `tables:https://ACCOUNT…/TABLE` or `sqlite:FILE`.
    pub state: StateAt,
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
        let state = find("POSTERN_STATE").as_deref().and_then(StateAt::parse);
        if state.is_none() {
            mistakes.push(wrong("POSTERN_STATE", STATE));
        }
        if vault.as_deref().is_some_and(|url| !url.starts_with("https://")) {
            mistakes.push(wrong("POSTERN_VAULT_URL", "is an https:// URL"));
        }
        match state {
            Some(state) if mistakes.is_empty() => {
                Ok(Self { config: config.into(), state, vault, client, log })
            }
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

fn wrong(name: &str, text: &str) -> Mistake {
    Mistake { file: "environment".into(), line: 0, text: format!("`{name}` {text}") }
}

const STATE: &str =
    "says where state is kept: `dynamodb:TABLE`, `tables:https://…/TABLE` or `sqlite:FILE`";

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
}
