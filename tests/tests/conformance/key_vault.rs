//! Key Vault of the emulator, reached with the managed identity under the name of a real vault.

use std::{
    process::Output,
    time::{Duration, Instant},
};

use credentials::{SecretStore as _, StoreError};
use local_emulator::{ca::Authority, key_vault, managed_identity, port::Port, serve::Fault};
use on_azure::{KeyVault, client, credential};
use request::SecretName;
use tempfile::TempDir;

use crate::{certificate::Certificate, child};

/// A vault, an identity that may read it, and the authority that vouches for it.
pub(crate) struct Cloud {
    pub(crate) vault: key_vault::Server,
    identity: managed_identity::Server,
    authority: Authority,
    _folder: TempDir,
}

impl Cloud {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let authority = Authority::new(folder.path()).unwrap();
        let identity = managed_identity::Server::start().await.unwrap();
        let vault = key_vault::Server::start(&authority, identity.tokens()).await.unwrap();
        Self { vault, identity, authority, _folder: folder }
    }

    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("SSL_CERT_FILE", self.authority.path().display().to_string()),
            ("HTTPS_PROXY", self.vault.proxy()),
            ("NO_PROXY", "localhost,127.0.0.1".to_owned()),
            ("IDENTITY_ENDPOINT", self.identity.endpoint()),
            ("IDENTITY_HEADER", self.identity.header().to_owned()),
            (CLIENT, self.identity.client().to_owned()),
            (VAULT, self.vault.url()),
        ]
    }

    /// What a function in this environment gets for this name: a version, or why none.
    fn fetched(&self, name: &str, changes: &[(&'static str, String)]) -> String {
        let mut environment = self.environment();
        environment.extend_from_slice(changes);
        environment.push((NAME, name.to_owned()));
        let Output { stdout, stderr, .. } =
            child::command("key_vault::fetch", &environment).output().unwrap();
        let (stdout, stderr) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr));
        let told = stdout.lines().find_map(|line| line.strip_prefix("fetched "));
        told.unwrap_or_else(|| panic!("{stdout}\n{stderr:?}")).to_owned()
    }
}

/// The child of all others: fetches one secret and tells what came of it.
#[tokio::test]
async fn fetch() {
    use std::io::Write as _;
    let Some(name) = child::variable(NAME) else { return };
    let id = child::variable(CLIENT);
    let (client, credential) = (client(&[]).unwrap(), credential(id.as_deref()).unwrap());
    let vault = KeyVault::new(client, &child::variable(VAULT).unwrap(), credential).unwrap();
    let told = match vault.fetch(&SecretName::new(name).unwrap()).await {
        Ok(fetched) => fetched.version,
        Err(StoreError::Missing) => "missing".to_owned(),
        Err(StoreError::Unavailable(cause)) => format!("unavailable: {cause}"),
    };
    writeln!(std::io::stdout(), "\nfetched {told}").unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_current_version_is_handed_over() {
    let cloud = Cloud::start().await;
    let first = cloud.vault.put("orders-db", "one");
    assert_eq!(cloud.fetched("orders-db", &[]), first);
    let second = cloud.vault.put("orders-db", "two");
    assert_ne!(first, second);
    assert_eq!(cloud.fetched("orders-db", &[]), second);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_is_not_there_is_missing_and_no_name_reaches_an_old_version() {
    let cloud = Cloud::start().await;
    let first = cloud.vault.put("orders-db", "one");
    cloud.vault.put("orders-db", "two");
    assert_eq!(cloud.fetched("never-made", &[]), "missing");
    assert_eq!(cloud.fetched(&format!("orders-db/{first}"), &[]), "missing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_that_cannot_be_had_is_unavailable() {
    let cloud = Cloud::start().await;
    cloud.vault.put("orders-db", "one");
    let nobody = ("IDENTITY_HEADER", "somebody-else".to_owned());
    let stranger = (CLIENT, "00000000-0000-0000-0000-000000000000".to_owned());
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("root.pem");
    std::fs::write(&root, Certificate::new().root()).unwrap();
    let distrust = ("SSL_CERT_FILE", root.display().to_string());
    // It demands tokens for a domain under which this host does not lie.
    let elsewhere = (VAULT, cloud.vault.direct_url());
    let port = Port::reserve().unwrap();
    let closed = (VAULT, format!("https://127.0.0.1:{}", port.number()));
    for change in [nobody, stranger, distrust, elsewhere, closed] {
        let told = cloud.fetched("orders-db", std::slice::from_ref(&change));
        assert!(told.starts_with("unavailable: "), "{change:?}: {told}");
    }
    assert_eq!(cloud.vault.control().calls("GetSecret"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_that_fails_is_unavailable_in_time() {
    let cloud = Cloud::start().await;
    cloud.vault.put("orders-db", "one");
    for fault in [Fault::Down, Fault::Failing, Fault::Throttled, Fault::Slow(HOUR)] {
        cloud.vault.control().set(Some(fault));
        let start = Instant::now();
        let told = cloud.fetched("orders-db", &[]);
        assert!(told.starts_with("unavailable: "), "{fault:?}: {told}");
        assert!(start.elapsed() < Duration::from_secs(10), "{fault:?}: {:?}", start.elapsed());
    }
}

const HOUR: Duration = Duration::from_secs(3600);
pub(crate) const CLIENT: &str = "POSTERN_CONFORMANCE_CLIENT";
const NAME: &str = "POSTERN_CONFORMANCE_NAME";
pub(crate) const VAULT: &str = "POSTERN_CONFORMANCE_VAULT";
