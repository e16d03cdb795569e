//! Chains of several hops: what policy is asked, how far rights reach, who has fallen, and what is
//! left of a budget.

mod budgets;
mod standing;
mod tree;

use ::policy::Error;
use serde_json::{Value, json};

use crate::stand::{
    OPEN, Stand, TARGETS, agent, asking,
    nodes::{all, id, node},
};

/// Everything is permitted, except where this policy speaks.
fn but(forbid: &str) -> Stand {
    Stand::new(&format!("{OPEN}\n@id(\"but\") forbid(principal, action, resource) {forbid};"))
}

/// The answer of policy to a node at depth 2 that wants this.
fn answer(stand: &Stand, rights: Value, statement: &str) -> Result<(), Error> {
    let agent = node(2, rights).agent("t-1");
    stand.admit(&agent, "orders-db")?;
    match stand.vet(&agent, &asking(statement)) {
        Ok(_) => Ok(()),
        Err(::vetting::Error::Policy(error)) => Err(error),
        Err(error) => panic!("refused by another rule: {error}"),
    }
}

fn forbidden() -> Result<(), Error> {
    Err(Error::Forbid { policies: vec!["but".into()] })
}

#[test]
fn what_is_forbidden_to_any_hop_is_forbidden_to_the_chain() {
    let read = "select id from orders";
    assert_eq!(answer(&Stand::new(OPEN), all(), read), Ok(()));
    for depth in 0..3 {
        let stand = but(&format!("when {{ context.depth == {depth} }}"));
        assert_eq!(answer(&stand, all(), read), forbidden(), "at depth {depth}");
    }
    assert_eq!(answer(&but("when { context.depth == 3 }"), all(), read), Ok(()));
}

#[test]
fn policy_sees_the_whole_chain_in_every_question() {
    let middle = id(1);
    for seen in [
        r#"context.chain.kind == "issued""#,
        r#"context.chain.proof == "bearer""#,
        "context.chain.hops == 3",
        &format!("context.chain.path.contains(\"{middle}\")"),
        r#"context.chain.root == {"issuer": "corp", "subject": "ada"}"#,
        r#"context.chain.label == "totals""#,
    ] {
        let stand = but(&format!("unless {{ {seen} }}"));
        assert_eq!(answer(&stand, all(), "select id from orders"), Ok(()), "{seen}");
    }
    let direct = but(r#"unless { context.chain.kind == "direct" && context.chain.hops == 1 }"#);
    assert!(direct.admit(&agent("ada"), "orders-db").is_ok());
}

#[test]
fn a_child_that_left_its_groups_behind_has_them_no_more_and_its_parents_still_do() {
    let analysts = r#"@id("in") permit(principal in Group::"analysts", action, resource);"#;
    let stand = Stand::new(analysts);
    let admitted = |from| {
        let agent = node(2, all()).groupless_from(from).agent("t-1");
        stand.admit(&agent, "orders-db").map(|_| ()).err()
    };
    assert_eq!(admitted(3), None);
    assert_eq!(admitted(2), Some(Error::Forbid { policies: Vec::new() }));
    // A group that one is forbidden things by is not escaped by leaving it.
    let barred = but(r#"when { principal in Group::"analysts" }"#);
    let agent = node(2, all()).groupless_from(1).agent("t-1");
    let refused = barred.admit(&agent, "orders-db").err();
    assert_eq!(refused, Some(Error::Forbid { policies: vec!["but".into()] }));
}

#[test]
fn rights_end_where_they_say_whatever_policy_permits() {
    let orders = json!([{
        "type": "postgres", "locations": ["orders-db"], "actions": ["select"],
        "objects": ["public.orders"],
    }]);
    let answer = |statement| answer(&Stand::new(OPEN), orders.clone(), statement);
    assert_eq!(answer("select id from orders"), Ok(()));
    assert_eq!(answer("select 1"), Ok(()));
    for beyond in [
        "select id from customers",
        "select o.id from orders o join customers c on c.id = o.customer",
        "select id from orders where exists (select 1 from other.orders)",
        "delete from orders where id = 1",
        "insert into orders (id) select 7",
    ] {
        assert_eq!(answer(beyond), Err(Error::Rights), "{beyond}");
    }
    let refused = Stand::new(OPEN).admit(&node(2, orders.clone()).agent("t-1"), "notes-db");
    assert_eq!(refused.err(), Some(Error::Rights));
}

#[test]
fn without_rights_nothing_is_reached() {
    assert_eq!(answer(&Stand::new(OPEN), json!([]), "select 1"), Err(Error::Rights));
}

#[test]
fn the_bounds_of_rights_narrow_what_policy_allows() {
    let open = r#"@id("open") @mask("ssn:bare, email:bare") @max_rows("50") @timeout_ms("900")
        permit(principal, action, resource);"#;
    let rights = json!([{
        "type": "postgres", "locations": ["orders-db"], "actions": ["select"],
        "objects": ["public.*"], "max_rows": 5, "max_bytes": 700, "masked": ["ssn"],
    }]);
    let agent = node(1, rights).agent("t-1");
    let vetted = Stand::new(open).vet(&agent, &asking("select ssn, email from customers")).unwrap();
    let duties = vetted.permit().duties();
    let limits = duties.limits();
    assert_eq!((limits.max_rows, limits.max_bytes, limits.timeout_ms), (5, 700, 900));
    assert_eq!(duties.mask("ssn"), ::policy::Mask::Redact);
    assert_eq!(duties.mask("email"), ::policy::Mask::Bare);
}

#[test]
fn rights_that_ask_people_each_time_need_people_whom_policy_names() {
    let rights = json!([{
        "type": "postgres", "locations": ["orders-db"], "actions": ["select"],
        "objects": ["public.*"], "approval": true,
    }]);
    let read = "select id from orders";
    assert_eq!(answer(&Stand::new(OPEN), rights.clone(), read), Err(Error::Rights));
    let asks = r#"@id("ask") @approvers("1 of dba") permit(principal, action, resource);"#;
    assert_eq!(answer(&Stand::new(asks), rights, read), Ok(()));
}

#[test]
fn a_target_that_wants_a_chain_takes_no_direct_caller() {
    let targets = TARGETS.replacen("max_rows = 1000", "max_rows = 1000\nrequire_chain = true", 1);
    let stand = Stand::with(&targets, OPEN);
    assert_eq!(stand.admit(&agent("ada"), "orders-db").err(), Some(Error::Direct));
    assert!(stand.admit(&agent("ada"), "notes-db").is_ok());
    assert!(stand.admit(&node(0, all()).agent("t-1"), "orders-db").is_ok());
}

#[test]
fn a_target_is_handed_on_by_those_whom_policy_lets() {
    let stand = Stand::new(
        r#"@id("on") permit(principal, action == Action::"delegate", resource == Target::"orders-db");"#,
    );
    let may = |target, class| {
        let who = node(1, all()).agent("t-1").known();
        ::policy::delegate(&who, &[target].into(), class, &stand.policies).is_ok()
    };
    assert!(may("orders-db", identity::Class::Bound));
    assert!(!may("orders-db", identity::Class::Leaf), "without a key is another question");
    assert!(!may("notes-db", identity::Class::Bound));
    assert!(!may("no-db", identity::Class::Bound));
}
