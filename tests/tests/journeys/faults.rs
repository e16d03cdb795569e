//! What is needed dies in the middle of a request: a clear refusal, no rows, and a record.

use std::time::Duration;

use audit::{Ended, Event, Record};
use local_emulator::{
    agent::Answer, emulator::Cloud, lambda, ledger, postgres::ORDERS_AGENT, serve::Fault,
};
use rusqlite::Connection;
use serde_json::json;

use crate::stage::Stage;

/// Runs until somebody ends it, or for three seconds.
const SLOW: &str = "SELECT a.id FROM bulk a, bulk b, bulk c WHERE a.id + b.id + c.id = -1";

/// Sends the slow statement and does this once it runs.
async fn amid(stage: &Stage, cloud: Cloud, trouble: impl AsyncFnOnce()) -> Answer {
    let agent = stage.reporting(cloud);
    let asked = tokio::spawn(async move { agent.query("shop", SLOW).await.unwrap() });
    let running = "SELECT count(*)::text FROM pg_stat_activity \
                   WHERE application_name = 'postern' AND state = 'active' AND query LIKE '%bulk c%'";
    while stage.database(running).await != "1" {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    trouble().await;
    let answer = asked.await.unwrap();
    assert!(answer.body.get("rows").is_none(), "{}", answer.text);
    answer
}

async fn newest(stage: &Stage, cloud: Cloud) -> Record {
    let records = ledger::records(&stage.emulator().ledger(cloud)).await.unwrap();
    records.into_iter().max_by_key(|record| (record.time, record.unmapped.seq)).unwrap()
}

/// The newest record is an outcome that failed with this cause.
async fn failed(stage: &Stage, cloud: Cloud, cause: &str) {
    let record = newest(stage, cloud).await;
    let Event::Outcome(outcome) = record.unmapped.event else { panic!("{record:?}") };
    assert_eq!((outcome.result, outcome.cause.as_deref()), (Ended::Failed, Some(cause)));
    assert_eq!(outcome.rows, 0);
}

#[test]
fn the_database_dies_in_the_middle() {
    let stage = Stage::own();
    stage.play(async {
        for cloud in Cloud::ALL {
            let answer =
                amid(&stage, cloud, async || stage.emulator().postgres.crash().await).await;
            assert_eq!((answer.status, answer.problem()), (503, Some("targets/connection")));
            failed(&stage, cloud, "connection").await;
            let while_down = stage.support(cloud).query("shop", "SELECT 1").await.unwrap();
            assert_eq!(
                (while_down.status, while_down.problem()),
                (503, Some("targets/connection"))
            );
            stage.emulator().postgres.restart().await.unwrap();
            let after = stage.support(cloud).query("shop", "SELECT 1").await.unwrap();
            assert_eq!(after.status, 200, "{}", after.text);
        }
    });
}

#[test]
fn the_secret_store_is_down() {
    let stage = Stage::own();
    stage.play(async {
        let controls = [
            (Cloud::Aws, stage.emulator().secrets_manager.control()),
            (Cloud::Azure, stage.emulator().key_vault.control()),
        ];
        for (cloud, control) in controls {
            for fault in [Fault::Down, Fault::Failing, Fault::Throttled] {
                control.set(Some(fault));
                let answer = stage.support(cloud).query("shop", "SELECT 1").await.unwrap();
                let seen = (answer.status, answer.problem());
                assert_eq!(seen, (503, Some("credentials/secret-store")), "{}", answer.text);
                // Without a login not even what the target consists of can be read.
                let record = newest(&stage, cloud).await;
                let Event::Refusal(why) = record.unmapped.event else { panic!("{record:?}") };
                assert_eq!(
                    (why.stage.as_str(), why.cause.as_str()),
                    ("credentials", "secret-store")
                );
            }
            control.set(None);
            let after = stage.support(cloud).query("shop", "SELECT 1").await.unwrap();
            assert_eq!(after.status, 200, "{}", after.text);
        }
    });
}

#[test]
fn the_ledger_goes_away_before_a_request_is_on_record_and_nothing_is_run() {
    let stage = Stage::own();
    stage.play(async {
        for cloud in Cloud::ALL {
            let agent = stage.support(cloud);
            assert_eq!(agent.query("shop", "SELECT 1").await.unwrap().status, 200);
            let before = stage.database("SELECT status::text FROM orders WHERE id = 3").await;
            let locked = lock(&stage, cloud);
            let statement =
                "UPDATE orders SET status = 'returned' WHERE id = 3 AND status <> 'returned'";
            let answer = agent.query("shop", statement).await.unwrap();
            assert_eq!(
                (answer.status, answer.problem()),
                (503, Some("audit/ledger")),
                "{}",
                answer.text
            );
            assert_eq!(
                stage.database("SELECT status::text FROM orders WHERE id = 3").await,
                before
            );
            drop(locked);
        }
    });
}

#[test]
fn the_ledger_goes_away_before_the_outcome_is_on_record_and_the_rows_are_withheld() {
    let stage = Stage::own();
    stage.play(async {
        for cloud in Cloud::ALL {
            let mut locked = None;
            let answer = amid(&stage, cloud, async || {
                locked = Some(lock(&stage, cloud));
                let end = "SELECT count(pg_terminate_backend(pid))::text FROM pg_stat_activity \
                           WHERE application_name = 'postern' AND query LIKE '%bulk c%'";
                stage.database(end).await;
            })
            .await;
            assert_eq!(
                (answer.status, answer.problem()),
                (503, Some("audit/withheld")),
                "{}",
                answer.text
            );
            drop(locked);
            assert!(matches!(newest(&stage, cloud).await.unmapped.event, Event::Intent(_)));
            let report = ledger::verify(&stage.emulator().ledger(cloud)).await.unwrap();
            assert_eq!(report.open.len(), 1, "the intent stays as evidence");
        }
    });
}

/// Takes the ledger away: nobody else can write to it while this lives.
fn lock(stage: &Stage, cloud: Cloud) -> Connection {
    let connection = Connection::open(stage.emulator().ledger(cloud)).unwrap();
    connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    connection
}

#[test]
fn a_killed_function_leaves_its_intent_and_the_next_request_is_served() {
    let stage = Stage::own();
    stage.play(async {
        let lambda = &stage.emulator().lambda;
        let answer = amid(&stage, Cloud::Aws, async || {
            let stats = lambda.stats();
            let running = stats.living().find(|one| one.state == lambda::State::Running).unwrap();
            assert!(lambda.kill(running.pid.unwrap()));
        })
        .await;
        assert_eq!(answer.status, 502);
        assert!(matches!(newest(&stage, Cloud::Aws).await.unmapped.event, Event::Intent(_)));
        let next = stage.support(Cloud::Aws).query("shop", "SELECT 1").await.unwrap();
        assert_eq!(next.body["rows"], json!([[1]]), "{}", next.text);
    });
}

#[test]
fn a_rotated_password_costs_one_fetch_and_no_request() {
    let stage = Stage::own();
    stage.play(async {
        for cloud in Cloud::ALL {
            let agent = stage.support(cloud);
            assert_eq!(agent.query("shop", "SELECT 1").await.unwrap().status, 200);
            let postgres = &stage.emulator().postgres;
            let fresh = format!("canary-rotated-{}", cloud.name());
            postgres.set_password(ORDERS_AGENT, &fresh).await.unwrap();
            let login = json!({"username": ORDERS_AGENT, "password": fresh}).to_string();
            stage.emulator().secrets_manager.put("shop-orders", &login);
            stage.emulator().key_vault.put("shop-orders", &login);
            let end = "SELECT count(pg_terminate_backend(pid))::text FROM pg_stat_activity \
                       WHERE application_name = 'postern'";
            stage.database(end).await;
            let answer = agent.query("shop", "SELECT 1").await.unwrap();
            assert_eq!(answer.status, 200, "{}", answer.text);
        }
    });
}

#[test]
fn frozen_functions_wake_up_with_a_dead_connection_and_still_answer() {
    let stage = Stage::own();
    stage.play(async {
        let agent = stage.support(Cloud::Aws);
        assert_eq!(agent.query("shop", "SELECT 1").await.unwrap().status, 200);
        stage.emulator().postgres.crash().await;
        stage.emulator().postgres.restart().await.unwrap();
        let answer = agent.query("shop", "SELECT 1").await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(stage.emulator().lambda.stats().cold_starts, 1);
    });
}
