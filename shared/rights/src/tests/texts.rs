//! The normal form as text.

use request::json;
use serde_json::{Value, json};

use super::rights;
use crate::{Rights, TEXT_LIMIT};

#[test]
fn rights_are_written_in_one_way() {
    let given = json!([
        { "type": "budget", "statements": 3, "window_s": 60 },
        {
            "type": "postgres", "locations": ["shop", "crm"], "actions": ["update", "select"],
            "objects": ["Public.Orders", "public.orders.id", "\"Public\".\"x\""], "masked": ["ssn"],
            "except": ["public.a", "public.*"], "not_after": 9, "max_rows": 5, "approval": true,
        },
        { "type": "postgres", "locations": ["shop"], "actions": ["select"], "objects": ["b.\"b\""] },
    ]);
    let text = String::from_utf8(json::canonical(&rights(given).to_json())).unwrap();
    assert_eq!(
        text,
        "[{\"actions\":[\"select\"],\"locations\":[\"shop\"],\"objects\":[\"b.b\"],\"type\":\"postgres\"},\
         {\"actions\":[\"select\",\"update\"],\"approval\":true,\"except\":[\"public.*\"],\
         \"locations\":[\"crm\",\"shop\"],\"masked\":[\"ssn\"],\"max_rows\":5,\"not_after\":9,\
         \"objects\":[\"\\\"Public\\\".x\",\"public.orders\"],\"type\":\"postgres\"},\
         {\"statements\":3,\"type\":\"budget\",\"window_s\":60}]"
    );
}

#[test]
fn an_entry_that_adds_nothing_is_passed_over() {
    let entry = |objects: Value| json!({ "type": "postgres", "locations": ["shop"], "actions": ["select"], "objects": objects });
    let both = rights(json!([entry(json!(["public.orders"])), entry(json!(["public.*"]))]));
    assert_eq!(both, rights(json!([entry(json!(["public.*"]))])));
}

#[test]
fn no_rights_are_an_empty_list() {
    assert_eq!(Rights::none().to_json(), json!([]));
    assert_eq!(rights(json!([])), Rights::none());
    assert!(Rights::none().is_empty() && Rights::none().budget().is_none());
}

/// Sixteen entries that all differ, for the greatest work that a meet can be.
fn crowded(limit: &str, other: &str) -> Rights {
    let objects: Vec<String> = (0..60).map(|n| format!("s{n:02}.*")).collect();
    let entry = |n: usize| {
        let mut objects = objects.clone();
        objects.extend((0..4).map(|tail| format!("z{}.*", (n >> tail & 1) * 4 + tail)));
        json!({
            "type": "postgres", "locations": ["shop"], "actions": ["select"], "objects": objects,
            limit: n + 1, other: 100 - n,
        })
    };
    rights((0..16).map(entry).collect())
}

#[test]
fn a_meet_of_many_entries_is_bounded_and_still_within_both() {
    let (a, b) = (crowded("max_rows", "max_bytes"), crowded("timeout_ms", "not_before"));
    let met = a.meet(&b);
    assert_eq!((met.leq(&a), met.leq(&b)), (Ok(()), Ok(())));
    assert_eq!(met, b.meet(&a));
    assert!(!met.is_empty() && json::canonical(&met.to_json()).len() <= TEXT_LIMIT);
    assert_eq!(Rights::parse(&met.to_json()), Ok(met));
}

#[test]
fn a_meet_with_more_exceptions_than_fit_grants_nothing() {
    let rights = |from: usize| {
        let except: Vec<String> = (from..from + 40).map(|n| format!("public.t{n}")).collect();
        rights(json!([{
            "type": "postgres", "locations": ["shop"], "actions": ["select"], "objects": ["public.*"],
            "except": except,
        }]))
    };
    assert!(!rights(0).meet(&rights(20)).is_empty());
    assert_eq!(rights(0).meet(&rights(40)), Rights::none());
}

#[test]
fn a_meet_with_more_objects_than_fit_leaves_the_last_ones_out() {
    let rights = |whole: &str, single: &str| {
        let mut objects: Vec<String> = (0..40).map(|n| format!("{single}.t{n}")).collect();
        objects.push(format!("{whole}.*"));
        rights(json!([{
            "type": "postgres", "locations": ["shop"], "actions": ["select"], "objects": objects,
        }]))
    };
    let (a, b) = (rights("public", "sales"), rights("sales", "public"));
    let met = a.meet(&b);
    assert_eq!(met.to_json()[0]["objects"].as_array().unwrap().len(), 64);
    assert_eq!((met.leq(&a), met.leq(&b)), (Ok(()), Ok(())));
    assert_eq!(Rights::parse(&met.to_json()), Ok(met));
}
