//! Ledgers that somebody changed with care, hashes included: one for each thing that is checked.

use ::audit::{conclude, refuse, verify};
use request::{Digest, json};
use serde_json::{Value, json};

use super::{Book, chain_of, done, forbidden};
use crate::stand::{NOW, OPEN, Stand, agent, asking};

/// The records of a ledger without faults: an intent, its transaction, its outcome, a refusal.
async fn sound() -> (Book, Vec<Value>) {
    let (stand, book, ada) = (Stand::new(OPEN), Book::new(), agent("ada"));
    let begun = stand.begin(&ada, &asking("delete from orders where id = 1"));
    let (witnessed, open) = book.intend(begun).await.unwrap();
    witnessed.transaction("731".into()).await.unwrap();
    conclude(open, done(), None).await.unwrap();
    let trail = ::audit::trail(&ada.known(), &asking("drop table t").ask(&ada), NOW).unwrap();
    refuse(&trail, forbidden(), &book.ledger).await.unwrap();
    let lines = book.lines(&ada.known()).await;
    let records = lines.iter().map(|line| serde_json::from_slice(line).unwrap()).collect();
    (book, records)
}

/// Canonical lines in which each record names the one before it, whatever was done to them.
fn linked(mut records: Vec<Value>) -> Vec<Vec<u8>> {
    let mut prev = Digest::from_bytes([0; 32]);
    let mut lines = Vec::new();
    for record in &mut records {
        record["unmapped"]["prev"] = json!(prev);
        let line = json::canonical(record);
        prev = Digest::of(&line);
        lines.push(line);
    }
    lines
}

/// With their places numbered anew as well.
pub(crate) fn numbered(mut records: Vec<Value>) -> Vec<Vec<u8>> {
    for (seq, record) in records.iter_mut().enumerate() {
        record["unmapped"]["seq"] = json!(seq);
    }
    linked(records)
}

pub(crate) fn checked(lines: &[Vec<u8>]) -> Result<verify::Report, verify::Fault> {
    let mut ledger = verify::Ledger::default();
    for line in lines {
        ledger.line(line)?;
    }
    ledger.finish()
}

/// What is wrong with the ledger after this change.
fn fault(lines: &[Vec<u8>]) -> String {
    checked(lines).expect_err("the change is passed over").to_string()
}

type Change = fn(Vec<Value>) -> Vec<Vec<u8>>;

/// A change of one member of the record at this place.
fn set(mut records: Vec<Value>, at: usize, pointer: &str, value: Value) -> Vec<Value> {
    *records[at].pointer_mut(pointer).unwrap() = value;
    records
}

const OCSF: &str = "line 1: its OCSF numbers do not fit its event";

/// What is done to the records, and what the verifier says of it.
const CHANGES: [(&str, Change, &str); 27] = [
    ("version", |r| linked(set(r, 0, "/unmapped/v", json!(2))), "line 1: version 2 of a record"),
    ("activity", |r| linked(set(r, 0, "/activity_id", json!(1))), OCSF),
    ("category", |r| linked(set(r, 0, "/category_uid", json!(1))), OCSF),
    ("class", |r| linked(set(r, 0, "/class_uid", json!(6001))), OCSF),
    ("type", |r| linked(set(r, 0, "/type_uid", json!(600_501))), OCSF),
    ("severity", |r| linked(set(r, 0, "/severity_id", json!(3))), OCSF),
    ("status", |r| linked(set(r, 0, "/status_id", json!(1))), OCSF),
    ("action", |r| linked(set(r, 0, "/action_id", json!(2))), OCSF),
    ("disposition", |r| linked(set(r, 0, "/disposition_id", json!(2))), OCSF),
    ("standard", |r| linked(set(r, 0, "/metadata/version", json!("1.9.0"))), OCSF),
    (
        "a failure told as a success",
        |r| linked(set(r, 2, "/unmapped/event/result", json!("failed"))),
        "line 3: its OCSF numbers do not fit its event",
    ),
    (
        "another actor",
        |r| linked(set(r, 0, "/actor/user/uid", json!("d_other"))),
        "line 1: its actor is not the last hop of its chain",
    ),
    (
        "no hops",
        |r| linked(set(r, 0, "/unmapped/act_chain", json!([]))),
        "line 1: its actor is not the last hop of its chain",
    ),
    (
        "unknown member",
        |mut r| {
            r[1]["unmapped"]["note"] = json!("x");
            linked(r)
        },
        "line 2: not a record: unknown field `note`",
    ),
    (
        "unknown event",
        |r| linked(set(r, 1, "/unmapped/event/kind", json!("hint"))),
        "line 2: not a record: unknown variant `hint`",
    ),
    (
        "a member that is missing",
        |mut r| {
            r[0].as_object_mut().unwrap().remove("time");
            linked(r)
        },
        "line 1: not a record: missing field `time`",
    ),
    (
        "place taken",
        |r| linked(set(r, 1, "/unmapped/seq", json!(0))),
        "/0: two records have this place",
    ),
    (
        "gap",
        |mut r| {
            r.remove(1);
            linked(r)
        },
        "/2: record 1 is missing before it",
    ),
    (
        "no beginning",
        |mut r| {
            r.remove(0);
            linked(r)
        },
        "/1: record 0 is missing before it",
    ),
    (
        "a record between, the rest as it was",
        |r| {
            let mut lines: Vec<_> = r.iter().map(json::canonical).collect();
            lines[1] = json::canonical(&set(r, 1, "/unmapped/event/xid", json!("9"))[1]);
            lines
        },
        "/2: it does not name the record before it",
    ),
    (
        "a first record with one before it",
        |r| {
            let changed = set(r, 0, "/unmapped/prev", json!(Digest::of(b"x")));
            changed.iter().map(json::canonical).collect()
        },
        "/0: it does not name the record before it",
    ),
    (
        "another agent in the chain",
        |r| linked(set(r, 3, "/unmapped/act_chain/0/subject", json!("bob"))),
        "/3: another agent stands in this chain",
    ),
    (
        "a request that begins twice",
        |mut r| {
            r.insert(1, r[0].clone());
            numbered(r)
        },
        "begins twice",
    ),
    (
        "a refusal of what was begun",
        |mut r| {
            r[3]["metadata"] = r[0]["metadata"].clone();
            linked(r)
        },
        "begins twice",
    ),
    ("an outcome of nothing", |r| numbered(r[2..].to_vec()), "ends without an intent"),
    ("a transaction of nothing", |r| numbered(r[1..2].to_vec()), "ends without an intent"),
    (
        "two outcomes",
        |mut r| {
            r.insert(3, r[2].clone());
            numbered(r)
        },
        "ends without an intent",
    ),
];

#[tokio::test]
async fn every_change_that_keeps_the_hashes_right_is_found() {
    let (book, records) = sound().await;
    let report = book.report(&agent("ada").known()).await.unwrap();
    assert_eq!((report.records, report.concluded, report.refused), (4, 1, 1));
    assert_eq!(checked(&linked(records.clone())), Ok(report), "linking alone changes nothing");
    let passed: Vec<_> = CHANGES
        .iter()
        .map(|(what, change, expected)| (what, checked(&change(records.clone())), expected))
        .filter(|(_, found, expected)| {
            !found.as_ref().is_err_and(|fault| fault.to_string().contains(*expected))
        })
        .collect();
    assert!(passed.is_empty(), "{passed:#?}");
}

#[tokio::test]
async fn an_outcome_in_another_chain_than_its_intent_is_found() {
    let (_, records) = sound().await;
    let elsewhere = json!(Digest::of(b"another session"));
    let moved = set(vec![records[2].clone()], 0, "/unmapped/chain", elsewhere.clone());
    let both = [linked(records[..2].to_vec()), numbered(moved)].concat();
    assert!(fault(&both).contains("ends without an intent"));

    let again = set(vec![records[0].clone()], 0, "/unmapped/chain", elsewhere);
    let both = [linked(records[..2].to_vec()), numbered(again)].concat();
    assert!(fault(&both).contains("begins twice"));
}

#[tokio::test]
async fn a_line_that_is_not_the_canonical_form_of_its_record_is_found() {
    let (_, records) = sound().await;
    let line = String::from_utf8(json::canonical(&records[0])).unwrap();
    let mut strange = vec![
        (format!("{line}\n"), "not in canonical form"),
        (format!(" {line}"), "not in canonical form"),
        (line.replace(":6005,", ":6005 ,"), "not in canonical form"),
        (line.replace("Postern", "P\\u006fstern"), "not in canonical form"),
        (line.replace(":6005,", ":6005.0,"), "not"),
        (line.replacen('{', "{\"time\":1,", 1), "not strict JSON"),
        (format!("{line}{line}"), "not strict JSON"),
        (line.trim_end_matches('}').to_owned(), "not strict JSON"),
        (String::new(), "not strict JSON"),
        ("[]".into(), "not a record"),
    ];
    let record = &records[0];
    let (time, rest) =
        (record["time"].clone(), line.replacen(&format!(",\"time\":{}", record["time"]), "", 1));
    strange.push((rest.replacen('{', &format!("{{\"time\":{time},"), 1), "not in canonical form"));
    for (line, expected) in strange {
        let told = fault(&[line.clone().into_bytes()]);
        assert!(told.starts_with("line 1: ") && told.contains(expected), "{told}: {line}");
    }
    assert!(fault(&[b"{\"a\":\"\xff\"}".to_vec()]).contains("not UTF-8"));
}

#[tokio::test]
async fn a_head_that_does_not_fit_the_records_is_found() {
    let (book, records) = sound().await;
    let lines = linked(records);
    let heads = book.items(&agent("ada").known(), "head:").await;
    let [(key, head)] = &heads[..] else { panic!("one head") };
    let told = |lines: &[Vec<u8>], head: &[u8]| {
        let mut ledger = verify::Ledger::default();
        lines.iter().for_each(|line| ledger.line(line).unwrap());
        ledger.head(chain_of(key), head).and_then(|()| ledger.finish().map(drop))
    };
    assert_eq!(told(&lines, head), Ok(()));
    let missing = |result: Result<(), verify::Fault>, seq: usize| {
        let told = result.unwrap_err().to_string();
        assert!(told.ends_with(&format!("records up to {seq} are missing")), "{told}");
    };
    missing(told(&lines[..3], head), 3);
    missing(told(&[], head), 3);
    let last = Digest::of(&lines[3]);
    missing(told(&lines, json!({"seq": 4, "sha256": last}).to_string().as_bytes()), 4);
    missing(told(&lines, json!({"seq": 2, "sha256": last}).to_string().as_bytes()), 2);
    let other = Digest::of(&lines[2]);
    missing(told(&lines, json!({"seq": 3, "sha256": other}).to_string().as_bytes()), 3);
    for unread in ["", "{}", r#"{"seq":3}"#, r#"{"seq":-1,"sha256":""}"#] {
        let told = told(&lines, unread.as_bytes()).unwrap_err().to_string();
        assert!(told.contains("its head cannot be read"), "{told}");
    }
}

#[tokio::test]
async fn what_was_running_is_reported_and_is_no_fault() {
    let (_, records) = sound().await;
    let id = records[0]["metadata"]["correlation_uid"].as_str().unwrap().to_owned();
    let report = checked(&linked(records[..2].to_vec())).unwrap();
    assert_eq!((report.concluded, report.open), (0, [id].into()));
}
