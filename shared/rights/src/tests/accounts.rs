//! One account: what it grants, and when it is short.

use serde_json::{Value, json};

use super::rights;
use crate::{
    Budget,
    account::{Account, Amount, Short},
};

pub(super) fn budget(mut members: Value) -> Budget {
    members["type"] = json!("budget");
    let entry = json!({ "type": "postgres", "locations": ["a"], "actions": ["select"], "objects": ["a.*"] });
    *rights(json!([entry, members])).budget().unwrap()
}

fn account(members: Value) -> Account {
    Account::open(&budget(members))
}

/// Of a result without cells.
fn amount(rows: u64, bytes: u64, statements: u64) -> Amount {
    Amount { rows, bytes, cells: 0, statements }
}

#[test]
fn as_much_is_granted_as_there_is() {
    let mut account = account(json!({ "rows": 10, "bytes": 100 }));
    let unlimited = Amount { cells: u64::MAX, ..amount(10, 100, u64::MAX) };
    assert_eq!(account.available(0), unlimited);
    assert_eq!(account.reserve(amount(7, 10, 9), 0), Ok(amount(7, 10, 1)));
    assert_eq!(account.reserve(amount(7, 10, 0), 0), Ok(amount(3, 10, 1)));
    assert_eq!(account.available(0), Amount { rows: 0, bytes: 80, ..unlimited });
}

#[test]
fn held_is_told_apart_from_spent() {
    let mut account = account(json!({ "rows": 10 }));
    let all = account.reserve(amount(10, 0, 1), 0).unwrap();
    assert_eq!(account.reserve(amount(1, 1, 1), 0), Err(Short::Reserved));
    account.settle(all, amount(4, 0, 1), 0);
    assert_eq!(account.available(0).rows, 6);
    let rest = account.reserve(amount(10, 0, 1), 0).unwrap();
    account.settle(rest, rest, 0);
    assert_eq!(account.reserve(amount(1, 1, 1), u64::MAX), Err(Short::Spent));
}

#[test]
fn statements_run_out_as_rows_do() {
    let mut account = account(json!({ "statements": 2 }));
    let first = account.reserve(amount(5, 5, 1), 0).unwrap();
    assert_eq!(first, amount(5, 5, 1));
    account.reserve(amount(5, 5, 1), 0).unwrap();
    assert_eq!(account.reserve(amount(5, 5, 1), 0), Err(Short::Reserved));
    account.settle(first, amount(0, 0, 0), 0);
    assert_eq!(account.available(0).statements, 1, "a statement that did not run is given back");
}

#[test]
fn cells_run_out_as_rows_do() {
    let mut account = account(json!({ "cells": 10 }));
    let want = Amount { cells: 7, ..amount(5, 5, 1) };
    assert_eq!(account.reserve(want, 0), Ok(want), "rows and bytes are not limited");
    assert_eq!(account.reserve(want, 0), Ok(Amount { cells: 3, ..want }));
    assert_eq!(account.reserve(want, 0), Err(Short::Reserved));
    account.settle(want, Amount { cells: 4, ..want }, 0);
    assert_eq!(account.available(0).cells, 3);
    account.settle(Amount { cells: 3, ..want }, Amount { cells: 3, ..want }, 0);
    account.settle(Amount { cells: 3, ..want }, Amount { cells: 3, ..want }, 0);
    assert_eq!(account.available(0).cells, 3, "what nobody holds is not spent");
}

#[test]
fn a_new_window_forgets_what_was_spent_and_not_what_is_held() {
    let mut account = account(json!({ "rows": 10, "window_s": 60 }));
    let spent = account.reserve(amount(4, 0, 1), 119).unwrap();
    let held = account.reserve(amount(5, 0, 1), 119).unwrap();
    account.settle(spent, spent, 119);
    assert_eq!(account.available(119).rows, 1);
    assert_eq!(account.available(120).rows, 5);
    account.settle(held, held, 121);
    assert_eq!(account.available(121).rows, 5, "what ends in a window is spent in it");
}

#[test]
fn time_that_goes_back_forgets_nothing() {
    let mut account = account(json!({ "rows": 10, "window_s": 60 }));
    let all = account.reserve(amount(10, 0, 1), 600).unwrap();
    account.settle(all, all, 600);
    for earlier in [599, 60, 0] {
        assert_eq!(account.reserve(amount(1, 0, 1), earlier), Err(Short::Spent));
    }
    assert_eq!(account.available(660).rows, 10);
}

#[test]
fn more_than_was_reserved_is_never_counted_as_used() {
    let mut account = account(json!({ "rows": 10 }));
    let some = account.reserve(amount(4, 0, 1), 0).unwrap();
    account.settle(some, amount(u64::MAX, u64::MAX, u64::MAX), 0);
    assert_eq!(account.available(0).rows, 6);
}

#[test]
fn settling_what_nobody_reserved_changes_nothing() {
    let mut account = account(json!({ "rows": 10 }));
    account.settle(amount(4, 4, 4), amount(4, 4, 4), 0);
    assert_eq!(account, self::account(json!({ "rows": 10 })));
}

#[test]
fn an_account_is_read_as_it_was_written_and_in_no_other_form() {
    let mut account = account(json!({ "rows": 10, "statements": 3, "window_s": 60 }));
    account.reserve(amount(4, 1, 1), 60).unwrap();
    let bytes = account.to_bytes();
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert_eq!(
        text,
        "{\"limits\":{\"rows\":10,\"statements\":3,\"window_s\":60},\
         \"reserved\":{\"bytes\":0,\"cells\":0,\"rows\":4,\"statements\":1},\
         \"spent\":{\"bytes\":0,\"cells\":0,\"rows\":0,\"statements\":0},\"window\":1}"
    );
    assert_eq!(Account::from_bytes(&bytes).unwrap(), account);
    for (from, to) in [
        ("\"rows\":10,", ""),
        ("\"rows\":10", "\"rows\":null"),
        ("\"rows\":10", "\"rows\":10,\"rows\":11"),
        ("\"rows\":10", "\"rows\":0"),
        ("\"window_s\":60", "\"window_s\":1"),
        ("\"window\":1", "\"window\":1.0"),
        ("\"window\":1", "\"window\":1,\"x\":1"),
        ("\"rows\":4", "\"rows\":-4"),
        ("\"window\":1", "\"window\": 1"),
    ] {
        let changed = text.replacen(from, to, 1);
        let read = Account::from_bytes(changed.as_bytes());
        let still_ours = from == "\"rows\":10,";
        assert_eq!(read.is_ok(), still_ours, "{changed}");
    }
    assert!(Account::from_bytes(b"").is_err());
}
