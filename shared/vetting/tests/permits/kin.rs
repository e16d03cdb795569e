//! What is tagged beside the tagged relation itself: its kin, and views over it.

use std::sync::Arc;

use catalogue::{Catalogue, Kind};

use crate::{CATALOGUE, Stand, TARGETS, drafted};

#[test]
fn a_tag_holds_for_all_that_share_rows() {
    let stand = Stand::new("source", "");
    assert!(stand.sent("SELECT \"SSN\" FROM staff").contains("[masked:ssn]"));
    assert!(!stand.sent("SELECT badge, id FROM orders, staff").contains("badge AS"));
    assert_eq!(Stand::new("result", "").verdict("SELECT lower(\"SSN\") FROM staff"), "tagged");
    assert_eq!(Stand::new("result", "").verdict("SELECT lower(badge) FROM staff"), "ok");
}

#[test]
fn a_view_over_something_tagged_is_refused() {
    let stand = Stand::new("result", "");
    for name in ["secrets", "again", "whole", "gone", "calling", "called"] {
        let told = format!(
            "`public.{name}` shows what is tagged elsewhere and carries no tags; \
             name the tables themselves"
        );
        assert_eq!(stand.told(&format!("SELECT id FROM {name}")), told);
    }
    for name in ["names", "built_in", "orders"] {
        assert_eq!(stand.told(&format!("SELECT id FROM {name}")), "");
    }
}

#[test]
fn copied_rows_are_shown_no_more_than_those_of_a_view() {
    let mut draft = drafted();
    for relation in &mut draft.relations {
        if relation.kind == Kind::View {
            relation.kind = Kind::Materialized;
        }
    }
    let targets = TARGETS.replace("{mode}", "result");
    let open = "@id(\"open\") permit(principal, action, resource);";
    let stand = Stand::of(&targets, open, Arc::new(Catalogue::of(draft).unwrap()));
    assert_eq!(stand.verdict("SELECT id FROM secrets"), "view");
    assert_eq!(stand.verdict("SELECT id FROM names"), "ok");
}

#[test]
fn a_view_that_is_tagged_itself_is_masked_as_it_is_tagged() {
    let targets = TARGETS.replace("{mode}", "source").replace("public.people", "public.secrets");
    let targets = targets.replace("salary = \"pay\"", "").replace("age = \"age\"", "");
    let open = "@id(\"open\") permit(principal, action, resource);";
    let stand = Stand::of(&targets, open, Arc::clone(&CATALOGUE));
    assert!(stand.sent("SELECT ssn FROM secrets").contains("[masked:ssn]"));
    assert_eq!(stand.verdict("SELECT ssn FROM again"), "view");
    assert_eq!(stand.verdict("SELECT ssn FROM names"), "ok");
}

#[test]
fn where_nothing_is_tagged_views_are_what_they_are() {
    let text = TARGETS.replace("{mode}", "result");
    let text = text.split("[targets.shop.tags").next().unwrap();
    let open = "@id(\"open\") permit(principal, action, resource);";
    let stand = Stand::of(text, open, Arc::clone(&CATALOGUE));
    for name in ["secrets", "gone", "calling"] {
        assert_eq!(stand.verdict(&format!("SELECT id FROM {name}")), "ok");
    }
}

#[test]
fn a_target_of_masked_views_serves_no_tagged_table() {
    let open = "@id(\"open\") permit(principal, action, resource);";
    let targets = TARGETS.replace("{mode}", "schema").replace("public.people", "hr.pay");
    let targets = targets.replace("ssn = \"ssn\"", "amount = \"pay\"");
    let targets = targets.replace("salary = \"pay\"", "").replace("age = \"age\"", "");
    let stand = Stand::of(&targets, open, Arc::clone(&CATALOGUE));
    let told = "`hr.pay` is served masked only; name it without its schema";
    assert_eq!(stand.told("SELECT id FROM hr.pay"), told);
    for name in ["secrets", "gone", "calling", "orders"] {
        assert_eq!(stand.told(&format!("SELECT id FROM {name}")), "", "it may mask: {name}");
    }
    // The planner knows what stands behind any view.
    assert_eq!(stand.verdict("EXPLAIN SELECT id FROM names"), "explained");
    assert_eq!(stand.verdict("EXPLAIN SELECT id FROM orders"), "ok");
    assert_eq!(Stand::new("result", "").verdict("EXPLAIN SELECT id FROM names"), "ok");
}

#[test]
fn a_tag_of_what_is_not_there_refuses_every_statement() {
    let open = "@id(\"open\") permit(principal, action, resource);";
    let refused = |targets: &str| {
        let stand = Stand::of(targets, open, Arc::clone(&CATALOGUE));
        stand.vet("SELECT 1").err().map(|error| error.to_string()).unwrap_or_default()
    };
    let targets = TARGETS.replace("{mode}", "result");
    assert_eq!(refused(&targets), "");
    let misspelt = targets.replace("salary =", "salry =");
    assert_eq!(refused(&misspelt), "`public.people.salry` is tagged and does not exist");
    let missing = targets.replace("public.people", "public.peple");
    assert_eq!(refused(&missing), "`public.peple` is tagged and does not exist");
    // Whoever does not see the schema reads nothing in it.
    assert_eq!(refused(&targets.replace("public.people", "else.people")), "");
    // Case is of no matter, neither to a relation nor to a column.
    let cased = targets.replace("public.people", "public.mixed").replace("ssn =", "SSN =");
    let cased = cased.replace("salary = \"pay\"", "").replace("age = \"age\"", "");
    assert_eq!(refused(&cased), "");
    let stand = Stand::of(&cased, open, Arc::clone(&CATALOGUE));
    assert_eq!(stand.verdict("SELECT lower(\"Ssn\") FROM \"Mixed\""), "tagged");
    assert_eq!(stand.verdict("SELECT lower(\"SSN\") FROM staff"), "ok");
}
