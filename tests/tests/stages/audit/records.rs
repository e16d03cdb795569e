//! What stands in records, in statuses and beside them, and for whom.

use ::audit::{Ended, Error, Outcome, State, conclude, park, refuse, status};
use approvals::Parked;
use request::{Ask, Digest, RequestId};
use serde_json::{Value, json};
use state::{Key, Store, Write};

use super::{Book, done, forbidden, partition};
use crate::stand::{Agent, Asking, NOW, OPEN, Stand, TARGETS, agent, asked, asking};

/// The records of this agent, newest last.
async fn records(book: &Book, agent: &Agent) -> Vec<Value> {
    let lines = book.lines(&agent.known()).await;
    lines.iter().map(|line| serde_json::from_slice(line).unwrap()).collect()
}

/// What the salt of this request and these bytes come to.
async fn committed(book: &Book, agent: &Agent, id: &RequestId, bytes: &[u8]) -> Value {
    let salts = book.items(&agent.known(), &format!("salt:{id}")).await;
    assert_eq!(salts.len(), 1);
    json!(Digest::of_parts(&[&salts[0].1, bytes]))
}

#[tokio::test]
async fn a_trail_of_anything_else_than_what_was_cleared_is_refused() {
    let (stand, book) = (Stand::new(OPEN), Book::new());
    let asked = asking("select id from orders where id = $1").with(&[json!(1)]);
    let others: [(&str, Agent, Asking); 5] = [
        ("another caller", agent("bob"), asked.clone()),
        ("another session", agent("ada").claim("jti", json!("t-2")), asked.clone()),
        ("another target", agent("ada"), asked.clone().on("notes-db")),
        ("another parameter", agent("ada"), asked.clone().with(&[json!(2)])),
        ("another statement", agent("ada"), asking("select 1")),
    ];
    for (what, other, otherwise) in others {
        let mut begun = stand.begin(&agent("ada"), &asked);
        begun.trail = stand.begin(&other, &otherwise).trail;
        assert!(matches!(book.intend(begun).await.err(), Some(Error::Mismatch)), "{what}");
    }
    assert_eq!(book.store.committed(), 0);
}

#[tokio::test]
async fn an_intent_says_what_will_run_and_under_which_rules() {
    let policies = r#"@id("in") permit(principal, action == Action::"connect", resource);
        @id("read") @max_rows("9") permit(principal, action == Action::"select", resource);"#;
    let (stand, book) = (Stand::new(policies), Book::new());
    let asked = asking("select ssn from customers where id = 4711 -- quickly").because("audit 7");
    let begun = stand.begin(&agent("ada"), &asked.keyed("a-1"));
    let (id, digest) = (begun.id.clone(), begun.cleared.vetted().asked());
    drop(book.intend(begun).await.unwrap());

    let [record] = &records(&book, &agent("ada")).await[..] else { panic!("one record") };
    let event = json!({
        "kind": "intent", "policy": stand.policies.digest(), "policies": ["in", "read"],
        "max_rows": 9, "max_bytes": 1 << 20, "tags": ["ssn"], "reason": "audit 7",
        "idempotency_key": "a-1", "shown": "bearer",
        "commitment": committed(&book, &agent("ada"), &id, digest.bytes()).await,
    });
    assert_eq!(record["unmapped"]["event"], event);
    assert_eq!(record["metadata"]["correlation_uid"], json!(id));
    assert_eq!(record["database"]["name"], "orders-db");
    assert_eq!(record["src_endpoint"]["ip"], "192.0.2.7");
    assert_eq!(record["actor"]["user"]["name"], "ada");
    assert_eq!(record["query_info"]["query_string"], "select ssn from customers where id = $1");
    assert!(!record.to_string().contains("4711"), "a literal may be personal data");
}

#[tokio::test]
async fn an_outcome_commits_to_what_was_shown_and_holds_none_of_it() {
    let (stand, book) = (Stand::new(OPEN), Book::new());
    let begun = stand.begin(&agent("ada"), &asking("select 1"));
    let id = begun.id.clone();
    let (_, open) = book.intend(begun).await.unwrap();
    conclude(open, done(), Some(b"[[\"secret rows\"]]")).await.unwrap();
    let outcome = &records(&book, &agent("ada")).await[1];
    let expected = committed(&book, &agent("ada"), &id, b"[[\"secret rows\"]]").await;
    assert_eq!(outcome["unmapped"]["event"]["commitment"], expected);
    assert!(!outcome.to_string().contains("secret rows"));
}

#[tokio::test]
async fn a_status_ends_as_its_request_did() {
    let (stand, book) = (Stand::new(OPEN), Book::new());
    let who = agent("ada").known();
    for (result, state) in [
        (Ended::Done, State::Done),
        (Ended::Failed, State::Failed),
        (Ended::Unknown, State::Unknown),
    ] {
        let begun = stand.begin(&agent("ada"), &asking("select 1"));
        let id = begun.id.clone();
        let (_, open) = book.intend(begun).await.unwrap();
        let outcome =
            Outcome { result, cause: Some("why".into()), affected: 4, ..Outcome::default() };
        conclude(open, outcome, None).await.unwrap();
        let status = status(&who, &id, &book.ledger).await.unwrap().unwrap();
        assert_eq!((status.state, status.affected), (state, Some(4)));
        assert_eq!(status.cause.as_deref(), Some("why"));
        assert_eq!((status.request, status.target), (id.to_string(), "orders-db".into()));
    }
    assert_eq!(book.report(&who).await.unwrap().concluded, 3);
}

#[tokio::test]
async fn the_status_of_another_node_is_none() {
    let (stand, book) = (Stand::new(OPEN), Book::new());
    let begun = stand.begin(&agent("ada"), &asking("select 1"));
    let id = begun.id.clone();
    drop(book.intend(begun).await.unwrap());
    let seen = async |agent: Agent| status(&agent.known(), &id, &book.ledger).await.unwrap();
    assert!(seen(agent("ada").claim("jti", json!("t-2"))).await.is_some(), "any session may ask");
    assert_eq!(seen(agent("bob")).await, None);
    assert_eq!(seen(agent("ada").claim("client_id", json!("cron"))).await, None);
}

#[tokio::test]
async fn a_status_beside_one_s_own_that_names_another_node_is_none() {
    let (book, who, id) = (Book::new(), agent("ada").known(), RequestId::fresh());
    let put = async |value: Vec<u8>, id: &RequestId| {
        let key = Key::new(format!("request:{id}")).unwrap();
        let write = Write::Create { key, value, expires_at: None };
        book.store.commit(&partition(&who), &[write]).await.unwrap();
    };
    let theirs =
        json!({"request": id, "node": "d_theirs", "target": "t", "state": "done", "began": 1});
    put(theirs.to_string().into_bytes(), &id).await;
    assert_eq!(status(&who, &id, &book.ledger).await.unwrap(), None);

    let garbled = RequestId::fresh();
    put(b"{}".to_vec(), &garbled).await;
    let unread = status(&who, &garbled, &book.ledger).await;
    assert!(matches!(unread, Err(Error::Unavailable(_))), "{unread:?}");
}

#[tokio::test]
async fn a_refusal_is_on_record_with_its_cause_and_a_status() {
    let book = Book::new();
    let (ada, who) = (agent("ada"), agent("ada").known());
    let ask = asking("drop table orders").because("cleaning up").ask(&ada);
    let trail = ::audit::trail(&who, &ask, NOW).unwrap();
    refuse(&trail, forbidden(), &book.ledger).await.unwrap();

    let event = records(&book, &ada).await[0]["unmapped"]["event"].clone();
    let expected = json!({
        "kind": "refusal", "stage": "policy", "cause": "forbid", "told": "this caller may not",
        "policies": ["night"], "reason": "cleaning up",
        "commitment": committed(&book, &ada, &ask.id, ask.digest().bytes()).await,
    });
    assert_eq!(event, expected);
    let status = status(&who, &ask.id, &book.ledger).await.unwrap().unwrap();
    assert_eq!((status.state, status.cause.as_deref()), (State::Refused, Some("forbid")));
    assert_eq!(book.report(&who).await.unwrap().refused, 1);
}

/// What an approver would have to agree to.
fn parked(stand: &Stand, agent: &Agent, ask: &Ask, asking: &Asking) -> Box<Parked> {
    let vetted = stand.vet(agent, asking).ok().unwrap();
    match approvals::clear(vetted, &asked(ask)).err() {
        Some(approvals::Error::Parked(parked)) => parked,
        other => panic!("not parked: {other:?}"),
    }
}

#[tokio::test]
async fn what_waits_for_people_is_kept_in_the_same_commit_as_its_record() {
    let asks = r#"@id("ask") @approvers("2 of dba, 1 of privacy")
        permit(principal, action, resource);"#;
    let (stand, book, ada) = (Stand::with(TARGETS, asks), Book::new(), agent("ada"));
    let asked = asking("delete from orders where id = $1").with(&[json!(1)]);
    let ask = asked.ask(&ada);
    let parked = parked(&stand, &ada, &ask, &asked);
    let who = ada.known();
    let trail = ::audit::trail(&who, &ask, NOW).unwrap();
    park(&trail, &parked, &book.ledger).await.unwrap();
    assert_eq!(book.store.committed(), 1);

    let event = records(&book, &ada).await[0]["unmapped"]["event"].clone();
    assert_eq!((&event["kind"], &event["what"]), (&json!("approval"), &json!("asked")));
    assert_eq!(event["approvers"], json!(["2 of dba", "1 of privacy"]));
    assert_eq!(event["digest"], json!(parked.digest()));
    let state = status(&who, &ask.id, &book.ledger).await.unwrap().unwrap().state;
    assert_eq!(state, State::Parked);
    assert_eq!(book.report(&who).await.unwrap().asked, 1);
}

#[tokio::test]
async fn what_people_are_asked_to_approve_is_the_request_whole() {
    let asks = r#"@id("ask") @approvers("2 of dba, 1 of privacy") @approve_within("30m")
        permit(principal, action, resource);"#;
    let (stand, book, ada) = (Stand::with(TARGETS, asks), Book::new(), agent("ada"));
    let asked = asking("delete from orders where id = $1").with(&[json!(1)]).because("audit 7");
    let ask = asked.ask(&ada);
    let parked = parked(&stand, &ada, &ask, &asked);
    let who = ada.known();
    let trail = ::audit::trail(&who, &ask, NOW).unwrap();
    park(&trail, &parked, &book.ledger).await.unwrap();

    let kept = book.items(&who, &format!("parked:{}", ask.id)).await;
    assert_eq!(Digest::of(&kept[0].1), parked.digest());
    let kept: Value = serde_json::from_slice(&kept[0].1).unwrap();
    let matter = &kept["matter"];
    assert_eq!(matter["hops"][0]["node"], json!(who.get().actor().node().as_str()));
    assert_eq!(matter["hops"][0]["who"]["subject"], json!(who.get().root().subject()));
    assert_eq!(matter["statement"], "delete from orders where id = $1");
    assert_eq!((&matter["params"], &matter["target"]), (&json!(["1"]), &json!("orders-db")));
    assert_eq!(matter["facts"]["writes"], json!(["public.orders"]));
    assert_eq!(matter["facts"]["columns"], json!({"public.orders": ["id"]}));
    assert_eq!(matter["policy"], json!(stand.policies.digest()));
    assert_eq!(matter["demand"]["approvers"], json!({"dba": 2, "privacy": 1}));
    assert_eq!(kept["expires"], json!(NOW.0 + 30 * 60 * 1000));
    assert_eq!((&kept["reason"], &kept["policies"]), (&json!("audit 7"), &json!(["ask"])));
}

#[tokio::test]
async fn a_head_that_cannot_be_read_stops_the_chain() {
    let (stand, book) = (Stand::new(OPEN), Book::new());
    let who = agent("ada").known();
    let key = Key::new(format!("head:{}", who.get().session())).unwrap();
    let garbled = Write::Create { key, value: b"{\"seq\":0}".to_vec(), expires_at: None };
    book.store.commit(&partition(&who), &[garbled]).await.unwrap();
    let begun = stand.begin(&agent("ada"), &asking("select 1"));
    assert!(matches!(book.intend(begun).await.err(), Some(Error::Unavailable(_))));
    assert_eq!(book.lines(&who).await.len(), 0);
}

#[tokio::test]
async fn an_outcome_without_its_status_is_refused() {
    let (stand, book) = (Stand::new(OPEN), Book::new());
    let (_, open) = book.intend(stand.begin(&agent("ada"), &asking("select 1"))).await.unwrap();
    book.store.lose("request:");
    assert!(matches!(conclude(open, done(), None).await, Err(Error::Mismatch)));
}
