//! What is on record, and that nothing about it can be changed unseen.

use std::{collections::BTreeSet, path::Path, process::Command};

use audit::{Event, Record};
use local_emulator::{binaries::Binaries, emulator::Cloud, ledger};
use request::Digest;
use rusqlite::Connection;

use crate::stage::Stage;

/// A few requests of all kinds, from several agents and at the same time.
async fn requests(stage: &Stage, cloud: Cloud) -> Vec<local_emulator::agent::Answer> {
    let mut answers = Vec::new();
    // As many at a time as there are instances: more would be turned away.
    for wave in [0..6, 6..12] {
        let mut running = Vec::new();
        for at in wave {
            let agent = stage.agent(cloud, &format!("agent-{}", at % 3), &["shop-support"]);
            running.push(tokio::spawn(async move {
                let statement = match at % 4 {
                    0 => "SELECT name, ssn FROM customers WHERE id = 5",
                    1 => "UPDATE orders SET status = 'paid' WHERE id = 6",
                    2 => "SELECT ssn || 'x' FROM customers",
                    _ => "SELECT name FROM customers",
                };
                agent.query("shop", statement).await.unwrap()
            }));
        }
        for one in running {
            answers.push(one.await.unwrap());
        }
    }
    answers
}

async fn recorded(stage: &Stage, cloud: Cloud) -> Vec<Record> {
    ledger::records(&stage.emulator().ledger(cloud)).await.unwrap()
}

fn verify(file: &Path, more: &[&str]) -> (bool, String) {
    let program = Binaries::beside().unwrap().request_lambda.with_file_name("postern-verify");
    let ran = Command::new(program).arg(file).args(more).output().unwrap();
    let text = [ran.stdout, ran.stderr].concat();
    (ran.status.success(), String::from_utf8(text).unwrap())
}

#[test]
fn every_answer_names_its_record_and_the_record_holds_no_value() {
    let stage = Stage::own();
    stage.play(async {
        let ssn = stage.database("SELECT ssn FROM customers WHERE id = 5").await;
        for cloud in Cloud::ALL {
            let answers = requests(&stage, cloud).await;
            let records = recorded(&stage, cloud).await;
            let lines: Vec<Vec<u8>> = records.iter().map(|record| record.line().unwrap()).collect();
            for answer in answers {
                assert!(matches!(answer.status, 200 | 202 | 422), "{}", answer.text);
                let receipt = answer.receipt.unwrap();
                let sha256 = Digest::from_hex(receipt.rsplit('/').next().unwrap()).unwrap();
                assert!(lines.iter().any(|line| Digest::of(line) == sha256), "{receipt}");
            }
            for line in lines {
                assert!(!String::from_utf8(line).unwrap().contains(&ssn));
            }
            let chains: BTreeSet<_> = records.iter().map(|record| record.unmapped.chain).collect();
            assert!(chains.len() >= 3, "each agent has a chain of its own");
            let (ok, text) = verify(&stage.emulator().ledger(cloud), &[]);
            assert!(ok, "{text}");
        }
    });
}

#[test]
fn a_change_has_its_transaction_on_record_before_its_outcome() {
    let stage = Stage::shared();
    stage.play(async {
        let agent = stage.agent(Cloud::Aws, "writer", &["shop-support"]);
        let statement = "UPDATE orders SET status = 'paid' WHERE id = 8";
        let answer = agent.query("shop", statement).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
        let id = answer.body["request"].as_str().unwrap();
        let records = recorded(&stage, Cloud::Aws).await;
        let mine = records.iter().filter(|record| record.metadata.correlation_uid == id);
        let events: Vec<&Event> = mine.map(|record| &record.unmapped.event).collect();
        let [Event::Intent(_), Event::Transaction { xid }, Event::Outcome(_)] = events[..] else {
            panic!("{events:?}");
        };
        let status = stage.database(&format!("SELECT pg_xact_status('{xid}'::xid8)")).await;
        assert_eq!(status, "committed");
    });
}

#[test]
fn every_kind_of_tampering_is_found() {
    let stage = Stage::own();
    let folder = tempfile::TempDir::new().unwrap();
    let copy = folder.path().join("copy.db");
    stage.play(requests(&stage, Cloud::Aws));
    let ledger = stage.emulator().ledger(Cloud::Aws);
    let fresh = || {
        let source = Connection::open(&ledger).unwrap();
        let _ = std::fs::remove_file(&copy);
        source.execute("VACUUM INTO ?1", [copy.to_str().unwrap()]).unwrap();
        Connection::open(&copy).unwrap()
    };
    drop(fresh());
    assert!(verify(&copy, &[]).0, "{}", verify(&copy, &[]).1);
    for (what, sql) in [
        (
            "a record is gone",
            "DELETE FROM items WHERE k = (SELECT min(k) FROM items WHERE k LIKE 'record:%')",
        ),
        (
            "the newest records are gone",
            "DELETE FROM items WHERE k = (SELECT max(k) FROM items WHERE k LIKE 'record:%')",
        ),
        (
            "a word is changed",
            "UPDATE items SET v = CAST(replace(CAST(v AS TEXT), '\"shop\"', '\"shoP\"') AS BLOB) WHERE k LIKE 'record:%'",
        ),
        (
            "a name is changed",
            "UPDATE items SET v = CAST(replace(CAST(v AS TEXT), 'agent-1', 'agent-9') AS BLOB) WHERE k LIKE 'record:%'",
        ),
        (
            "a byte is added",
            "UPDATE items SET v = CAST(CAST(v AS TEXT) || ' ' AS BLOB) WHERE k = (SELECT min(k) FROM items WHERE k LIKE 'record:%')",
        ),
        ("a head is changed", "UPDATE items SET v = CAST('{}' AS BLOB) WHERE k LIKE 'head:%'"),
        (
            "an unknown item is there",
            "UPDATE items SET k = 'x' || k WHERE k = (SELECT min(k) FROM items WHERE k LIKE 'salt:%')",
        ),
        (
            "a record is empty",
            "UPDATE items SET v = CAST('' AS BLOB) WHERE k = (SELECT min(k) FROM items WHERE k LIKE 'record:%')",
        ),
    ] {
        let changed = fresh().execute(sql, []).unwrap();
        assert!(changed > 0, "{what}: nothing was changed");
        let (ok, text) = verify(&copy, &[]);
        assert!(!ok, "{what}, and nobody noticed: {text}");
    }
}

#[test]
fn a_ledger_as_lines_is_checked_to_its_last_byte_and_an_open_request_is_not_passed_over() {
    let stage = Stage::own();
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("ledger.ndjson");
    let mut lines: Vec<Vec<u8>> = stage.play(async {
        let agent = stage.support(Cloud::Azure);
        agent.query("shop", "SELECT id FROM orders WHERE id = 1").await.unwrap();
        let records = recorded(&stage, Cloud::Azure).await;
        records.iter().map(|record| record.line().unwrap()).collect()
    });
    let write = |lines: &[Vec<u8>], end: &[u8]| {
        std::fs::write(&file, [lines.join(&b'\n'), end.to_vec()].concat()).unwrap();
    };
    write(&lines, b"\n");
    assert!(verify(&file, &[]).0, "{}", verify(&file, &[]).1);
    for end in [&b""[..], b"\n\n", b"\n{}\n", b"\n\xff\n"] {
        write(&lines, end);
        assert!(!verify(&file, &["--allow-open"]).0, "{end:?}");
    }
    write(&[], b"");
    assert!(!verify(&file, &["--allow-open"]).0, "nothing proves nothing");
    lines.pop();
    write(&lines, b"\n");
    assert!(!verify(&file, &[]).0, "an intent without its outcome");
    assert!(verify(&file, &["--allow-open"]).0);
}
