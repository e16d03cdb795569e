//! Table Storage on Azurite, reached with the managed identity over TLS.

mod function;
mod sweep;

use std::time::{Duration, Instant};

use local_emulator::port::Port;
use on_azure::{Tables, client, credential};
use state::{Error, Key, Partition, Store, Write};
use tempfile::TempDir;

use crate::{
    certificate::Certificate,
    child,
    identity::{self, CLIENT_ID, Identity},
    promises,
    servers::Server,
    silent,
};

/// Azurite, an identity, and a root certificate in a file.
struct Cloud {
    azurite: Server,
    identity: Identity,
    folder: TempDir,
}

impl Cloud {
    fn start() -> Self {
        let certificate = Certificate::new();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("root.pem"), certificate.root()).unwrap();
        Self {
            azurite: Server::azurite("table", &certificate),
            identity: Identity::start(),
            folder,
        }
    }

    fn environment(&self) -> Vec<(&'static str, String)> {
        let root = self.folder.path().join("root.pem").display().to_string();
        let account = format!("https://127.0.0.1:{}/devstoreaccount1", self.azurite.port());
        let mut environment = vec![("SSL_CERT_FILE", root), (ACCOUNT, account)];
        environment.extend(self.identity.environment());
        environment
    }
}

/// The table of this name where a child is told to look for it, as a function would open it.
fn tables(name: &str) -> Tables {
    let (client, credential) = (client(&[]).unwrap(), credential(Some(CLIENT_ID)).unwrap());
    Tables::new(client, &child::variable(ACCOUNT).unwrap(), name, credential).unwrap()
}

async fn create_table(name: &str) {
    let account = child::variable(ACCOUNT).unwrap();
    create_table_at(&account, &client(&[]).unwrap(), name).await;
}

async fn create_table_at(account: &str, client: &reqwest::Client, name: &str) {
    let answer = client
        .post(format!("{account}/Tables"))
        .bearer_auth(identity::token())
        .header("accept", "application/json;odata=nometadata")
        .json(&serde_json::json!({"TableName": name}))
        .send()
        .await
        .unwrap();
    let status = answer.status();
    assert!(status.is_success(), "{status}: {}", answer.text().await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_keep_the_promises_of_a_store() {
    if child::inside() {
        create_table("state").await;
        return promises::keep(tables("state"), tables("state")).await;
    }
    let cloud = Cloud::start();
    child::run("azure::tables_keep_the_promises_of_a_store", &cloud.environment());
    assert_eq!(cloud.identity.asked(), 2, "a token is kept; there were two handles");
}

#[tokio::test]
async fn a_table_that_does_not_exist_is_no_empty_table() {
    if child::inside() {
        return unreachable(&tables("nowhere"), Duration::from_secs(5)).await;
    }
    let test = "azure::a_table_that_does_not_exist_is_no_empty_table";
    child::run(test, &Cloud::start().environment());
}

#[tokio::test]
async fn a_server_that_nobody_vouches_for_gets_no_token() {
    if child::inside() {
        let account = child::variable(ACCOUNT).unwrap();
        let stranger = Certificate::new();
        let client = client(stranger.root().as_bytes()).unwrap();
        let credential = credential(Some(CLIENT_ID)).unwrap();
        let tables = Tables::new(client, &account, "state", credential).unwrap();
        return unreachable(&tables, Duration::from_secs(5)).await;
    }
    let cloud = Cloud::start();
    let mut environment = cloud.environment();
    environment.retain(|(name, _)| *name != "SSL_CERT_FILE");
    child::run("azure::a_server_that_nobody_vouches_for_gets_no_token", &environment);
}

#[tokio::test]
async fn a_root_of_ones_own_is_trusted_beside_the_systems() {
    if child::inside() {
        let root = std::fs::read(child::variable(ROOT).unwrap()).unwrap();
        let account = child::variable(ACCOUNT).unwrap();
        let (client, credential) = (client(&root).unwrap(), credential(Some(CLIENT_ID)).unwrap());
        let tables = Tables::new(client, &account, "nowhere", credential).unwrap();
        let answer = tables.read(&partition(), &[key()]).await;
        // The server was reached: it is the table that is missing.
        assert!(source(&answer.unwrap_err()).contains("404 TableNotFound"));
        return;
    }
    let cloud = Cloud::start();
    let mut environment = cloud.environment();
    environment.iter_mut().filter(|(name, _)| *name == "SSL_CERT_FILE").for_each(|v| v.0 = ROOT);
    child::run("azure::a_root_of_ones_own_is_trusted_beside_the_systems", &environment);
}

#[tokio::test]
async fn without_an_identity_nothing_is_reached() {
    if child::inside() {
        return unreachable(&tables("state"), Duration::from_secs(12)).await;
    }
    let test = "azure::without_an_identity_nothing_is_reached";
    let port = Port::reserve().unwrap();
    let closed = format!("http://127.0.0.1:{}/msi/token", port.number());
    let account = format!("https://127.0.0.1:{}/devstoreaccount1", port.number());
    let environment =
        [("IDENTITY_ENDPOINT", closed), ("IDENTITY_HEADER", "x".into()), (ACCOUNT, account)];
    child::run(test, &environment);
}

#[tokio::test]
async fn a_storage_account_that_is_gone_or_silent_is_unavailable() {
    if child::inside() {
        return unreachable(&tables("state"), Duration::from_secs(6)).await;
    }
    let test = "azure::a_storage_account_that_is_gone_or_silent_is_unavailable";
    let identity = Identity::start();
    let closed = Port::reserve().unwrap();
    for port in [closed.number(), silent::silence()] {
        let account = format!("https://127.0.0.1:{port}/devstoreaccount1");
        let mut environment = vec![(ACCOUNT, account)];
        environment.extend(identity.environment());
        child::run(test, &environment);
    }
}

/// Whatever is asked of this store, the answer is that it is not there, and comes in time.
async fn unreachable(store: &dyn Store, within: Duration) {
    let (at, key) = (partition(), key());
    let keys = [key.clone()];
    let write = [Write::Create { key, value: b"1".to_vec(), expires_at: None }];
    let start = Instant::now();
    let (read, list, commit) = tokio::join!(
        store.read(&at, &keys),
        store.list(&at, "", None, 10),
        store.commit(&at, &write),
    );
    assert!(start.elapsed() < within, "{:?}", start.elapsed());
    for error in [read.unwrap_err(), list.unwrap_err(), commit.unwrap_err()] {
        assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
        assert!(!format!("{error:?}").contains("eyJ"), "a token in an error: {error:?}");
    }
}

fn source(error: &Error) -> String {
    std::error::Error::source(error).map(ToString::to_string).unwrap_or_default()
}

fn partition() -> Partition {
    Partition::new("somewhere").unwrap()
}

fn key() -> Key {
    Key::new("something").unwrap()
}

const ACCOUNT: &str = "POSTERN_CONFORMANCE_ACCOUNT";
const ROOT: &str = "POSTERN_CONFORMANCE_ROOT";
