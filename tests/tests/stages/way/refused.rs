//! Requests that end before anything happens: nothing is fetched, nothing runs, and who asked is on
//! record as soon as it is known.

use enforce::{Cause, Kind};
use request::Bearer;
use serde_json::json;

use super::{Act, Scene};
use crate::{
    stand::{OPEN, agent, asking},
    store::Mood,
};

const NO_DELETE: &str = r#"@id("open") permit(principal, action, resource);
    @id("keep") forbid(principal, action == Action::"delete", resource);"#;

#[tokio::test]
async fn whoever_is_refused_is_on_record_with_the_stage_and_the_cause() {
    for (statement, stage, cause) in [
        ("delete from orders where id = 1", "policy", "forbid"),
        ("drop view orders", "vetting", "kind"),
        ("select id from orders where id = $1", "vetting", "parameters"),
        ("select lower(ssn) from customers", "vetting", "tagged"),
    ] {
        let scene = Scene::under(NO_DELETE, Act::Shows);
        let refusal = scene.refused(statement).await;
        assert_eq!((refusal.cause.stage(), refusal.cause.word()), (stage, cause), "{statement}");
        assert!(refusal.receipt.is_some(), "{statement}");
        let [event] = &scene.events().await[..] else { panic!("{statement}: one record") };
        assert_eq!((&event["stage"], &event["cause"]), (&json!(stage), &json!(cause)));
        assert_eq!(scene.ran(), 0, "{statement}");
    }
}

#[tokio::test]
async fn the_record_names_the_policies_and_the_caller_does_not_hear_of_them() {
    let scene = Scene::under(NO_DELETE, Act::Shows);
    let refusal = scene.refused("delete from orders where id = 1").await;
    assert!(!refusal.cause.told().contains("keep"));
    assert_eq!(scene.events().await[0]["policies"], json!(["keep"]));
}

#[tokio::test]
async fn a_target_that_does_not_exist_is_told_like_a_forbidden_one_and_recorded_as_what_it_is() {
    let told = async |policies: &str, target: &str| {
        let scene = Scene::under(policies, Act::Shows);
        let ask = asking("select 1").on(target).ask(&agent("ada"));
        let cause = scene.ask(ask).await.err().unwrap().cause;
        let recorded = scene.events().await[0]["cause"].clone();
        ((cause.told(), cause.word(), cause.stage(), cause.kind()), recorded)
    };
    let nobody = r#"@id("a") permit(principal, action, resource == Target::"notes-db");"#;
    let (missing, forbidden) = (told(OPEN, "gone-db").await, told(nobody, "orders-db").await);
    assert_eq!(missing.0, forbidden.0);
    assert_eq!((missing.1, forbidden.1), (json!("target"), json!("forbid")));
}

#[tokio::test]
async fn a_stranger_leaves_nothing_on_record() {
    let scene = Scene::new(Act::Shows);
    let mut ask = asking("select 1").ask(&agent("ada"));
    ask.presented.token = Bearer::new(agent("ada").token() + "x");
    let refusal = scene.ask(ask).await.err().unwrap();
    assert_eq!((refusal.cause.kind(), refusal.receipt), (Kind::Unauthenticated, None));
    assert_eq!((scene.book.store.committed(), scene.ran()), (0, 0));
}

#[tokio::test]
async fn what_waits_for_people_does_not_run() {
    let asks = r#"@id("ask") @approvers("1 of dba") permit(principal, action, resource);"#;
    let scene = Scene::under(asks, Act::Shows);
    let refusal = scene.refused("select id from orders").await;
    assert_eq!((refusal.cause.kind(), refusal.cause.word()), (Kind::Parked, "parked"));
    assert!(refusal.receipt.is_some());
    assert_eq!(scene.events().await[0]["approvers"], json!(["1 of dba"]));
    assert_eq!(scene.ran(), 0);
}

#[tokio::test]
async fn a_refusal_that_cannot_be_recorded_tells_its_caller_no_more_than_that() {
    let scene = Scene::under(NO_DELETE, Act::Shows);
    scene.book.store.always(Mood::Down);
    let refusal = scene.refused("delete from orders where id = 1").await;
    assert!(matches!(refusal.cause, Cause::Ledger(_)) && refusal.receipt.is_none());
}

#[tokio::test]
async fn the_same_request_under_one_key_runs_once() {
    let scene = Scene::new(Act::Shows);
    let keyed = asking("select id from orders").keyed("a-1");
    assert!(scene.ask(keyed.ask(&agent("ada"))).await.is_ok());
    let refusal = scene.ask(keyed.ask(&agent("ada"))).await.err().unwrap();
    assert_eq!((refusal.cause.kind(), refusal.cause.word()), (Kind::Conflict, "repeated"));
    assert!(refusal.receipt.is_some());
    assert_eq!((scene.ran(), scene.events().await.len()), (1, 3));
    assert!(scene.book.report(&agent("ada").known()).await.is_ok());
}
