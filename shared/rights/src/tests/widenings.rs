//! Attack 21: a child asks for more than its parent has. Each way of asking is told by its path.

use serde_json::{Value, json};

use super::rights;

fn parent() -> Value {
    json!([
        {
            "type": "postgres",
            "locations": ["shop"],
            "actions": ["select", "update"],
            "objects": ["public.orders", "sales.*", "public.customers.name"],
            "except": ["sales.salaries", "public.orders.note"],
            "masked": ["ssn"],
            "approval": true,
            "max_rows": 100,
            "max_bytes": 1000,
            "timeout_ms": 500,
            "not_before": 1000,
            "not_after": 2000,
        },
        { "type": "postgres", "locations": ["crm"], "actions": ["select"], "objects": ["public.leads"] },
        { "type": "budget", "rows": 10, "cells": 40, "statements": 5, "window_s": 3600 },
    ])
}

/// The parent's rights with one member of one entry changed, or left out.
fn with(entry: usize, member: &str, value: Value) -> Value {
    let mut child = parent();
    child[entry][member] = value;
    child[entry].as_object_mut().unwrap().retain(|_, value| !value.is_null());
    child
}

/// The path and the whole sentence.
fn told(child: Value) -> (String, String) {
    let widening = rights(child).leq(&rights(parent())).unwrap_err();
    (widening.path().to_owned(), widening.to_string())
}

#[test]
fn the_same_rights_and_narrower_ones_are_no_widening() {
    let narrower = [
        parent(),
        json!([]),
        with(0, "objects", json!(["public.orders.id", "sales.leads", "SALES.\"Q3\""])),
        with(0, "except", json!(["sales.*", "public.orders"])),
        with(0, "masked", json!(["email", "ssn"])),
        with(0, "max_rows", json!(1)),
        with(0, "not_before", json!(2000)),
        with(1, "max_rows", json!(7)),
        with(1, "approval", json!(true)),
        with(2, "rows", json!(9)),
        with(2, "bytes", json!(9)),
        with(2, "cells", json!(40)),
        with(2, "window_s", Value::Null),
    ];
    for child in narrower {
        assert_eq!(rights(child.clone()).leq(&rights(parent())), Ok(()), "{child}");
    }
}

#[test]
fn every_member_that_is_wider_is_named() {
    let wider = [
        (0, "locations", json!(["shop", "crm"])),
        (0, "locations", json!(["hr"])),
        (0, "actions", json!(["select", "delete"])),
        (0, "objects", json!(["public.invoices"])),
        (0, "objects", json!(["public.*"])),
        (0, "objects", json!(["public.customers"])),
        (0, "objects", json!(["public.orders", "public.customers.ssn"])),
        (0, "except", Value::Null),
        (0, "except", json!(["sales.salaries"])),
        (0, "except", json!(["sales.salaries.amount", "public.orders.note"])),
        (0, "masked", Value::Null),
        (0, "masked", json!(["SSN"])),
        (0, "approval", Value::Null),
        (0, "max_rows", json!(101)),
        (0, "max_rows", Value::Null),
        (0, "max_bytes", json!(1001)),
        (0, "max_bytes", Value::Null),
        (0, "timeout_ms", json!(501)),
        (0, "timeout_ms", Value::Null),
        (0, "not_before", json!(999)),
        (0, "not_before", Value::Null),
        (0, "not_after", json!(2001)),
        (0, "not_after", Value::Null),
        (1, "actions", json!(["insert"])),
        (2, "rows", json!(11)),
        (2, "cells", json!(41)),
        (2, "cells", Value::Null),
        (2, "statements", Value::Null),
        (2, "window_s", json!(60)),
        (2, "window_s", json!(7200)),
    ];
    for (entry, member, value) in wider {
        let (path, sentence) = told(with(entry, member, value.clone()));
        assert_eq!(path, format!("[{entry}].{member}"), "{value}: {sentence}");
    }
}

#[test]
fn names_that_only_look_like_the_parent_s_are_other_names() {
    for object in [
        "public.\"Orders\"",
        "\"PUBLIC\".orders",
        "\"public.orders\".id",
        "public.\"orders.id\"",
        "public.\"orders \"",
        "public.\"orders\"\"\"",
        "public.orders_",
        "public.order",
        "\"Sales\".leads",
        "sales2.leads",
        "public.\"οrders\"",
    ] {
        let (path, sentence) = told(with(0, "objects", json!([object])));
        assert_eq!(path, "[0].objects", "{sentence}");
    }
}

#[test]
fn a_sentence_says_what_to_change() {
    for (child, sentence) in [
        (with(0, "max_rows", Value::Null), "`[0].max_rows` must be given, and at most 100"),
        (
            with(0, "objects", json!(["public.*"])),
            "`[0].objects` must leave out `public.*`, not all of which is the parent's",
        ),
        (
            with(0, "except", Value::Null),
            "`[0].except` must hold `public.orders.note`, which the parent has to leave alone",
        ),
        (
            with(0, "approval", Value::Null),
            "`[0].approval` must be `true`, as it is for the parent",
        ),
        (with(2, "window_s", json!(60)), "`[2].window_s` must be 3600, or left out for a total"),
    ] {
        assert_eq!(told(child).1, sentence);
    }
}

#[test]
fn two_entries_of_the_parent_do_not_add_up_for_one_of_the_child() {
    let parent = json!([
        { "type": "postgres", "locations": ["shop"], "actions": ["select"], "objects": ["public.a"] },
        { "type": "postgres", "locations": ["shop"], "actions": ["delete"], "objects": ["public.b"] },
    ]);
    let child = |actions: Value, objects: Value| {
        let entry = json!({ "type": "postgres", "locations": ["shop"], "actions": actions, "objects": objects });
        rights(json!([entry])).leq(&rights(parent.clone()))
    };
    assert!(child(json!(["select"]), json!(["public.a"])).is_ok());
    assert!(child(json!(["select"]), json!(["public.a", "public.b"])).is_err());
    assert!(child(json!(["select", "delete"]), json!(["public.a"])).is_err());
    assert!(child(json!(["delete"]), json!(["public.a"])).is_err());
}

#[test]
fn a_path_is_that_of_the_text_which_was_asked_with() {
    let mut child = parent();
    // The entry that is fine sorts first, and stands last.
    child.as_array_mut().unwrap().reverse();
    child[2]["max_rows"] = json!(101);
    assert_eq!(told(child).0, "[2].max_rows");
}

#[test]
fn a_child_cannot_leave_out_its_parent_s_budget() {
    let mut child = parent();
    child.as_array_mut().unwrap().pop();
    assert_eq!(
        told(child).1,
        "`authorization_details` must hold an entry of type `budget`: the parent has one"
    );
}

#[test]
fn a_window_instead_of_a_total_is_a_widening() {
    let mut parent = parent();
    parent[2].as_object_mut().unwrap().remove("window_s");
    let widening = rights(self::parent()).leq(&rights(parent)).unwrap_err();
    assert_eq!(widening.path(), "[2].window_s");
}

#[test]
fn of_no_rights_nothing_can_be_had() {
    let widening = rights(parent()).leq(&crate::Rights::none()).unwrap_err();
    assert_eq!(widening.to_string(), "`[0]` must be left out: the parent has no rights");
}
