//! Key Vault and the managed identity that opens it, as Microsoft's SDKs for Rust and for Python find
//! them: over TLS, under the vault's real name, with the challenge checked.

mod keys;

use std::{collections::BTreeMap, path::PathBuf};

use azure_core::http::{ClientOptions, RetryOptions};
use azure_identity::{ManagedIdentityCredential, ManagedIdentityCredentialOptions, UserAssignedId};
use azure_security_keyvault_secrets::{
    SecretClient, SecretClientOptions, models::SecretClientGetSecretOptions,
};
use local_emulator::{
    ca::Authority, key_vault::Server as KeyVault, managed_identity::Server as Identity,
    serve::Fault,
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::child;

struct Cloud {
    folder: TempDir,
    vault: KeyVault,
    identity: Identity,
}

impl Cloud {
    async fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let authority = Authority::new(folder.path()).unwrap();
        let identity = Identity::start().await.unwrap();
        let vault = KeyVault::start(&authority, identity.tokens()).await.unwrap();
        Self { folder, vault, identity }
    }

    /// What the platform would put into a function's environment.
    fn env(&self) -> Vec<(&'static str, String)> {
        let authority = self.folder.path().join("ca.pem").to_str().unwrap().to_owned();
        vec![
            ("IDENTITY_ENDPOINT", self.identity.endpoint()),
            ("IDENTITY_HEADER", self.identity.header().to_owned()),
            ("AZURE_CLIENT_ID", self.identity.client().to_owned()),
            ("HTTPS_PROXY", self.vault.proxy()),
            ("VAULT", self.vault.url()),
            ("SSL_CERT_FILE", authority),
        ]
    }

    async fn fetches(&self, secret: &str, version: &str, outcome: &str) {
        self.fetches_with(&[], secret, version, outcome).await;
    }

    async fn fetches_with(
        &self,
        other: &[(&'static str, &str)],
        secret: &str,
        version: &str,
        outcome: &str,
    ) {
        let mut env = self.env();
        env.extend(other.iter().map(|&(name, value)| (name, value.to_owned())));
        let asked = [("SECRET", secret), ("VERSION", version), ("OUTCOME", outcome)];
        env.extend(asked.map(|(name, value)| (name, value.to_owned())));
        child::run("key_vault::in_a_process_of_its_own", &env).await;
    }

    /// A client that trusts the vault and asks what it is told to, with no checks of its own.
    fn plain_client(&self) -> reqwest::Client {
        let ca = std::fs::read(self.folder.path().join("ca.pem")).unwrap();
        let root = reqwest::Certificate::from_pem(&ca).unwrap();
        reqwest::Client::builder().tls_certs_only([root]).build().unwrap()
    }

    /// A token for this resource, from the identity endpoint.
    async fn token(&self, resource: &str) -> String {
        let query = [("resource", resource), ("api-version", "2019-08-01")];
        let ask = self.plain_client().get(self.identity.endpoint()).query(&query);
        let ask = ask.header("x-identity-header", self.identity.header());
        let answer: serde_json::Value = ask.send().await.unwrap().json().await.unwrap();
        answer["access_token"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn the_newest_version_is_fetched_and_an_older_one_by_its_name() {
    let cloud = Cloud::start().await;
    let first = cloud.vault.put("orders-db", "one");
    let second = cloud.vault.put("orders-db", "two");
    cloud.fetches("orders-db", "", &format!("two {second}")).await;
    cloud.fetches("orders-db", &first, &format!("one {first}")).await;
    assert_eq!(cloud.vault.control().calls("GetSecret"), 2);
    assert_eq!(cloud.vault.control().calls("challenge"), 2);
    assert_eq!(cloud.identity.control().calls("token"), 2);
}

#[tokio::test]
async fn a_missing_secret_or_version_is_missing() {
    let cloud = Cloud::start().await;
    cloud.fetches("orders-db", "", "SecretNotFound").await;
    cloud.vault.put("orders-db", "one");
    cloud.fetches("orders-db", "0123456789abcdef0123456789abcdef", "SecretNotFound").await;
}

#[tokio::test]
async fn who_does_not_know_the_identity_header_gets_no_token() {
    let cloud = Cloud::start().await;
    cloud.vault.put("orders-db", "one");
    cloud.fetches_with(&[("IDENTITY_HEADER", "guessed")], "orders-db", "", "no answer").await;
    let foreign = [("AZURE_CLIENT_ID", "00000000-0000-0000-0000-000000000000")];
    cloud.fetches_with(&foreign, "orders-db", "", "no answer").await;
    assert_eq!(cloud.identity.control().calls("token"), 0);
    assert_eq!(cloud.vault.control().calls("GetSecret"), 0);
}

#[tokio::test]
async fn who_does_not_trust_our_authority_hangs_up() {
    let cloud = Cloud::start().await;
    cloud.vault.put("orders-db", "one");
    let other = TempDir::new().unwrap();
    let other = Authority::new(other.path()).unwrap().path().to_str().unwrap().to_owned();
    cloud.fetches_with(&[("SSL_CERT_FILE", &other)], "orders-db", "", "no answer").await;
    assert_eq!(cloud.vault.control().requests(), 0);
}

#[tokio::test]
async fn a_token_of_another_identity_is_refused() {
    let cloud = Cloud::start().await;
    cloud.vault.put("orders-db", "one");
    let stranger = Identity::start().await.unwrap();
    let env = [
        ("IDENTITY_ENDPOINT", stranger.endpoint()),
        ("IDENTITY_HEADER", stranger.header().to_owned()),
        ("AZURE_CLIENT_ID", stranger.client().to_owned()),
    ];
    let env: Vec<_> = env.iter().map(|(name, value)| (*name, value.as_str())).collect();
    cloud.fetches_with(&env, "orders-db", "", "Unauthorized").await;
    assert_eq!(cloud.vault.control().calls("GetSecret"), 0);
}

#[tokio::test]
async fn a_token_opens_the_vault_for_its_resource_until_it_ends() {
    let cloud = Cloud::start().await;
    cloud.vault.put("orders-db", "one");
    let client = cloud.plain_client();
    let open = async |token: &str| {
        let url = format!("{}secrets/orders-db/?api-version=7.6", cloud.vault.direct_url());
        client.get(url).bearer_auth(token).send().await.unwrap().status().as_u16()
    };
    let good = cloud.token("https://vault.azure.net").await;
    assert_eq!(open(&good).await, 200);
    assert_eq!(open(&cloud.token("https://storage.azure.com").await).await, 401);
    cloud.identity.tokens().revoke();
    assert_eq!(open(&good).await, 401);
    cloud.identity.tokens().last(std::time::Duration::ZERO);
    assert_eq!(open(&cloud.token("https://vault.azure.net").await).await, 401);
}

#[tokio::test]
async fn a_broken_vault_breaks_as_told() {
    let cloud = Cloud::start().await;
    cloud.vault.put("orders-db", "one");
    for (fault, outcome) in [
        (Fault::Down, "no answer"),
        (Fault::Failing, "InternalServerError"),
        (Fault::Throttled, "Throttled"),
    ] {
        cloud.vault.control().set(Some(fault));
        cloud.fetches("orders-db", "", outcome).await;
    }
    cloud.vault.control().set(None);
    cloud.identity.control().set(Some(Fault::Down));
    cloud.fetches("orders-db", "", "no answer").await;
}

#[tokio::test]
async fn in_a_process_of_its_own() {
    if !child::here() {
        return;
    }
    let secret = child::variable("SECRET").unwrap();
    let version = child::variable("VERSION").filter(|version| !version.is_empty());
    assert_eq!(fetched(&secret, version).await, child::variable("OUTCOME").unwrap());
}

async fn fetched(secret: &str, version: Option<String>) -> String {
    let options = SecretClientGetSecretOptions { secret_version: version, ..Default::default() };
    match client().get_secret(secret, Some(options)).await {
        Ok(answer) => {
            let secret = answer.into_model().unwrap();
            let version = secret.id.unwrap().rsplit('/').next().unwrap().to_owned();
            format!("{} {version}", secret.value.unwrap())
        }
        Err(error) => match error.kind() {
            azure_core::error::ErrorKind::HttpResponse { error_code: Some(code), .. } => {
                code.clone()
            }
            _ => "no answer".to_owned(),
        },
    }
}

fn client() -> SecretClient {
    let once = || ClientOptions { retry: RetryOptions::none(), ..Default::default() };
    let id = UserAssignedId::ClientId(child::variable("AZURE_CLIENT_ID").unwrap());
    let credential = ManagedIdentityCredential::new(Some(ManagedIdentityCredentialOptions {
        user_assigned_id: Some(id),
        client_options: once(),
    }));
    let options = SecretClientOptions { client_options: once(), ..Default::default() };
    let vault = child::variable("VAULT").unwrap();
    SecretClient::new(&vault, credential.unwrap(), Some(options)).unwrap()
}

#[tokio::test]
async fn the_proxy_leads_to_the_vault_and_nowhere_else() {
    let cloud = Cloud::start().await;
    let proxy = cloud.vault.proxy().rsplit('/').next().unwrap().to_owned();
    for (line, status) in [
        ("CONNECT shop.vault.azure.net:443 HTTP/1.1", "HTTP/1.1 200"),
        ("CONNECT shop.vault.azure.net.example:443 HTTP/1.1", "HTTP/1.1 403"),
        ("CONNECT 127.0.0.1:22 HTTP/1.1", "HTTP/1.1 403"),
        ("GET https://shop.vault.azure.net/ HTTP/1.1", "HTTP/1.1 403"),
    ] {
        let mut stream = TcpStream::connect(&proxy).await.unwrap();
        stream.write_all(format!("{line}\r\n\r\n").as_bytes()).await.unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(answer, status.as_bytes(), "{line}");
    }
}

/// Microsoft's client for Python, told nothing but where things are.
#[tokio::test]
async fn another_client_of_the_vendor_finds_what_it_expects() {
    let Some(python) = python() else { return };
    let cloud = Cloud::start().await;
    let first = cloud.vault.put("orders-db", "one");
    let second = cloud.vault.put("orders-db", "two");
    let made = || keys::version(&cloud.vault.new_key("tokens").unwrap());
    let (first_key, second_key) = (made(), made());
    let mut env: BTreeMap<String, String> =
        cloud.env().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let versions = [("FIRST", first), ("SECOND", second)];
    let keys = [("FIRST_KEY", first_key), ("SECOND_KEY", second_key)];
    env.extend([versions, keys].concat().into_iter().map(|(name, id)| (name.to_owned(), id)));
    let judge = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/key_vault_judge.py");
    let (content, log) = child::finish(python, &["-I", judge], env).await;
    if !content {
        child::said(&log, "Error").await;
    }
    assert!(content, "{}", log.lines().join("\n"));
    assert_eq!(cloud.vault.control().calls("GetSecretVersions"), 2);
}

/// The interpreter that `tests/tools.sh` made. Where there is none the judge stays away, which must
/// not go unseen where it counts.
fn python() -> Option<PathBuf> {
    let tools = child::variable("POSTERN_TOOLS").map(PathBuf::from);
    let python = tools.map(|tools| tools.join("venv/bin/python")).filter(|path| path.exists());
    if python.is_none() {
        assert!(child::variable("CI").is_none(), "POSTERN_TOOLS is not what tests/tools.sh says");
        warn("no POSTERN_TOOLS: Key Vault was not judged by Microsoft's client for Python");
    }
    python
}

#[expect(clippy::print_stderr, reason = "a test that did not run has to say so")]
fn warn(what: &str) {
    eprintln!("{what}");
}
