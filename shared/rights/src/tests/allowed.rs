//! What rights allow: one entry, all of it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::rights;
use crate::{Action, Asked, Bounds, Rights, Use};

fn entry(objects: Value) -> Value {
    json!({ "type": "postgres", "locations": ["shop"], "actions": ["select"], "objects": objects })
}

fn on(objects: &[&str]) -> Rights {
    rights(json!([entry(json!(objects))]))
}

fn orders(columns: Option<&[&'static str]>) -> Use<'static> {
    let columns = columns.map(|names| names.iter().copied().collect());
    Use { schema: "public", relation: "orders", columns }
}

fn select(uses: Vec<Use<'_>>) -> Asked<'_> {
    Asked { target: "shop", actions: BTreeSet::from([Action::Select]), uses, at: 100 }
}

fn may(rights: &Rights, what: Use<'_>) -> bool {
    rights.allows(&select(vec![what])).is_some()
}

#[test]
fn no_rights_allow_nothing() {
    assert_eq!(Rights::none().allows(&select(vec![])), None);
}

#[test]
fn a_statement_that_touches_nothing_needs_target_and_action_only() {
    let rights = on(&["public.orders"]);
    assert_eq!(rights.allows(&select(vec![])), Some(Bounds::default()));
    assert_eq!(rights.allows(&Asked { target: "crm", ..select(vec![]) }), None);
    let both = BTreeSet::from([Action::Select, Action::Delete]);
    assert_eq!(rights.allows(&Asked { actions: both, ..select(vec![]) }), None);
    assert_eq!(rights.allows(&Asked { actions: BTreeSet::new(), ..select(vec![]) }), None);
}

#[test]
fn a_table_is_allowed_with_whatever_columns() {
    for rights in [on(&["public.*"]), on(&["public.orders"])] {
        for columns in [None, Some(&[][..]), Some(&["id"][..]), Some(&["*"][..])] {
            assert!(may(&rights, orders(columns)));
        }
        assert!(!may(&rights, Use { schema: "sales", ..orders(None) }));
    }
    assert!(!may(&on(&["public.orders"]), Use { relation: "customers", ..orders(None) }));
    assert!(!may(&on(&["public.\"Orders\""]), orders(None)));
}

#[test]
fn columns_are_allowed_only_where_all_that_are_meant_are_known() {
    let rights = on(&["public.orders.id", "public.orders.name"]);
    assert!(may(&rights, orders(Some(&["id"]))));
    assert!(may(&rights, orders(Some(&["id", "name"]))));
    assert!(may(&rights, orders(Some(&[]))), "count(*) of a table of which a column is allowed");
    assert!(!may(&rights, orders(Some(&["id", "ssn"]))));
    assert!(!may(&rights, orders(Some(&["id", "*"]))));
    assert!(!may(&rights, orders(None)));
    assert!(!may(&rights, Use { relation: "customers", ..orders(Some(&[])) }));
}

#[test]
fn an_exception_forbids_all_that_may_come_upon_it() {
    let but = |except: &str| {
        let mut entry = entry(json!(["public.*", "sales.*"]));
        entry["except"] = json!([except]);
        rights(json!([entry]))
    };
    assert!(!may(&but("public.*"), orders(Some(&["id"]))));
    assert!(!may(&but("public.orders"), orders(Some(&["id"]))));
    assert!(!may(&but("public.orders.ssn"), orders(Some(&["id", "ssn"]))));
    assert!(!may(&but("public.orders.ssn"), orders(Some(&["*"]))));
    assert!(!may(&but("public.orders.ssn"), orders(None)));
    assert!(!may(&but("public.\"Orders\".\"SSN\""), orders(Some(&["ssn"]))), "in any case");
    assert!(may(&but("public.orders.ssn"), orders(Some(&["id"]))));
    assert!(may(&but("public.orders.ssn"), Use { schema: "sales", ..orders(None) }));
    assert!(may(&but("public.customers"), orders(None)));
}

#[test]
fn one_use_too_many_is_one_too_many() {
    let rights = on(&["public.orders"]);
    let other = Use { relation: "customers", ..orders(None) };
    assert_eq!(rights.allows(&select(vec![orders(None), other])), None);
}

#[test]
fn entries_do_not_add_up() {
    let mut second = entry(json!(["public.customers"]));
    second["actions"] = json!(["insert"]);
    let rights = rights(json!([entry(json!(["public.orders"])), second]));
    let customers = Use { relation: "customers", ..orders(None) };
    let both = BTreeSet::from([Action::Select, Action::Insert]);
    let copy = Asked { actions: both, ..select(vec![orders(None), customers]) };
    assert_eq!(rights.allows(&copy), None);
}

#[test]
fn an_entry_is_good_from_its_first_second_to_its_last() {
    let mut entry = entry(json!(["public.*"]));
    entry["not_before"] = json!(100);
    entry["not_after"] = json!(200);
    let rights = rights(json!([entry]));
    for (at, good) in [(99, false), (100, true), (200, true), (201, false)] {
        assert_eq!(rights.allows(&Asked { at, ..select(vec![]) }).is_some(), good, "{at}");
    }
}

#[test]
fn the_entry_that_asks_nobody_answers_first() {
    let mut asking = entry(json!(["public.*"]));
    asking["approval"] = json!(true);
    let mut masking = entry(json!(["public.orders"]));
    masking["masked"] = json!(["ssn"]);
    masking["max_rows"] = json!(10);
    let rights = rights(json!([asking, masking]));
    let masked = BTreeSet::from(["ssn".to_owned()]);
    let bounds = Bounds { masked, max_rows: Some(10), ..Bounds::default() };
    assert_eq!(rights.allows(&select(vec![orders(None)])), Some(bounds));
    let customers = Use { relation: "customers", ..orders(None) };
    let bounds = Bounds { approval: true, ..Bounds::default() };
    assert_eq!(rights.allows(&select(vec![customers])), Some(bounds));
}

#[test]
fn targets_and_budget_are_told() {
    let mut crm = entry(json!(["public.*"]));
    crm["locations"] = json!(["crm", "crm-2"]);
    let budget = json!({ "type": "budget", "rows": 7, "window_s": 60 });
    let rights = rights(json!([entry(json!(["public.*"])), crm, budget]));
    assert_eq!(rights.locations(), BTreeSet::from(["crm", "crm-2", "shop"]));
    assert!(rights.names("crm") && !rights.names("cr") && !rights.names(""));
    let budget = rights.budget().unwrap();
    assert_eq!((budget.rows(), budget.bytes(), budget.window_s()), (Some(7), None, Some(60)));
}
