//! Policy, asked with real chains: who may connect, what may be done, and under which duties.

mod duties;

use ::policy::Error;
use serde_json::json;

use crate::stand::{Agent, Asking, OPEN, Stand, TARGETS, agent, asking};

/// Everybody may connect; what else, a test says.
fn connecting(more: &str) -> Stand {
    let connect = r#"@id("in") permit(principal, action == Action::"connect", resource);"#;
    Stand::new(&format!("{connect}\n{more}"))
}

/// The answer of policy to a statement that keeps to all other rules.
fn answer(stand: &Stand, agent: &Agent, asking: &Asking) -> Result<Vec<String>, Error> {
    match stand.vet(agent, asking) {
        Ok(vetted) => Ok(vetted.permit().spoke().iter().cloned().collect()),
        Err(::vetting::Error::Policy(error)) => Err(error),
        Err(error) => panic!("refused by another rule: {error}"),
    }
}

fn forbidden() -> Result<Vec<String>, Error> {
    Err(Error::Forbid { policies: Vec::new() })
}

#[test]
fn a_forbid_that_cannot_be_evaluated_forbids() {
    let brittle = r#"@id("brittle") forbid(principal, action == Action::"select", resource)
        when { context.parameters + 9223372036854775807 < 0 };"#;
    let stand = Stand::new(&format!("{OPEN}\n{brittle}"));
    let sound = asking("select id from orders");
    assert!(answer(&stand, &agent("ada"), &sound).is_ok(), "it can be evaluated and is not true");

    let overflowing = asking("select id from orders where id = $1").with(&[json!(1)]);
    let refused = answer(&stand, &agent("ada"), &overflowing).unwrap_err();
    assert_eq!(refused, Error::Evaluation { policies: vec!["brittle".into()] });
    assert_eq!(refused.policies(), ["brittle"]);
    assert!(!refused.told().contains("brittle") && !refused.to_string().contains("brittle"));
}

#[test]
fn a_permit_that_cannot_be_evaluated_refuses_beside_one_that_can() {
    let brittle = r#"@id("brittle") permit(principal, action == Action::"select", resource)
        when { context.parameters + 9223372036854775807 > 0 };"#;
    let stand = Stand::new(&format!("{OPEN}\n{brittle}"));
    let overflowing = asking("select id from orders where id = $1").with(&[json!(1)]);
    let refused = answer(&stand, &agent("ada"), &overflowing);
    assert_eq!(refused, Err(Error::Evaluation { policies: vec!["brittle".into()] }));
}

#[test]
fn nobody_connects_past_a_forbid_that_cannot_be_evaluated() {
    let brittle = r#"@id("brittle") forbid(principal, action == Action::"connect", resource)
        when { context.depth - 9223372036854775807 - 2 > 0 };"#;
    let stand = Stand::new(&format!("{OPEN}\n{brittle}"));
    let refused = stand.admit(&agent("ada"), "orders-db").err();
    assert_eq!(refused, Some(Error::Evaluation { policies: vec!["brittle".into()] }));
    assert_eq!(::policy::reachable(&agent("ada").known(), &stand.policies).len(), 0);
}

#[test]
fn a_forbid_outweighs_every_permit_and_is_named_to_the_record_alone() {
    let night = r#"@id("night") forbid(principal, action == Action::"delete", resource);"#;
    let stand = Stand::new(&format!("{OPEN}\n{night}"));
    let refused = answer(&stand, &agent("ada"), &asking("delete from orders where id = 1"));
    let refused = refused.unwrap_err();
    assert_eq!(refused, Error::Forbid { policies: vec!["night".into()] });
    assert!(!refused.told().contains("night"));
}

#[test]
fn a_caller_whose_groups_are_not_known_reaches_nothing() {
    let stand = Stand::new(OPEN);
    for (claim, value) in [("hasgroups", json!(true)), ("_claim_names", json!({"groups": "src1"}))]
    {
        let vague = agent("ada").claim(claim, value);
        assert_eq!(stand.admit(&vague, "orders-db").err(), Some(Error::Groups), "{claim}");
        assert_eq!(::policy::reachable(&vague.known(), &stand.policies).len(), 0);
    }
}

#[test]
fn a_group_counts_only_by_the_name_that_the_configuration_gives_it() {
    let stand =
        Stand::new(r#"@id("admins") permit(principal in Group::"admins", action, resource);"#);
    let reaches = |groups: &[&str]| {
        let agent = agent("ada").claim("groups", json!(groups));
        stand.admit(&agent, "orders-db").is_ok()
    };
    assert!(reaches(&["7f3c-admins"]));
    assert!(!reaches(&["7f3c-analysts"]));
    assert!(!reaches(&["admins"]), "the issuer's own words name no group of ours");
    assert!(!reaches(&[]));
}

#[test]
fn a_target_that_does_not_exist_is_told_like_one_that_is_forbidden() {
    let stand =
        Stand::new(r#"@id("a") permit(principal, action, resource == Target::"notes-db");"#);
    let missing = stand.admit(&agent("ada"), "gone-db").err().unwrap();
    let forbidden = stand.admit(&agent("ada"), "orders-db").err().unwrap();
    assert_eq!((&missing, &forbidden), (&Error::Target, &Error::Forbid { policies: vec![] }));
    assert_eq!(missing.told(), forbidden.told());
    let known = agent("ada").known();
    let reached = ::policy::reachable(&known, &stand.policies);
    assert_eq!(reached.iter().map(|target| target.name.as_str()).collect::<Vec<_>>(), ["notes-db"]);
}

#[test]
fn every_verb_of_a_statement_has_to_be_permitted() {
    let copy = asking("insert into orders (id) select id from drafts");
    let upsert = asking("insert into orders (id) values (1) on conflict (id) do update set id = 2");
    let plain = asking("insert into orders (id) values (1)");
    let back = asking("delete from orders where id = 1 returning id");
    let only = |verb: &str| {
        connecting(&format!(
            r#"@id("{verb}") permit(principal, action == Action::"{verb}", resource);"#
        ))
    };
    let ada = agent("ada");
    assert_eq!(answer(&only("insert"), &ada, &plain).unwrap(), ["in", "insert"]);
    assert_eq!(answer(&only("insert"), &ada, &copy), forbidden());
    assert_eq!(answer(&only("select"), &ada, &copy), forbidden());
    assert_eq!(answer(&only("insert"), &ada, &upsert), forbidden());
    assert_eq!(answer(&only("delete"), &ada, &back), forbidden());
    let both = connecting(
        r#"@id("both") permit(principal, action in [Action::"insert", Action::"select"], resource);"#,
    );
    assert_eq!(answer(&both, &ada, &copy).unwrap(), ["both", "in"]);
}

#[test]
fn what_the_statement_turned_out_to_be_reaches_policy() {
    let ada = agent("ada");
    for (condition, does, does_not) in [
        ("context.has_where", "delete from orders where id = 1", "delete from orders"),
        (
            "context.tags.contains(\"ssn\")",
            "select ssn from customers",
            "select email from customers",
        ),
        ("context.tagged", "select id from customers", "select id from orders"),
        (
            "context.reads.contains(\"public.orders\")",
            "select id from orders",
            "select id from notes",
        ),
        (
            "context.writes.contains(\"public.orders\")",
            "update orders set id = 1 where id = 2",
            "update notes set id = 1 where id = 2",
        ),
        (
            "context.columns.contains(\"total\")",
            "select total from orders",
            "select id from orders",
        ),
        (
            "context.functions.contains(\"lower\")",
            "select lower(name) from orders",
            "select upper(name) from orders",
        ),
        (
            "context.has_set_operation",
            "select id from orders union select id from notes",
            "select id from orders",
        ),
        ("context.has_aggregate", "select count(*) from orders", "select id from orders"),
    ] {
        let verbs = r#"[Action::"select", Action::"insert", Action::"update", Action::"delete"]"#;
        let stand = connecting(&format!(
            "@id(\"fact\") permit(principal, action in {verbs}, resource) when {{ {condition} }};"
        ));
        assert!(answer(&stand, &ada, &asking(does)).is_ok(), "{condition}: {does}");
        let refused = answer(&stand, &ada, &asking(does_not));
        assert_eq!(refused, forbidden(), "{condition}: {does_not}");
    }
}

#[test]
fn a_policy_may_want_a_reason_and_parameters() {
    let stand = connecting(
        r#"@id("told") permit(principal, action == Action::"select", resource)
           when { context.reason_given && context.parameters == 1 && context.depth == 0 };"#,
    );
    let (ada, select) = (agent("ada"), asking("select id from orders where id = $1"));
    let select = select.with(&[json!(7)]);
    assert_eq!(answer(&stand, &ada, &select), forbidden());
    assert!(answer(&stand, &ada, &select.because("the monthly report")).is_ok());
    let plain = asking("select id from orders").because("the monthly report");
    assert_eq!(answer(&stand, &ada, &plain), forbidden());
}

#[test]
fn policies_see_who_asks_by_issuer_subject_and_client() {
    let stand = connecting(
        r#"@id("ada") permit(principal, action == Action::"select", resource)
           when { principal.issuer == "corp" && principal.subject == "ada"
               && principal.client == "notebook" };"#,
    );
    let select = asking("select id from orders");
    assert!(answer(&stand, &agent("ada"), &select).is_ok());
    assert_eq!(answer(&stand, &agent("bob"), &select), forbidden());
    let other = agent("ada").claim("client_id", json!("cron"));
    assert_eq!(answer(&stand, &other, &select), forbidden());
}

#[test]
fn the_digest_of_what_decides_changes_with_every_part_of_it() {
    let digest = |stand: Stand| stand.policies.digest();
    let usual = digest(Stand::new(OPEN));
    assert_eq!(usual, digest(Stand::new(OPEN)));
    assert_ne!(usual, digest(Stand::new(&format!("{OPEN} "))));
    assert_ne!(usual, digest(Stand::with(&TARGETS.replace("= \"ssn\"", "= \"id\""), OPEN)));
    let permit = Stand::new(OPEN).admit(&agent("ada"), "orders-db").ok().unwrap();
    assert_eq!(permit.policies(), usual);
}
