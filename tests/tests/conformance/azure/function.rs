//! The function itself, as it is deployed: its ledger in Table Storage, its secrets in Key Vault.

use std::sync::Arc;

use local_emulator::{
    agent::{Agent, Answer},
    binaries::Binaries,
    emulator::Emulator,
    process::Log,
    story,
};
use on_azure::Tables;
use serde_json::json;

use super::create_table_at;
use crate::{
    certificate::Certificate,
    child,
    identity::{CLIENT_ID, Identity},
    people,
    servers::Server,
};

#[tokio::test(flavor = "multi_thread")]
async fn the_function_serves_agents_from_table_storage_and_key_vault() {
    if !child::inside() {
        let identity = Identity::start();
        let test = "azure::function::the_function_serves_agents_from_table_storage_and_key_vault";
        let mut environment = identity.environment().to_vec();
        environment.extend(child::variable(TOOLS).map(|folder| (TOOLS, folder)));
        return child::run(test, &environment);
    }
    let binaries = Binaries::beside().unwrap();
    let emulator = Emulator::start(&binaries, Log::default(), &|_| ()).await.unwrap();
    let azurite = Server::azurite("table", &Certificate::by(emulator.authority()));
    let account = format!("https://127.0.0.1:{}/devstoreaccount1", azurite.port());
    let root = emulator.authority().pem();
    create_table_at(&account, &on_azure::client(root.as_bytes()).unwrap(), "ledger").await;
    let (http, credential) =
        (on_azure::client(root.as_bytes()), on_azure::credential(Some(CLIENT_ID)));
    let table = Tables::new(http.unwrap(), &account, "ledger", credential.unwrap()).unwrap();
    let app = emulator.also_on_azure(|config| {
        config.env.insert("POSTERN_STATE".into(), format!("tables:{account}/ledger"));
    });
    let app = app.await.unwrap();
    let token = story::support(&emulator).unwrap();
    let agent = Agent::new(&story::client().unwrap(), &app.url(), &token);

    let read = agent.query("shop", "SELECT ssn FROM customers WHERE id = 7").await.unwrap();
    assert_eq!(read.body["rows"], json!([["[masked:ssn]"]]), "{}", read.text);
    let change = "UPDATE orders SET status = 'paid' WHERE id = 9";
    let body = json!({"target": "shop", "statement": change, "idempotency_key": "nine"});
    let changed = agent.post(&body).await.unwrap();
    assert_eq!(changed.body["affected"], json!(1), "{}", changed.text);
    let again = agent.post(&body).await.unwrap();
    assert_eq!(again.problem(), Some("audit/repeated"), "{}", again.text);
    let parked = agent.query("shop", "SELECT name FROM customers").await.unwrap();
    assert_eq!(parked.status, 202, "{}", parked.text);
    let status = agent.get(parked.body["status"].as_str().unwrap()).await.unwrap();
    assert_eq!(status.body["state"], json!("parked"));
    // Intent and outcome; intent, transaction and outcome; a refusal; people are asked: one chain.
    assert_eq!([&read, &changed, &again, &parked].map(place), [1, 4, 5, 6]);
    people::agree_and_come_at_once(Arc::new(table), &agent, &parked).await;
}

/// The place of the answer's record in its chain.
fn place(answer: &Answer) -> u64 {
    let receipt = answer.receipt.as_deref().unwrap();
    receipt.split('/').nth(1).unwrap().parse().unwrap()
}

/// Where servers of others are installed.
const TOOLS: &str = "POSTERN_TOOLS";
