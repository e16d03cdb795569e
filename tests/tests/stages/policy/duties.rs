//! Which duties hold when several policies spoke.

use ::policy::{Duties, Limits, Mask};

use super::connecting;
use crate::stand::{Stand, TARGETS, agent, asking};

const SELECT: &str = r#"permit(principal, action == Action::"select", resource)"#;

/// The duties of a statement that was permitted.
fn duties(stand: &Stand, statement: &str) -> Duties {
    let vetted = stand.vet(&agent("ada"), &asking(statement)).ok().unwrap();
    vetted.permit().duties().clone()
}

fn select(stand: &Stand) -> Duties {
    duties(stand, "select ssn, email from customers")
}

#[test]
fn of_two_policies_that_permit_the_stricter_mask_holds() {
    let stand = connecting(&format!(
        r#"@id("wide") @mask("ssn:bare, email:bare, card:last4") {SELECT};
           @id("narrow") @mask("ssn:null, card:bare") {SELECT};"#
    ));
    let duties = select(&stand);
    assert_eq!(duties.mask("ssn"), Mask::Null);
    assert_eq!(duties.mask("card"), Mask::Last4);
    assert_eq!(duties.mask("email"), Mask::Redact, "only one of the two opens it");
    assert_eq!(duties.mask("iban"), Mask::Redact, "nobody opens it");
}

#[test]
fn a_policy_that_did_not_speak_opens_nothing_and_shuts_nothing() {
    let stand = connecting(&format!(
        r#"@id("spoke") @mask("ssn:bare") {SELECT};
           @id("silent") @mask("email:bare") @max_rows("1") {SELECT} when {{ context.has_where }};"#
    ));
    let duties = select(&stand);
    assert_eq!((duties.mask("ssn"), duties.mask("email")), (Mask::Bare, Mask::Redact));
    assert_eq!(duties.limits().max_rows, 1000);
}

#[test]
fn leave_to_connect_opens_no_mask_and_binds_all_the_same() {
    let stand = Stand::new(&format!(
        r#"@id("in") @mask("ssn:bare") @max_rows("7") @approvers("1 of dba")
           permit(principal, action == Action::"connect", resource);
           @id("select") {SELECT};"#
    ));
    let duties = select(&stand);
    assert_eq!(duties.mask("ssn"), Mask::Redact);
    assert_eq!(duties.limits().max_rows, 7);
    assert_eq!(duties.approvers().get("dba"), Some(&1));
}

#[test]
fn both_verbs_of_one_statement_bind_it() {
    let stand = connecting(&format!(
        r#"@id("read") @mask("ssn:bare, email:bare") @max_rows("50") @approvers("1 of dba") {SELECT};
           @id("remove") @mask("ssn:last4") @max_rows("80") @approvers("2 of dba, 1 of privacy")
           permit(principal, action == Action::"delete", resource);"#
    ));
    let duties = duties(&stand, "delete from customers where id = 1 returning ssn, email");
    assert_eq!((duties.mask("ssn"), duties.mask("email")), (Mask::Last4, Mask::Redact));
    assert_eq!(duties.limits().max_rows, 50);
    let asked: Vec<_> = duties.approvers().iter().map(|(g, n)| (g.as_str(), *n)).collect();
    assert_eq!(asked, [("dba", 2), ("privacy", 1)]);
}

#[test]
fn the_limits_of_a_target_are_narrowed_and_never_widened() {
    let limited =
        TARGETS.replace("max_rows = 1000", "max_rows = 100\nmax_bytes = 5000\ntimeout_ms = 2000");
    let stand = |annotations: &str| {
        let policies = format!(
            r#"@id("in") permit(principal, action == Action::"connect", resource);
               @id("select") {annotations} {SELECT};"#
        );
        *select(&Stand::with(&limited, &policies)).limits()
    };
    let own = Limits { max_rows: 100, max_bytes: 5000, max_cells: 2000, timeout_ms: 2000 };
    assert_eq!(stand(""), own);
    let wide = r#"@max_rows("100000") @max_bytes("9999999") @timeout_ms("600000")"#;
    assert_eq!(stand(wide), own);
    let narrow = r#"@max_rows("10") @max_bytes("600") @timeout_ms("20")"#;
    assert_eq!(
        stand(narrow),
        Limits { max_rows: 10, max_bytes: 600, max_cells: 2000, timeout_ms: 20 }
    );
}
