//! A key in Key Vault of the emulator.

use local_emulator::{port::Port, serve::Fault};
use on_azure::{Error, KeyVaultKey, client, credential};
use serde_json::Value;

use super::{Public, keep, no_signature};
use crate::{
    certificate::Certificate,
    child,
    key_vault::{CLIENT, Cloud, VAULT},
};

/// The key of which a child is told, as a function would come to it.
fn signer() -> KeyVaultKey {
    made(&child::variable(KEY).unwrap()).unwrap()
}

fn made(key: &str) -> Result<KeyVaultKey, Error> {
    let id = child::variable(CLIENT);
    let (client, credential) = (client(&[]).unwrap(), credential(id.as_deref()).unwrap());
    KeyVaultKey::new(client, &child::variable(VAULT).unwrap(), key, credential)
}

/// Runs the test as a child that is told of this key, and these changes of its environment.
fn with(cloud: &Cloud, test: &str, key: &str, changes: &[(&'static str, String)]) {
    let mut environment = cloud.environment();
    environment.push((KEY, key.to_owned()));
    environment.extend_from_slice(changes);
    child::run(&format!("signer::vault::{test}"), &environment);
}

/// `name/version` of this public half of a key.
fn version(public: &Value) -> String {
    let id = public["kid"].as_str().unwrap();
    id.strip_prefix("https://shop.vault.azure.net/keys/").unwrap().to_owned()
}

/// What a child is told of this public half.
fn told(public: &Value) -> [(&'static str, String); 2] {
    let part = |name: &str| public[name].as_str().unwrap().to_owned();
    [(X, part("x")), (Y, part("y"))]
}

#[tokio::test(flavor = "multi_thread")]
async fn key_vault_keeps_the_promises_of_a_signer() {
    if child::inside() {
        let public = Public { x: child::variable(X).unwrap(), y: child::variable(Y).unwrap() };
        return keep(&signer(), &public, 100_000).await;
    }
    let test = "key_vault_keeps_the_promises_of_a_signer";
    let cloud = Cloud::start().await;
    let first = cloud.vault.new_key("tokens").unwrap();
    with(&cloud, test, "tokens", &told(&first));
    // Rotated: without a version the newest signs, with one that one.
    let second = cloud.vault.new_key("tokens").unwrap();
    with(&cloud, test, "tokens", &told(&second));
    with(&cloud, test, &version(&first), &told(&first));
    with(&cloud, test, &version(&second), &told(&second));
    assert_eq!(cloud.vault.control().calls("Sign"), 4 * 67);
    assert_eq!(cloud.vault.control().calls("challenge"), 4, "each kept its token");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_not_there_signs_nothing() {
    if child::inside() {
        return no_signature(&signer(), "Key Vault: 404 KeyNotFound").await;
    }
    let cloud = Cloud::start().await;
    cloud.vault.new_key("tokens").unwrap();
    cloud.vault.put("a-secret", "hunter2");
    for key in ["never-made", "a-secret", "tokens/00000000000000000000000000000000"] {
        with(&cloud, "a_key_that_is_not_there_signs_nothing", key, &[]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_that_cannot_be_had_signs_nothing() {
    if child::inside() {
        return no_signature(&signer(), "Key Vault: ").await;
    }
    let test = "a_vault_that_cannot_be_had_signs_nothing";
    let cloud = Cloud::start().await;
    cloud.vault.new_key("tokens").unwrap();
    let nobody = ("IDENTITY_HEADER", "somebody-else".to_owned());
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("root.pem");
    std::fs::write(&root, Certificate::new().root()).unwrap();
    let distrust = ("SSL_CERT_FILE", root.display().to_string());
    // It demands tokens for a domain under which this host does not lie.
    let elsewhere = (VAULT, cloud.vault.direct_url());
    let port = Port::reserve().unwrap();
    let closed = (VAULT, format!("https://127.0.0.1:{}", port.number()));
    for change in [nobody, distrust, elsewhere, closed] {
        with(&cloud, test, "tokens", &[change]);
    }
    assert_eq!(cloud.vault.control().calls("Sign"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_that_fails_signs_nothing_and_says_so_in_time() {
    if child::inside() {
        return no_signature(&signer(), "Key Vault: ").await;
    }
    let test = "a_vault_that_fails_signs_nothing_and_says_so_in_time";
    let cloud = Cloud::start().await;
    cloud.vault.new_key("tokens").unwrap();
    let hour = std::time::Duration::from_secs(3600);
    for fault in [Fault::Down, Fault::Failing, Fault::Throttled, Fault::Slow(hour)] {
        cloud.vault.control().set(Some(fault));
        with(&cloud, test, "tokens", &[]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_would_lead_elsewhere_is_no_key() {
    if child::inside() {
        for key in ["", "tokens/sign", "../secrets/tokens", "tokens?x=1", "tokens/"] {
            let refused = made(key).err();
            assert!(matches!(refused, Some(Error::Key(_))), "{key}: {refused:?}");
        }
        return;
    }
    let cloud = Cloud::start().await;
    with(&cloud, "a_name_that_would_lead_elsewhere_is_no_key", "", &[]);
}

const KEY: &str = "POSTERN_CONFORMANCE_KEY";
const X: &str = "POSTERN_CONFORMANCE_X";
const Y: &str = "POSTERN_CONFORMANCE_Y";
