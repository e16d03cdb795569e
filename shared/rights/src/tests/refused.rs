//! The closed world: what is not known, not well formed or too much is refused, with its path.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{Error, Rights, object::Object};

fn postgres() -> Value {
    json!({ "type": "postgres", "locations": ["shop"], "actions": ["select"], "objects": ["public.orders"] })
}

fn budget() -> Value {
    json!({ "type": "budget", "rows": 1 })
}

fn refused(value: &Value) -> Error {
    Rights::parse(value).expect_err(&value.to_string())
}

fn with(member: &str, value: Value) -> Value {
    let mut entry = postgres();
    entry[member] = value;
    json!([entry])
}

#[test]
fn what_is_not_a_list_of_objects_is_refused() {
    for value in [json!(null), json!({}), json!("all"), json!(true), postgres()] {
        assert_eq!(refused(&value).path(), "authorization_details");
    }
    assert_eq!(refused(&json!([postgres(), []])).path(), "[1]");
    assert_eq!(refused(&json!(["postgres"])).path(), "[0]");
}

#[test]
fn an_entry_has_a_type_that_is_known() {
    for kind in
        [json!("http"), json!("Postgres"), json!("postgres "), json!(""), json!(1), json!(null)]
    {
        assert_eq!(refused(&with("type", kind)).path(), "[0].type");
    }
    assert_eq!(refused(&json!([{}])).to_string(), "`[0].type` is missing");
}

#[test]
fn a_member_that_is_not_known_is_refused() {
    for member in ["max_row", "Max_rows", "privileges", "datatypes", "identifier", "rows", ""] {
        let error = refused(&with(member, json!(1)));
        assert_eq!(error, Error::Unknown { path: format!("[0].{member}") });
    }
    let error = refused(&json!([postgres(), { "type": "budget", "rows": 1, "max_rows": 1 }]));
    assert_eq!(error.to_string(), "`[1].max_rows` is not known here");
    let long = refused(&with(&"\u{1b}".repeat(9000), json!(1)));
    assert!(long.path().len() < 500 && !long.path().contains('\u{1b}'));
}

#[test]
fn what_every_entry_has_cannot_be_left_out() {
    for member in ["locations", "actions", "objects"] {
        let mut entry = postgres();
        entry.as_object_mut().unwrap().remove(member);
        assert_eq!(refused(&json!([entry])), Error::Missing { path: format!("[0].{member}") });
    }
    assert_eq!(refused(&json!([postgres(), { "type": "budget", "window_s": 60 }])).path(), "[1]");
}

#[test]
fn a_list_holds_names_of_its_kind_and_each_once() {
    for (member, list, path) in [
        ("locations", json!(["shop", "Shop"]), "[0].locations[1]"),
        ("locations", json!(["*"]), "[0].locations[0]"),
        ("locations", json!("shop"), "[0].locations"),
        ("locations", json!([]), "[0].locations"),
        ("actions", json!(["select", "drop"]), "[0].actions[1]"),
        ("actions", json!(["SELECT"]), "[0].actions[0]"),
        ("actions", json!(["*"]), "[0].actions[0]"),
        ("actions", json!(["select", "select"]), "[0].actions[1]"),
        ("actions", json!([null]), "[0].actions[0]"),
        ("objects", json!(["*"]), "[0].objects[0]"),
        ("objects", json!(["public.a", "*.*"]), "[0].objects[1]"),
        ("objects", json!(["orders"]), "[0].objects[0]"),
        ("objects", json!(["public.a", "PUBLIC.\"a\""]), "[0].objects[1]"),
        ("objects", json!(["public.a", ["public.b"]]), "[0].objects[1]"),
        ("objects", json!({ "public": "a" }), "[0].objects"),
        ("objects", json!(["public.\"a"]), "[0].objects[0]"),
        ("except", json!([]), "[0].except"),
        ("except", json!(["secret"]), "[0].except[0]"),
        ("masked", json!([]), "[0].masked"),
        ("masked", json!(["ssn", ""]), "[0].masked[1]"),
        ("masked", json!(["ssn", "a\nb"]), "[0].masked[1]"),
        ("masked", json!(["x".repeat(64)]), "[0].masked[0]"),
    ] {
        assert_eq!(refused(&with(member, list.clone())).path(), path, "{list}");
    }
}

#[test]
fn a_number_is_whole_and_in_its_range() {
    let wrong =
        [json!(0), json!(-1), json!(1.0), json!(1e3), json!("10"), json!(null), json!(1_u64 << 53)];
    for member in ["max_rows", "max_bytes", "timeout_ms", "not_before", "not_after"] {
        for value in &wrong {
            assert_eq!(refused(&with(member, value.clone())).path(), format!("[0].{member}"));
        }
        assert!(Rights::parse(&with(member, json!((1_u64 << 53) - 1))).is_ok());
    }
    for window in [json!(59), json!(2_592_001), json!("60")] {
        let entry = json!({ "type": "budget", "rows": 1, "window_s": window });
        assert_eq!(refused(&json!([postgres(), entry])).path(), "[1].window_s");
    }
}

#[test]
fn a_time_that_ends_before_it_begins_is_refused() {
    let mut entry = postgres();
    entry["not_before"] = json!(11);
    entry["not_after"] = json!(10);
    assert_eq!(refused(&json!([entry])).path(), "[0].not_after");
}

#[test]
fn an_approval_is_demanded_or_left_out() {
    for value in [json!(false), json!(null), json!("true"), json!(1)] {
        assert_eq!(refused(&with("approval", value)).path(), "[0].approval");
    }
}

#[test]
fn the_same_entry_and_a_second_budget_are_refused() {
    let mut upper = postgres();
    upper["objects"] = json!(["PUBLIC.ORDERS"]);
    assert_eq!(refused(&json!([postgres(), upper])), Error::Twice { path: "[1]".into() });
    let other = json!({ "type": "budget", "bytes": 2 });
    assert_eq!(refused(&json!([budget(), postgres(), other])), Error::Twice { path: "[2]".into() });
}

#[test]
fn a_budget_alone_is_refused() {
    assert_eq!(refused(&json!([budget()])).path(), "[0]");
}

#[test]
fn more_than_is_read_is_refused() {
    let entries = |count: u64| -> Value {
        (0..count).map(|n| with("max_rows", json!(n + 1))[0].clone()).collect()
    };
    assert!(Rights::parse(&entries(16)).is_ok());
    assert_eq!(
        refused(&entries(17)).to_string(),
        "`authorization_details` holds more than 16 entries"
    );
    let objects =
        |count: usize| json!((0..count).map(|n| format!("public.t{n}")).collect::<Vec<_>>());
    assert!(Rights::parse(&with("objects", objects(64))).is_ok());
    assert_eq!(refused(&with("objects", objects(65))).path(), "[0].objects");
    let long: Vec<String> =
        (0..64).map(|n| format!("s{n}.{}.{}", "x".repeat(63), "y".repeat(63))).collect();
    let mut both = with("objects", json!(long));
    both[0]["except"] = json!(long);
    assert_eq!(refused(&both).to_string(), "`authorization_details` holds more than 16 KiB");
}

/// JSON of any kind, some of it near what rights hold.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (0_u64..100).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::sample::select(vec!["postgres", "budget", "shop", "select", "public.*", "a.\"b\".c"])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        let member = prop_oneof![
            prop::sample::select(vec!["type", "locations", "actions", "objects", "rows", "masked"])
                .prop_map(str::to_owned),
            any::<String>(),
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(member, inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn any_json_is_read_or_refused(value in any_json()) {
        if let Ok(rights) = Rights::parse(&value) {
            prop_assert_eq!(Rights::parse(&rights.to_json()), Ok(rights));
        }
    }

    #[test]
    fn an_entry_with_any_member_changed_is_read_or_refused_at_that_member(
        member in prop::sample::select(vec![
            "locations", "actions", "objects", "except", "masked", "approval", "max_rows", "max_bytes", "timeout_ms", "not_before", "not_after", "more",
        ]),
        value in any_json(),
    ) {
        match Rights::parse(&with(member, value)) {
            Ok(rights) => prop_assert_eq!(Rights::parse(&rights.to_json()), Ok(rights)),
            Err(error) => {
                let path = format!("[0].{member}");
                prop_assert!(error.path().starts_with(&path), "{}", error);
            }
        }
    }

    #[test]
    fn a_path_of_any_letters_is_refused_or_printed_as_it_is_read(
        text in prop_oneof![any::<String>(), "[\"aB.*]{1,12}", "(\"[a.\"]{1,4}\"|[aB]{1,2}|[*]){1,3}"],
    ) {
        if let Some(object) = Object::parse(&text) {
            prop_assert_eq!(Object::parse(&object.to_string()), Some(object));
        }
    }
}
