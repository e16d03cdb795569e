//! Something of ours breaks or is away: nothing is shown, and the record says how far it came.

use std::time::Duration;

use ::audit::{State, status};
use enforce::{Cause, Kind};
use request::Deadline;
use serde_json::json;
use targets::Error;

use super::{Act, Scene};
use crate::{
    credentials::Answer,
    stand::{agent, asking},
    store::Mood,
};

#[tokio::test]
async fn a_driver_that_panics_leaves_an_outcome_on_record() {
    let scene = Scene::new(Act::Panics);
    let ask = asking("select id from orders").ask(&agent("ada"));
    let id = ask.id.clone();
    let refusal = scene.ask(ask).await.err().unwrap();
    assert!(matches!(refusal.cause, Cause::Broken));
    assert!(refusal.receipt.is_some());
    let outcome = &scene.events().await[1];
    assert_eq!((&outcome["result"], &outcome["cause"]), (&json!("unknown"), &json!("broken")));
    let status = status(&agent("ada").known(), &id, &scene.book.ledger).await.unwrap();
    assert_eq!(status.unwrap().state, State::Unknown);
}

#[tokio::test]
async fn rows_that_came_before_a_failure_are_not_shown() {
    let failures: [(Act, &str, &str, Kind); 5] = [
        (Act::Halves, "failed", "veil", Kind::Broken),
        (Act::Fails(|| Error::Unknown), "unknown", "unknown", Kind::Unknown),
        (Act::Fails(|| Error::Timeout), "failed", "timeout", Kind::Timeout),
        (Act::Fails(|| Error::Many(9)), "failed", "many", Kind::Statement),
        (
            Act::Fails(|| Error::Connection("gone".into())),
            "failed",
            "connection",
            Kind::Unavailable,
        ),
    ];
    for (act, result, cause, kind) in failures {
        let scene = Scene::new(act);
        let refusal = scene.refused("select id from orders").await;
        assert_eq!((refusal.cause.kind(), refusal.cause.word()), (kind, cause));
        assert!(refusal.receipt.is_some(), "{cause}");
        let outcome = &scene.events().await[1];
        assert_eq!((&outcome["result"], &outcome["cause"]), (&json!(result), &json!(cause)));
        assert_eq!((&outcome["rows"], outcome.get("commitment")), (&json!(0), None), "{cause}");
    }
}

#[tokio::test]
async fn nothing_runs_before_the_intent_is_on_record() {
    let scene = Scene::new(Act::Shows);
    scene.book.store.always(Mood::Down);
    let refusal = scene.refused("select id from orders").await;
    assert!(matches!(refusal.cause, Cause::Ledger(_)) && refusal.receipt.is_none());
    assert_eq!(refusal.cause.kind(), Kind::Unavailable);
    // What the target consists of was read with its login; that is all that was fetched for.
    assert_eq!((scene.ran(), scene.safe.asked().len()), (0, 1));
}

#[tokio::test]
async fn rows_are_withheld_when_their_outcome_is_not_on_record() {
    let scene = Scene::new(Act::Shows);
    scene.book.store.commits(&[Mood::Sound, Mood::Down]);
    let refusal = scene.refused("select id from orders").await;
    assert!(matches!(refusal.cause, Cause::Withheld(_)) && refusal.receipt.is_none());
    assert_eq!((scene.ran(), scene.events().await.len()), (1, 1));
}

#[tokio::test]
async fn a_failure_that_cannot_be_recorded_is_told_as_that_and_nothing_else() {
    let scene = Scene::new(Act::Fails(|| Error::Many(9)));
    scene.book.store.commits(&[Mood::Sound, Mood::Down]);
    let refusal = scene.refused("select id from orders").await;
    assert!(matches!(refusal.cause, Cause::Withheld(_)));
}

#[tokio::test]
async fn rows_are_released_when_only_the_store_s_answer_was_lost() {
    let scene = Scene::new(Act::Shows);
    scene.book.store.commits(&[Mood::Silent, Mood::Silent]);
    let ask = asking("select id from orders").ask(&agent("ada"));
    assert!(scene.ask(ask).await.is_ok());
    assert_eq!(scene.events().await.len(), 2);
}

#[tokio::test]
async fn without_a_credential_nothing_runs_and_the_record_says_so() {
    for (answer, word, kind) in [
        (Answer::Missing, "credential", Kind::Broken),
        (Answer::Down, "secret-store", Kind::Unavailable),
        (Answer::Holds("hunter2".into(), "v1"), "credential", Kind::Broken),
    ] {
        let scene = Scene::new(Act::Shows);
        scene.safe.put("orders-db", answer);
        let refusal = scene.refused("select id from orders").await;
        assert_eq!((refusal.cause.word(), refusal.cause.kind()), (word, kind));
        assert!(refusal.receipt.is_some() && scene.ran() == 0, "{word}");
        let events = scene.events().await;
        assert_eq!((events.len(), &events[0]["cause"]), (1, &json!(word)));
    }
}

#[tokio::test]
async fn nothing_is_begun_that_could_not_be_answered_in_time() {
    let scene = Scene::new(Act::Shows);
    let mut ask = asking("select id from orders").ask(&agent("ada"));
    ask.deadline = Deadline::within(Duration::from_millis(1400));
    let refusal = scene.ask(ask).await.err().unwrap();
    assert!(matches!(refusal.cause, Cause::Targets(Error::Timeout)));
    assert!(refusal.receipt.is_some());
    assert_eq!((scene.ran(), scene.events().await[1]["result"].clone()), (0, json!("failed")));
}
