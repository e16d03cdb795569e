//! Vetting with a real permit: whose parameters, whose tags, whose verdict.

use ::policy::Verb;
use ::vetting::Error;
use serde_json::json;

use crate::stand::{OPEN, Stand, TARGETS, agent, asking};

#[test]
fn as_many_values_are_wanted_as_the_statement_takes() {
    let stand = Stand::new(OPEN);
    let one = "select id from orders where id = $1";
    for (statement, params, wanted) in [
        (one, vec![], 1),
        (one, vec![json!(1), json!(2)], 1),
        ("select id from orders", vec![json!(1)], 0),
        ("select id from orders where id in ($1, $2, $1)", vec![json!(1)], 2),
    ] {
        let refused = stand.vet(&agent("ada"), &asking(statement).with(&params)).err();
        assert_eq!(refused, Some(Error::Parameters { wanted, given: params.len() }), "{statement}");
    }
    assert!(stand.vet(&agent("ada"), &asking(one).with(&[json!(1)])).is_ok());
}

#[test]
fn a_key_of_the_tags_that_is_no_relation_refuses_every_statement() {
    let broken = TARGETS.replace("public.customers", "public.1customers");
    let stand = Stand::with(&broken, OPEN);
    let refused = stand.vet(&agent("ada"), &asking("select id from orders")).err().unwrap();
    assert_eq!(refused, Error::Name("public.1customers".into()));
    assert!(!refused.told().contains("1customers"), "{}", refused.told());
    assert!(stand.vet(&agent("ada"), &asking("select 1").on("notes-db")).is_ok());
}

#[test]
fn the_tags_that_count_are_those_of_the_permit_s_own_target() {
    let stand = Stand::new(OPEN);
    let probing = asking("select id from customers where ssn = $1").with(&[json!("x")]);
    let refused = stand.vet(&agent("ada"), &probing).err();
    assert_eq!(refused, Some(Error::Tagged("ssn".into())));
    let vetted = stand.vet(&agent("ada"), &probing.on("notes-db")).ok().unwrap();
    assert!(!vetted.reading().tagged_in_scope);
}

#[test]
fn names_without_a_schema_are_those_of_the_target_s_schema() {
    let moved = TARGETS
        .replace("host = \"orders.example\"", "host = \"orders.example\"\nschema = \"sales\"")
        .replace("public.customers", "sales.customers");
    let stand = Stand::with(&moved, OPEN);
    let shown = |statement| {
        let vetted = stand.vet(&agent("ada"), &asking(statement)).ok().unwrap();
        vetted.reading().tags.iter().cloned().collect::<Vec<_>>()
    };
    assert_eq!(shown("select ssn from customers"), ["ssn"]);
    assert_eq!(shown("select ssn from public.customers"), Vec::<String>::new());
}

#[test]
fn what_was_vetted_is_what_was_asked_to_the_byte() {
    let stand = Stand::new(OPEN);
    let asking = asking("SELECT  id FROM orders WHERE id = $1 -- the newest").with(&[json!(1.50)]);
    let asked = asking.ask(&agent("ada"));
    let vetted = stand.vet(&agent("ada"), &asking).ok().unwrap();
    assert_eq!(vetted.body(), &asked.statement);
    assert_eq!(vetted.params(), &asked.params);
    assert_eq!(vetted.asked(), asked.digest());
    assert_eq!(vetted.reading().verbs, [Verb::Select].into());
}

#[test]
fn the_rules_for_everybody_come_before_policy_is_asked() {
    let none = r#"@id("in") permit(principal, action == Action::"connect", resource);"#;
    let stand = Stand::new(none);
    let refused = |statement| stand.vet(&agent("ada"), &asking(statement)).err().unwrap().kind();
    assert_eq!(refused("drop view orders"), "kind");
    assert_eq!(refused("select pg_sleep(1)"), "function");
    assert_eq!(refused("select id from orders where id = $1"), "parameters");
    assert_eq!(refused("select id from orders"), "policy");
}
