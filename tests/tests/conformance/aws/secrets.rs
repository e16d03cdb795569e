//! Secrets Manager.

use std::time::{Duration, Instant};

use aws_sdk_secretsmanager::{Client, primitives::Blob};
use credentials::{Fetched, SecretStore, StoreError};
use local_emulator::port::Port;
use on_aws::SecretsManager;
use request::SecretName;

use super::with;
use crate::{child, servers::Server, silent};

async fn client() -> Client {
    Client::new(&on_aws::config().await)
}

async fn fetch(name: &str) -> Result<Fetched, StoreError> {
    SecretsManager::new(&on_aws::config().await).fetch(&SecretName::new(name).unwrap()).await
}

async fn version(name: &str) -> String {
    fetch(name).await.map(|fetched| fetched.version).unwrap()
}

async fn missing(name: &str) -> bool {
    matches!(fetch(name).await, Err(StoreError::Missing))
}

#[tokio::test]
async fn secrets_manager_keeps_the_promises_of_a_secret_store() {
    if !child::inside() {
        let moto = Server::moto();
        let test = "aws::secrets::secrets_manager_keeps_the_promises_of_a_secret_store";
        return with(moto.port(), test);
    }
    only_the_current_version_is_handed_over().await;
    what_is_not_there_or_not_any_more_is_missing().await;
    what_is_no_text_is_no_secret().await;
}

async fn only_the_current_version_is_handed_over() {
    let client = client().await;
    let made = client.create_secret().name("targets/orders-db").secret_string(LOGIN);
    let first = made.send().await.unwrap().version_id.unwrap();
    assert_eq!(version("targets/orders-db").await, first);

    // What a rotation has made, but not yet put in force.
    let put = client.put_secret_value().secret_id("targets/orders-db").secret_string(LOGIN);
    let pending = put.version_stages("AWSPENDING").send().await.unwrap().version_id.unwrap();
    assert_ne!(pending, first);
    assert_eq!(version("targets/orders-db").await, first);

    let put = client.put_secret_value().secret_id("targets/orders-db").secret_string(LOGIN);
    let second = put.send().await.unwrap().version_id.unwrap();
    assert_eq!(version("targets/orders-db").await, second);
}

async fn what_is_not_there_or_not_any_more_is_missing() {
    assert!(missing("never-made").await);
    let client = client().await;
    client.create_secret().name("old").secret_string(LOGIN).send().await.unwrap();
    client.delete_secret().secret_id("old").send().await.unwrap();
    assert!(missing("old").await);
}

async fn what_is_no_text_is_no_secret() {
    let blob = Blob::new(LOGIN);
    client().await.create_secret().name("blob").secret_binary(blob).send().await.unwrap();
    assert!(matches!(fetch("blob").await, Err(StoreError::Unavailable(_))));
}

#[tokio::test]
async fn a_secret_store_that_is_gone_or_silent_is_unavailable() {
    if child::inside() {
        let start = Instant::now();
        let answer = fetch("orders-db").await.map(|_| ());
        assert!(matches!(answer, Err(StoreError::Unavailable(_))), "{answer:?}");
        assert!(start.elapsed() < Duration::from_secs(9), "{:?}", start.elapsed());
        return;
    }
    let closed = Port::reserve().unwrap();
    for port in [closed.number(), silent::silence()] {
        with(port, "aws::secrets::a_secret_store_that_is_gone_or_silent_is_unavailable");
    }
}

#[tokio::test]
async fn a_secret_in_an_answer_that_cannot_be_read_is_not_in_the_error() {
    if child::inside() {
        let error = fetch("orders-db").await.map(|_| ()).unwrap_err();
        assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
        assert!(!format!("{error:?} {error}").contains("hunter2"), "{error:?}");
        return;
    }
    for body in [r#"{"SecretString": "hunter2"#, r#"{"SecretString": ["hunter2"]}"#] {
        let (port, _) = silent::answering("200 OK", body);
        let test = "a_secret_in_an_answer_that_cannot_be_read_is_not_in_the_error";
        with(port, &format!("aws::secrets::{test}"));
    }
}

#[tokio::test]
async fn a_secret_that_we_may_not_read_is_missing() {
    if child::inside() {
        return assert!(missing("orders-db").await);
    }
    let body = r#"{"__type": "AccessDeniedException", "Message": "not for you"}"#;
    let (port, _) = silent::answering("400 Bad Request", body);
    with(port, "aws::secrets::a_secret_that_we_may_not_read_is_missing");
}

const LOGIN: &str = r#"{"username": "reader", "password": "hunter2"}"#;
