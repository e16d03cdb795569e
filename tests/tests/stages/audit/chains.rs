//! Many requests in one session, at once: one unbroken chain.

use std::{collections::BTreeSet, sync::Arc};

use ::audit::{State, conclude, status};
use serde_json::json;

use super::{Book, done};
use crate::stand::{OPEN, Stand, agent, asking};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn thirty_two_intents_at_once_make_one_unbroken_chain() {
    let (stand, book) = (Stand::new(OPEN), Arc::new(Book::new()));
    let begun: Vec<_> = (0..32).map(|_| stand.begin(&agent("ada"), &asking("select 1"))).collect();
    let ids: BTreeSet<_> = begun.iter().map(|begun| begun.id.to_string()).collect();
    let tasks: Vec<_> = begun
        .into_iter()
        .map(|begun| {
            let book = Arc::clone(&book);
            tokio::spawn(async move { book.intend(begun).await.map(drop) })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    let report = book.report(&agent("ada").known()).await.unwrap();
    assert_eq!((report.records, report.chains), (32, 1));
    assert_eq!(report.open, ids);
}

#[tokio::test]
async fn a_request_leaves_an_intent_a_transaction_and_an_outcome() {
    let (stand, book) = (Stand::new(OPEN), Book::new());
    let who = agent("ada").known();
    let begun = stand.begin(&agent("ada"), &asking("select 1"));
    let id = begun.id.clone();
    let (witnessed, open) = book.intend(begun).await.unwrap();
    let state = status(&who, &id, &book.ledger).await.unwrap().unwrap().state;
    assert_eq!(state, State::Running);
    witnessed.transaction("731".into()).await.unwrap();
    conclude(open, done(), Some(b"[[1]]")).await.unwrap();

    let ended = status(&who, &id, &book.ledger).await.unwrap().unwrap();
    assert_eq!((ended.state, ended.rows), (State::Done, Some(2)));
    let report = book.report(&who).await.unwrap();
    assert_eq!((report.records, report.chains, report.concluded), (3, 1, 1));
    assert!(report.open.is_empty());
}

#[tokio::test]
async fn each_session_of_an_agent_has_a_chain_of_its_own() {
    let (stand, book) = (Stand::new(OPEN), Book::new());
    for token in ["t-1", "t-2", "t-2"] {
        let agent = agent("ada").claim("jti", json!(token));
        drop(book.intend(stand.begin(&agent, &asking("select 1"))).await.unwrap());
    }
    let report = book.report(&agent("ada").known()).await.unwrap();
    assert_eq!((report.records, report.chains), (3, 2));
}

#[tokio::test]
async fn a_request_is_concluded_in_the_middle_of_others() {
    let (stand, book) = (Stand::new(OPEN), Book::new());
    let begin = || stand.begin(&agent("ada"), &asking("select 1"));
    let (_, first) = book.intend(begin()).await.unwrap();
    let (_, second) = book.intend(begin()).await.unwrap();
    conclude(first, done(), None).await.unwrap();
    let (_, third) = book.intend(begin()).await.unwrap();
    conclude(third, done(), None).await.unwrap();
    conclude(second, done(), None).await.unwrap();
    let report = book.report(&agent("ada").known()).await.unwrap();
    assert_eq!((report.records, report.concluded, report.open.len()), (6, 3, 0));
}
