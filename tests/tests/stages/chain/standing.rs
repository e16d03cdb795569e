//! Who was revoked does nothing more, and a token that is good once is good once.

use std::sync::Arc;

use ::audit::Error;
use identity::{Fallen, Revocations};
use serde_json::json;
use state::{Store, Write};

use crate::{
    audit::Book,
    stand::{
        OPEN, Stand, asking,
        nodes::{Node, all, id, node},
    },
};

/// Revokes the node at this depth.
async fn revoke(book: &Book, who: &Node, depth: u8) {
    let partition = who.agent("any").known().get().partition().clone();
    let key = [Revocations::key().unwrap()];
    let before = book.store.read(&partition, &key).await.unwrap().remove(0);
    let mut list = Revocations::read(before.as_ref()).unwrap();
    list.nodes.insert(id(depth).as_str().into());
    book.store.commit(&partition, &[list.write(before.as_ref()).unwrap()]).await.unwrap();
}

/// What becomes of a request with this token.
async fn ask(book: &Book, who: &Node, token: &str) -> Result<(), Error> {
    let begun = Stand::new(OPEN).begin(&who.agent(token), &asking("select id from orders"));
    book.intend(begun).await.map(drop)
}

fn fallen(result: Result<(), Error>) -> Option<Fallen> {
    match result {
        Err(Error::Fallen(fallen)) => Some(fallen),
        Ok(()) => None,
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn one_write_ends_a_node_and_all_below_it() {
    let (book, grandchild) = (Book::new(), node(2, all()));
    let (child, root) = (node(1, all()), node(0, all()));
    revoke(&book, &root, 1).await;
    assert_eq!(fallen(ask(&book, &grandchild, "a").await), Some(Fallen::Revoked));
    assert_eq!(fallen(ask(&book, &child, "b").await), Some(Fallen::Revoked));
    assert_eq!(fallen(ask(&book, &root, "c").await), None, "its parent goes on");
}

#[tokio::test]
async fn a_token_that_is_good_once_is_good_once() {
    let (book, leaf) = (Book::new(), node(2, all()));
    assert_eq!(fallen(ask(&book, &leaf, "a").await), None);
    assert_eq!(fallen(ask(&book, &leaf, "a").await), Some(Fallen::Replayed));
    assert_eq!(fallen(ask(&book, &leaf, "b").await), None);
}

#[tokio::test]
async fn of_many_requests_with_one_token_exactly_one_is_on_record() {
    let (book, leaf) = (Arc::new(Book::new()), Arc::new(node(2, all())));
    let tries = (0..64).map(|_| {
        let (book, leaf) = (Arc::clone(&book), Arc::clone(&leaf));
        tokio::spawn(async move { ask(&book, &leaf, "a").await })
    });
    let mut went = 0;
    for tried in tries.collect::<Vec<_>>() {
        went += usize::from(tried.await.unwrap().is_ok());
    }
    assert_eq!(went, 1);
    assert_eq!(book.lines(&leaf.agent("any").known()).await.len(), 1);
}

#[tokio::test]
async fn the_last_replay_that_is_borne_ends_the_node() {
    let (book, leaf) = (Book::new(), node(2, all()));
    assert_eq!(fallen(ask(&book, &leaf, "a").await), None);
    for _ in 0..3 {
        let begun = Stand::new(OPEN).begin(&leaf.agent("a"), &asking("select id from orders"));
        let why = ::audit::Refused::new("identity", "replayed", "no".into(), Vec::new());
        ::audit::fell(&begun.trail, why, Fallen::Replayed, &book.ledger).await.unwrap();
    }
    assert_eq!(fallen(ask(&book, &leaf, "b").await), Some(Fallen::Revoked));
    let report = book.report(&leaf.agent("any").known()).await.unwrap();
    assert_eq!(report.refused, 3, "each is on record");
}

#[tokio::test]
async fn what_was_running_when_its_node_was_revoked_shows_nothing() {
    let (book, child) = (Book::new(), node(1, all()));
    let begun = Stand::new(OPEN).begin(&child.agent("a"), &asking("select id from orders"));
    let (_witnessed, open) = book.intend(begun).await.unwrap();
    revoke(&book, &child, 0).await;
    let outcome = ::audit::Outcome { result: ::audit::Ended::Done, rows: 2, ..Default::default() };
    let concluded = ::audit::conclude(open, outcome, Some(b"[[1],[2]]")).await;
    assert_eq!(fallen(concluded.map(drop)), Some(Fallen::Revoked));
    let lines = book.lines(&child.agent("any").known()).await;
    let last: serde_json::Value = serde_json::from_slice(lines.last().unwrap()).unwrap();
    let event = &last["unmapped"]["event"];
    assert_eq!((&event["result"], &event["cause"]), (&json!("done"), &json!("revoked")));
    assert!(event.get("commitment").is_none(), "nothing was shown");
}

#[tokio::test]
async fn nothing_is_written_under_a_node_that_was_revoked_meanwhile() {
    let (book, child) = (Book::new(), node(1, all()));
    let asked = asking("delete from orders where id = 1");
    let begun = Stand::new(OPEN).begin(&child.agent("a"), &asked);
    let (witnessed, _open) = book.intend(begun).await.unwrap();
    revoke(&book, &child, 1).await;
    let transaction = witnessed.transaction("77".into()).await;
    assert_eq!(fallen(transaction.map(drop)), Some(Fallen::Revoked));
}

#[tokio::test]
async fn a_list_that_cannot_be_read_ends_everybody() {
    let (book, child) = (Book::new(), node(1, all()));
    let partition = child.agent("any").known().get().partition().clone();
    let garbled =
        Write::Create { key: Revocations::key().unwrap(), value: b"[]".to_vec(), expires_at: None };
    book.store.commit(&partition, &[garbled]).await.unwrap();
    assert_eq!(fallen(ask(&book, &child, "a").await), Some(Fallen::Unreadable));
}
