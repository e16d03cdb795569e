//! Idempotency keys: one request runs at most once, and the key is its own agent's.

use std::sync::Arc;

use ::audit::{Error, refuse};
use serde_json::json;

use super::{Book, forbidden};
use crate::stand::{NOW, OPEN, Stand, agent, asking};

#[tokio::test]
async fn the_same_request_is_taken_once_and_its_first_id_is_told() {
    let (stand, book) = (Stand::new(OPEN), Book::new());
    let keyed = asking("select id from orders where id = $1").with(&[json!(1)]).keyed("a-1");
    let first = stand.begin(&agent("ada"), &keyed);
    let id = first.id.to_string();
    drop(book.intend(first).await.unwrap());
    for again in [agent("ada"), agent("ada").claim("jti", json!("t-2"))] {
        let repeated = book.intend(stand.begin(&again, &keyed)).await.err();
        assert!(matches!(repeated, Some(Error::Repeated(first)) if first == id));
    }
    assert_eq!(book.lines(&agent("ada").known()).await.len(), 1);
}

#[tokio::test]
async fn a_key_is_good_for_no_other_request() {
    let (stand, book) = (Stand::new(OPEN), Book::new());
    let keyed = asking("select id from orders where id = $1").with(&[json!(1)]).keyed("a-1");
    drop(book.intend(stand.begin(&agent("ada"), &keyed)).await.unwrap());
    for other in [
        keyed.clone().with(&[json!(2)]),
        keyed.clone().with(&[json!("1")]),
        keyed.clone().on("notes-db"),
        asking("select id from orders where id =  $1").with(&[json!(1)]).keyed("a-1"),
    ] {
        let refused = book.intend(stand.begin(&agent("ada"), &other)).await.err();
        assert!(matches!(refused, Some(Error::KeyReused)));
    }
}

#[tokio::test]
async fn a_key_of_one_agent_is_free_for_another() {
    let (stand, book) = (Stand::new(OPEN), Book::new());
    let keyed = asking("select 1").keyed("a-1");
    for who in [agent("ada"), agent("bob"), agent("ada").claim("client_id", json!("cron"))] {
        assert!(book.intend(stand.begin(&who, &keyed)).await.is_ok());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_come_at_once_with_one_key_one_runs() {
    let (stand, book) = (Stand::new(OPEN), Arc::new(Book::new()));
    let keyed = asking("select 1").keyed("a-1");
    let tasks: Vec<_> = (0..8)
        .map(|_| (stand.begin(&agent("ada"), &keyed), Arc::clone(&book)))
        .map(|(begun, book)| tokio::spawn(async move { book.intend(begun).await.map(drop) }))
        .collect();
    let mut ran = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(()) => ran += 1,
            Err(error) => assert!(matches!(error, Error::Repeated(_)), "{error:?}"),
        }
    }
    assert_eq!(ran, 1);
    assert_eq!(book.report(&agent("ada").known()).await.unwrap().records, 1);
}

#[tokio::test]
async fn a_request_that_was_refused_has_not_used_its_key() {
    let (stand, book) = (Stand::new(OPEN), Book::new());
    let keyed = asking("select 1").keyed("a-1");
    let trail = ::audit::trail(&agent("ada").known(), &keyed.ask(&agent("ada")), NOW).unwrap();
    refuse(&trail, forbidden(), &book.ledger).await.unwrap();
    assert!(book.intend(stand.begin(&agent("ada"), &keyed)).await.is_ok());
}
