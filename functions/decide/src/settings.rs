//! `people.toml`, as far as signing in goes: with whom people sign in to the page.

use std::{fs, io, path::Path};

use request::{Mistake, Mistakes, SecretName};
use serde::Deserialize;
use url::Url;

/// How people sign in.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// The alias in `issuers.toml` of the issuer that vouches for them.
    pub issuer: String,
    /// What we are called there.
    pub client_id: String,
    /// The secret that holds our client secret; without one we are a public client.
    pub client_secret: Option<SecretName>,
    /// Where people are sent.
    pub authorization_endpoint: Url,
    /// Where codes become tokens.
    pub token_endpoint: Url,
    /// What is asked for; `openid` is always among it.
    pub scopes: Vec<String>,
}

/// The file. What other parts of this function read of it is none of our business.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    sign_in: Option<Table>,
    #[serde(default, rename = "notify")]
    _notify: Option<toml::Table>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    issuer: String,
    client_id: String,
    client_secret: Option<String>,
    authorization_endpoint: String,
    token_endpoint: String,
    #[serde(default)]
    scopes: Vec<String>,
}

impl SignIn {
    /// Reads the file of this folder; nothing where there is none, or nobody signs in by it.
    ///
    /// # Errors
    /// Every mistake of it.
    pub fn read(folder: &Path) -> Result<Option<Self>, Mistakes> {
        match fs::read_to_string(folder.join(FILE)) {
            Ok(text) => Self::parse(&text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(mistakes(vec![format!("cannot be read: {error}")])),
        }
    }

    /// Reads its text.
    ///
    /// # Errors
    /// As for [`Self::read`].
    pub fn parse(text: &str) -> Result<Option<Self>, Mistakes> {
        let file: File = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            Mistakes(vec![Mistake::at(FILE, text, at, error.message())])
        })?;
        file.sign_in.map(Self::of).transpose().map_err(mistakes)
    }

    fn of(table: Table) -> Result<Self, Vec<String>> {
        let mut wrong = Vec::new();
        let authorization = endpoint("authorization_endpoint", &table.authorization_endpoint);
        let token = endpoint("token_endpoint", &table.token_endpoint);
        let secret = table.client_secret.map(SecretName::new).transpose();
        let secret = secret.map_err(|error| format!("`client_secret`: {error}"));
        for (name, text) in [("issuer", &table.issuer), ("client_id", &table.client_id)] {
            if text.is_empty() {
                wrong.push(format!("`{name}` is empty"));
            }
        }
        match (authorization, token, secret) {
            (Ok(authorization_endpoint), Ok(token_endpoint), Ok(client_secret))
                if wrong.is_empty() =>
            {
                Ok(Self {
                    issuer: table.issuer,
                    client_id: table.client_id,
                    client_secret,
                    authorization_endpoint,
                    token_endpoint,
                    scopes: scopes(table.scopes),
                })
            }
            (authorization, token, secret) => {
                wrong
                    .extend([authorization.err(), token.err(), secret.err()].into_iter().flatten());
                Err(wrong)
            }
        }
    }
}

/// Without `openid` there is no ID token, and so nobody signed in (OpenID Connect Core, 3.1.2.1).
fn scopes(given: Vec<String>) -> Vec<String> {
    let others = given.into_iter().filter(|scope| scope != "openid");
    std::iter::once("openid".to_owned()).chain(others).collect()
}

/// TLS, but on loopback (RFC 8252, 8.3): nobody can listen there who could not read our memory.
fn endpoint(name: &str, text: &str) -> Result<Url, String> {
    let wants = || format!("`{name}` must be an https URL without a user or a fragment");
    let url = Url::parse(text).map_err(|_| wants())?;
    let local = matches!(url.host_str(), Some("localhost" | "127.0.0.1"));
    let safe = url.scheme() == "https" || (url.scheme() == "http" && local);
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    if safe && plain { Ok(url) } else { Err(wants()) }
}

fn mistakes(texts: Vec<String>) -> Mistakes {
    let mistake = |text| Mistake { file: FILE.into(), line: 0, text };
    Mistakes(texts.into_iter().map(mistake).collect())
}

const FILE: &str = "people.toml";

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
        [sign_in]
        issuer = "people"
        client_id = "postern-page"
        authorization_endpoint = "https://login.example/auth"
        token_endpoint = "https://login.example/token"
        scopes = ["profile", "openid"]
        [notify.chat]
        kind = "slack"
    "#;

    #[test]
    fn what_is_said_is_read_and_openid_is_always_asked_for() {
        let sign_in = SignIn::parse(GOOD).unwrap().unwrap();
        assert_eq!(sign_in.scopes, ["openid", "profile"]);
        assert_eq!(sign_in.token_endpoint.as_str(), "https://login.example/token");
        assert!(sign_in.client_secret.is_none());
    }

    #[test]
    fn a_file_by_which_nobody_signs_in_is_a_good_one() {
        assert!(SignIn::parse("").unwrap().is_none());
        assert!(SignIn::parse("[notify.a]\nkind = \"slack\"").unwrap().is_none());
    }

    #[test]
    fn nobody_is_sent_anywhere_without_tls_except_to_this_machine() {
        for (url, good) in [
            ("http://login.example/token", false),
            ("https://a:b@login.example/token", false),
            ("https://login.example/token#a", false),
            ("/token", false),
            ("http://localhost:9/token", true),
            ("http://127.0.0.1:9/token", true),
        ] {
            let text = GOOD.replace("https://login.example/token", url);
            assert_eq!(SignIn::parse(&text).is_ok(), good, "{url}");
        }
    }

    #[test]
    fn what_is_not_known_is_a_mistake() {
        for wrong in ["client = \"x\"", "issuer = \"again\""] {
            let text =
                GOOD.replace("issuer = \"people\"", &format!("issuer = \"people\"\n{wrong}"));
            assert!(SignIn::parse(&text).is_err(), "{wrong}");
        }
        assert!(SignIn::parse("[signin]\nissuer = \"x\"").is_err());
        let empty = GOOD.replace("\"people\"", "\"\"");
        assert!(SignIn::parse(&empty).unwrap_err().to_string().contains("`issuer` is empty"));
    }
}
