//! Budgets: reserved on the whole way before a statement runs, settled after, never overshot.

use std::sync::Arc;

use ::audit::{Ended, Error, Outcome};
use rights::{
    Rights,
    account::{Account, Short},
};
use serde_json::{Value, json};
use state::{Store, Write};

use crate::{
    audit::Book,
    stand::{
        OPEN, Stand, asking,
        nodes::{Node, all, id, node},
    },
};

/// Opens accounts for these nodes of the tree.
async fn open(book: &Book, who: &Node, budgets: &[(u8, Value)]) {
    let partition = who.agent("any").known().get().partition().clone();
    let write = |(depth, budget): &(u8, Value)| {
        let mut entries = all();
        entries.as_array_mut().unwrap().push(budget.clone());
        let rights = Rights::parse(&entries).unwrap();
        Write::Create {
            key: ::audit::account(id(*depth).as_str()).unwrap(),
            value: Account::open(rights.budget().unwrap()).to_bytes(),
            expires_at: None,
        }
    };
    let writes: Vec<Write> = budgets.iter().map(write).collect();
    book.store.commit(&partition, &writes).await.unwrap();
}

/// What one request may show, and then shows this many rows.
async fn show(book: &Book, who: &Node, token: &str, rows: u64) -> Result<u64, Error> {
    let begun = Stand::new(OPEN).begin(&who.agent(token), &asking("select id from orders"));
    let (witnessed, open) = book.intend(begun).await?;
    let most = witnessed.limits().max_rows;
    let shown = rows.min(most);
    let outcome = Outcome { result: Ended::Done, rows: shown, ..Outcome::default() };
    ::audit::conclude(open, outcome, None).await?;
    Ok(shown)
}

fn rows(most: u64) -> Value {
    json!({"type": "budget", "rows": most})
}

#[tokio::test]
async fn what_is_left_is_what_may_be_shown() {
    let (book, child) = (Book::new(), node(1, all()).budgeted(&[0]));
    open(&book, &child, &[(0, rows(25))]).await;
    assert_eq!(show(&book, &child, "a", 10).await.unwrap(), 10);
    assert_eq!(show(&book, &child, "b", 10).await.unwrap(), 10);
    assert_eq!(show(&book, &child, "c", 10).await.unwrap(), 5, "cut, not refused");
    let spent = show(&book, &child, "d", 1).await.unwrap_err();
    assert!(matches!(spent, Error::Budget(Short::Spent)), "{spent}");
}

/// What one request that shows rows of three cells is let show, and then shows.
async fn show_threes(book: &Book, who: &Node, token: &str) -> Result<u64, Error> {
    let begun = Stand::new(OPEN).begin(&who.agent(token), &asking("select id from orders"));
    let (witnessed, open) = book.intend(begun).await?;
    let rows = witnessed.limits().max_cells.min(60) / 3;
    let outcome = Outcome { result: Ended::Done, rows, cells: rows * 3, ..Outcome::default() };
    ::audit::conclude(open, outcome, None).await?;
    Ok(rows)
}

#[tokio::test]
async fn cells_are_counted_beside_rows_and_what_is_cut_is_not() {
    let (book, child) = (Book::new(), node(1, all()).budgeted(&[0, 1]));
    let (most, apart) = (json!({"type": "budget", "cells": 100}), rows(1000));
    open(&book, &child, &[(0, most), (1, apart)]).await;
    assert_eq!(show_threes(&book, &child, "a").await.unwrap(), 20);
    assert_eq!(show_threes(&book, &child, "b").await.unwrap(), 13, "40 cells are left");
    assert_eq!(show_threes(&book, &child, "c").await.unwrap(), 0, "one is, and no row of three");
    let begun = Stand::new(OPEN).begin(&child.agent("d"), &asking("select id from orders"));
    let (witnessed, running) = book.intend(begun).await.unwrap();
    assert_eq!((witnessed.limits().max_cells, witnessed.limits().max_rows), (1, 967));
    let last = Outcome { result: Ended::Done, rows: 1, cells: 1, ..Outcome::default() };
    ::audit::conclude(running, last, None).await.unwrap();
    let spent = show_threes(&book, &child, "e").await.unwrap_err();
    assert!(matches!(spent, Error::Budget(Short::Spent)), "{spent}");
}

#[tokio::test]
async fn every_budget_on_the_way_is_debited_and_the_least_decides() {
    let (book, child) = (Book::new(), node(2, all()).budgeted(&[0, 2]));
    open(&book, &child, &[(0, rows(100)), (2, rows(3))]).await;
    assert_eq!(show(&book, &child, "a", 10).await.unwrap(), 3);
    // A sibling, so to speak: the root has paid for the first.
    let other = node(1, all()).budgeted(&[0]);
    assert_eq!(show(&book, &other, "b", 1000).await.unwrap(), 97);
}

#[tokio::test]
async fn what_is_held_by_a_request_that_runs_is_not_given_twice() {
    let (book, child) = (Book::new(), node(1, all()).budgeted(&[0]));
    open(&book, &child, &[(0, rows(10))]).await;
    let begun = Stand::new(OPEN).begin(&child.agent("a"), &asking("select id from orders"));
    let (witnessed, running) = book.intend(begun).await.unwrap();
    assert_eq!(witnessed.limits().max_rows, 10);
    let held = show(&book, &child, "b", 1).await.unwrap_err();
    assert!(matches!(held, Error::Budget(Short::Reserved)), "{held}");
    ::audit::conclude(running, Outcome { rows: 4, ..Outcome::default() }, None).await.unwrap();
    assert_eq!(show(&book, &child, "c", 100).await.unwrap(), 6, "it left the rest");
}

#[tokio::test]
async fn what_nobody_can_tell_counts_as_used() {
    let (book, child) = (Book::new(), node(1, all()).budgeted(&[0]));
    open(&book, &child, &[(0, rows(10))]).await;
    let begun = Stand::new(OPEN).begin(&child.agent("a"), &asking("select id from orders"));
    let (_witnessed, running) = book.intend(begun).await.unwrap();
    let unknown = Outcome { result: Ended::Unknown, ..Outcome::default() };
    ::audit::conclude(running, unknown, None).await.unwrap();
    let spent = show(&book, &child, "b", 1).await.unwrap_err();
    assert!(matches!(spent, Error::Budget(Short::Spent)), "{spent}");
}

#[tokio::test]
async fn an_account_that_is_missing_is_no_budget_without_end() {
    let (book, child) = (Book::new(), node(1, all()).budgeted(&[0]));
    let missing = show(&book, &child, "a", 1).await.unwrap_err();
    assert!(matches!(missing, Error::Mismatch), "{missing}");
}

#[tokio::test]
async fn many_at_once_use_exactly_what_there_is() {
    let (book, child) = (Arc::new(Book::new()), Arc::new(node(1, all()).budgeted(&[0, 1])));
    open(&book, &child, &[(0, rows(100)), (1, json!({"type": "budget", "statements": 50}))]).await;
    let tasks = (0..64).map(|n| {
        let (book, child) = (Arc::clone(&book), Arc::clone(&child));
        tokio::spawn(async move {
            let mut tries = 0..1000;
            loop {
                match show(&book, &child, &format!("t-{n}-{}", tries.next().unwrap()), 7).await {
                    Ok(shown) => return shown,
                    Err(Error::Budget(Short::Spent)) => return 0,
                    // Held by another one who has not ended, or others were always first.
                    Err(Error::Budget(Short::Reserved) | Error::Busy) => {}
                    Err(other) => panic!("{other}"),
                }
                tokio::task::yield_now().await;
            }
        })
    });
    let mut shown = 0;
    for task in tasks.collect::<Vec<_>>() {
        shown += task.await.unwrap();
    }
    assert_eq!(shown, 100);
}
