//! DynamoDB.

use std::time::{Duration, Instant};

use aws_sdk_dynamodb::{
    Client,
    config::timeout::TimeoutConfig,
    types::{AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType},
};
use local_emulator::port::Port;
use on_aws::DynamoDb;
use state::{Error, Key, Partition, Store, Write};

use super::with;
use crate::{child, promises, servers::Server, silent};

async fn client() -> Client {
    Client::new(&on_aws::config().await)
}

async fn store(table: &str) -> DynamoDb {
    DynamoDb::new(&on_aws::config().await, table)
}

/// With time for a server that takes 64 transactions one after the other: what is promised here is what
/// becomes of them, and not how soon.
async fn patient(table: &str) -> DynamoDb {
    let time = Duration::from_mins(1);
    let timeouts = TimeoutConfig::builder().operation_attempt_timeout(time).operation_timeout(time);
    let config = on_aws::config().await.into_builder().timeout_config(timeouts.build()).build();
    DynamoDb::new(&config, table)
}

pub(super) async fn create_table(name: &str) {
    let part = |name: &str, kind| {
        KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap()
    };
    let text = |name: &str| {
        let definition = AttributeDefinition::builder().attribute_name(name);
        definition.attribute_type(ScalarAttributeType::S).build().unwrap()
    };
    let table = client().await.create_table().table_name(name);
    table
        .key_schema(part("p", KeyType::Hash))
        .key_schema(part("k", KeyType::Range))
        .attribute_definitions(text("p"))
        .attribute_definitions(text("k"))
        .billing_mode(BillingMode::PayPerRequest)
        .send()
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn dynamodb_keeps_the_promises_of_a_store() {
    if child::inside() {
        create_table("state").await;
        return promises::keep(patient("state").await, patient("state").await).await;
    }
    with(Server::moto().port(), "aws::dynamodb::dynamodb_keeps_the_promises_of_a_store");
}

#[tokio::test]
async fn a_table_that_does_not_exist_is_no_empty_table() {
    if child::inside() {
        return unreachable().await;
    }
    let moto = Server::moto();
    with(moto.port(), "aws::dynamodb::a_table_that_does_not_exist_is_no_empty_table");
}

#[tokio::test]
async fn a_dynamodb_that_is_gone_or_silent_is_unavailable() {
    if child::inside() {
        return unreachable().await;
    }
    let closed = Port::reserve().unwrap();
    for port in [closed.number(), silent::silence()] {
        with(port, "aws::dynamodb::a_dynamodb_that_is_gone_or_silent_is_unavailable");
    }
}

#[tokio::test]
async fn every_attempt_of_a_transaction_carries_the_same_token() {
    if child::inside() {
        let store = store("state").await;
        let answer = store.commit(&partition(), &[create()]).await;
        assert!(matches!(answer, Err(Error::Unavailable(_))), "{answer:?}");
        return;
    }
    let (port, asked) = silent::answering("500 Internal Server Error", "{}");
    with(port, "aws::dynamodb::every_attempt_of_a_transaction_carries_the_same_token");
    let asked = asked.lock().unwrap();
    let token = |request: &String| {
        let body: serde_json::Value =
            serde_json::from_str(request.split("\r\n\r\n").nth(1).unwrap()).unwrap();
        body["ClientRequestToken"].as_str().unwrap().to_owned()
    };
    let tokens: Vec<_> = asked.iter().map(token).collect();
    assert_eq!(tokens.len(), 3);
    assert!(tokens.iter().all(|token| *token == tokens[0]), "{tokens:?}");
}

/// Whatever is asked of this store, the answer is that it is not there, and comes in time.
async fn unreachable() {
    let store = store("nowhere").await;
    let start = Instant::now();
    let (at, keys, writes) = (partition(), [Key::new("k").unwrap()], [create()]);
    let (read, list, commit) = tokio::join!(
        store.read(&at, &keys),
        store.list(&at, "", None, 10),
        store.commit(&at, &writes),
    );
    assert!(start.elapsed() < Duration::from_secs(9), "{:?}", start.elapsed());
    for error in [read.unwrap_err(), list.unwrap_err(), commit.unwrap_err()] {
        assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
    }
}

fn partition() -> Partition {
    Partition::new("somewhere").unwrap()
}

fn create() -> Write {
    Write::Create { key: Key::new("k").unwrap(), value: b"1".to_vec(), expires_at: None }
}
