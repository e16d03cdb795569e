//! The function itself, as it is deployed: its ledger in DynamoDB, its secrets in Secrets Manager.

use std::sync::Arc;

use audit::verify::{Ledger, Report};
use aws_sdk_secretsmanager::Client;
use local_emulator::{
    agent::Agent, binaries::Binaries, emulator::Emulator, lambda, postgres, process::Log, story,
};
use on_aws::DynamoDb;
use request::Digest;
use serde_json::json;
use state::{Partition, Store as _};

use super::{dynamodb::create_table, with};
use crate::{child, people, servers::Server};

#[tokio::test(flavor = "multi_thread")]
async fn the_function_serves_agents_from_dynamodb_and_secrets_manager() {
    if !child::inside() {
        let test = "aws::function::the_function_serves_agents_from_dynamodb_and_secrets_manager";
        return with(Server::moto().port(), test);
    }
    let binaries = Binaries::beside().unwrap();
    let emulator = Emulator::start(&binaries, Log::default(), &|_| ()).await.unwrap();
    create_table("ledger").await;
    put_secret(&emulator).await;
    let host = emulator.also_on_lambda(on_amazon).await.unwrap();
    let token = story::support(&emulator).unwrap();
    let agent = Agent::new(&story::client().unwrap(), &host.url(), &token);

    let read = agent.query("shop", "SELECT ssn FROM customers WHERE id = 7").await.unwrap();
    assert_eq!(read.body["rows"], json!([["[masked:ssn]"]]), "{}", read.text);
    let change = "UPDATE orders SET status = 'paid' WHERE id = 7";
    let body = json!({"target": "shop", "statement": change, "idempotency_key": "seven"});
    assert_eq!(agent.post(&body).await.unwrap().body["affected"], json!(1));
    assert_eq!(agent.post(&body).await.unwrap().problem(), Some("audit/repeated"));
    let parked = agent.query("shop", "SELECT name FROM customers").await.unwrap();
    assert_eq!(parked.status, 202, "{}", parked.text);
    let status = agent.get(parked.body["status"].as_str().unwrap()).await.unwrap();
    assert_eq!(status.body["state"], json!("parked"));
    let table = Arc::new(DynamoDb::new(&on_aws::config().await, "ledger"));
    people::agree_and_come_at_once(table, &agent, &parked).await;

    let report = proven("demo", "support-agent").await;
    assert_eq!((report.concluded, report.asked, report.open.len()), (3, 1, 0));
    assert_eq!(emulator.secrets_manager.control().requests(), 0, "the emulator's was not asked");
}

fn on_amazon(config: &mut lambda::Config) {
    config.region = child::variable("AWS_REGION").unwrap();
    config.env.remove("AWS_ENDPOINT_URL_SECRETS_MANAGER");
    config.env.insert("POSTERN_STATE".into(), "dynamodb:ledger".into());
    config.env.insert("AWS_ENDPOINT_URL".into(), child::variable("AWS_ENDPOINT_URL").unwrap());
}

async fn put_secret(emulator: &Emulator) {
    let password = &emulator.passwords.orders_agent;
    let login = json!({"username": postgres::ORDERS_AGENT, "password": password}).to_string();
    let client = Client::new(&on_aws::config().await);
    client.create_secret().name("shop-orders").secret_string(login).send().await.unwrap();
}

/// The records of this issuer's principal, read from the table and checked.
async fn proven(issuer: &str, subject: &str) -> Report {
    let store = DynamoDb::new(&on_aws::config().await, "ledger");
    let principal = Digest::of_parts(&[issuer.as_bytes(), subject.as_bytes()]).to_string();
    let partition = Partition::new(format!("p_{}", principal.get(..32).unwrap())).unwrap();
    let mut ledger = Ledger::default();
    let mut after = None;
    loop {
        let page = store.list(&partition, "record:", after.as_ref(), 1000).await.unwrap();
        for (_, item) in &page {
            ledger.line(&item.value).unwrap();
        }
        let Some((last, _)) = page.into_iter().next_back() else { break };
        after = Some(last);
    }
    ledger.finish().unwrap()
}
