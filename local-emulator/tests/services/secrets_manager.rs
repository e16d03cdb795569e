//! Secrets Manager, as AWS's own SDK finds it through the environment of a function.

use std::time::{Duration, Instant};

use aws_config::BehaviorVersion;
use aws_sdk_secretsmanager::{Client, error::ProvideErrorMetadata as _};
use local_emulator::{secrets_manager::Server, serve::Fault};

use crate::child;

#[tokio::test]
async fn the_current_version_is_fetched() {
    let server = Server::start().await.unwrap();
    let first = server.put("orders-db", "one");
    fetches(&server, "orders-db", "", &format!("one {first}")).await;
    let second = server.put("orders-db", "two");
    fetches(&server, "orders-db", "", &format!("two {second}")).await;
    assert_eq!(server.control().calls("GetSecretValue"), 2);
}

#[tokio::test]
async fn the_previous_version_stays_after_a_rotation() {
    let server = Server::start().await.unwrap();
    let first = server.put("orders-db", "one");
    server.put("orders-db", "two");
    fetches(&server, "orders-db", "AWSPREVIOUS", &format!("one {first}")).await;
    fetches(&server, "orders-db", &first, &format!("one {first}")).await;
    fetches(&server, "orders-db", "AWSPENDING", "ResourceNotFoundException").await;
}

#[tokio::test]
async fn a_missing_secret_is_missing() {
    let server = Server::start().await.unwrap();
    fetches(&server, "orders-db", "", "ResourceNotFoundException").await;
}

#[tokio::test]
async fn a_broken_service_breaks_as_told() {
    let server = Server::start().await.unwrap();
    let id = server.put("orders-db", "one");
    for (fault, outcome) in [
        (Fault::Down, "no answer"),
        (Fault::Failing, "InternalServiceError"),
        (Fault::Throttled, "ThrottlingException"),
    ] {
        server.control().set(Some(fault));
        fetches(&server, "orders-db", "", outcome).await;
    }
    assert_eq!(server.control().calls("GetSecretValue"), 0);
    let late = Duration::from_millis(300);
    server.control().set(Some(Fault::Slow(late)));
    let asked = Instant::now();
    fetches(&server, "orders-db", "", &format!("one {id}")).await;
    assert!(asked.elapsed() >= late);
}

async fn fetches(server: &Server, secret: &str, version: &str, outcome: &str) {
    let env = [
        ("AWS_ENDPOINT_URL_SECRETS_MANAGER", server.url()),
        ("AWS_REGION", "eu-central-1".into()),
        ("AWS_ACCESS_KEY_ID", "emulator".into()),
        ("AWS_SECRET_ACCESS_KEY", "emulator".into()),
        ("AWS_EC2_METADATA_DISABLED", "true".into()),
        ("AWS_MAX_ATTEMPTS", "1".into()),
        ("SECRET", secret.into()),
        ("VERSION", version.into()),
        ("OUTCOME", outcome.into()),
    ];
    child::run("secrets_manager::in_a_process_of_its_own", &env).await;
}

#[tokio::test]
async fn in_a_process_of_its_own() {
    if !child::here() {
        return;
    }
    let secret = child::variable("SECRET").unwrap();
    let version = child::variable("VERSION").unwrap();
    assert_eq!(fetched(secret, version).await, child::variable("OUTCOME").unwrap());
}

/// The version is a stage if it is spelt like one.
async fn fetched(secret: String, version: String) -> String {
    let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
    let call = Client::new(&config).get_secret_value().secret_id(secret);
    let call = match version {
        none if none.is_empty() => call,
        stage if stage.starts_with("AWS") => call.version_stage(stage),
        id => call.version_id(id),
    };
    match call.send().await {
        Ok(got) => format!("{} {}", got.secret_string().unwrap(), got.version_id().unwrap()),
        Err(error) => error.code().unwrap_or("no answer").to_owned(),
    }
}
