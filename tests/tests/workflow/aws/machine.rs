//! The state machine, with functions that answer as they are told: every path through it.

use std::sync::Arc;

use approvals::{Phase, Unheard, WakeToken, Waker as _, Workflow as _};
use aws_sdk_sfn::types::ExecutionStatus;
use aws_sdk_sqs::types::QueueAttributeName;
use serde_json::{Value, json};

use super::{
    functions::{Said, Script},
    stand::{Stand, with_amazon},
};
use crate::{child, notice::notice};

fn state(state: &str) -> Said {
    Ok(json!({"state": state, "left_s": 600}))
}

fn briefly(state: &str) -> Said {
    Ok(json!({"state": state, "left_s": 2}))
}

fn unavailable() -> Said {
    Err("Unavailable".to_owned())
}

/// Functions that find the request in these states, one after the other, and run it.
fn found(states: &[Said]) -> Script {
    Script::default().on("look", states).on("run", &[state("done")])
}

fn as_it_is(_: &mut Value) {}

/// The same waits, of seconds instead of minutes.
fn hurried(definition: &mut Value) {
    definition["States"]["Ask"]["HeartbeatSeconds"] = 3.into();
    for name in ["Look", "Run", "Expire"] {
        definition["States"][name]["Retry"][0]["IntervalSeconds"] = 1.into();
        definition["States"][name]["Retry"][0]["MaxAttempts"] = 2.into();
        definition["States"][name]["Retry"][0]["BackoffRate"] = 1.into();
    }
    definition["States"]["Later"]["Seconds"] = 1.into();
}

fn gone(answer: Result<(), Unheard>) -> bool {
    matches!(answer, Err(Unheard::Gone))
}

/// How an execution ends whose request was run. There is nothing else in its output.
fn done() -> (ExecutionStatus, Option<Value>) {
    (ExecutionStatus::Succeeded, Some(json!({"state": "done"})))
}

#[tokio::test]
async fn what_is_granted_runs_once_and_is_reported() {
    if !child::inside() {
        return with_amazon("aws::machine::what_is_granted_runs_once_and_is_reported");
    }
    let script = Arc::new(found(&[state("pending")]));
    let stand = Stand::start(script.clone(), as_it_is).await;
    let one = notice();
    stand.machine.parked(&one).await.unwrap();
    stand.machine.parked(&one).await.unwrap();
    let token = stand.asked(&one).await;
    stand.tasks.waits(&one, Some(&token)).await.unwrap();
    assert_eq!(delayed(&stand).await, "1", "a reminder");
    stand.tasks.decided(&one, Phase::Granted, Some(&token)).await.unwrap();
    stand.reported(&one, "done").await;
    assert_eq!(stand.end(&one).await, done());
    assert_eq!(script.tasks(), ["look", "run"]);
    let ticket = json!({"task": "run", "partition": one.ticket.partition.as_str(), "request": one.ticket.request});
    assert_eq!(script.events()[1], ticket);

    // Told again, whoever it was: nothing happens again.
    assert!(gone(stand.tasks.decided(&one, Phase::Granted, Some(&token)).await));
    assert!(gone(stand.tasks.decided(&one, Phase::Refused, Some(&token)).await));
    assert!(gone(stand.tasks.waits(&one, Some(&token)).await));
    stand.machine.parked(&one).await.unwrap();
    let mut later = one.clone();
    later.expires.0 += 1;
    stand.machine.parked(&later).await.unwrap();
    assert_eq!((stand.executions().await, stand.is_quiet().await), (1, true));
    assert_eq!(delayed(&stand).await, "1", "who is gone is not reminded of");
}

async fn delayed(stand: &Stand) -> String {
    let name = QueueAttributeName::ApproximateNumberOfMessagesDelayed;
    let call = stand.sqs.get_queue_attributes().queue_url(&stand.queue);
    let found = call.attribute_names(name.clone()).send().await.unwrap().attributes.unwrap();
    found[&name].clone()
}

#[tokio::test]
async fn what_ends_without_a_run_is_reported_as_it_ended() {
    if !child::inside() {
        return with_amazon("aws::machine::what_ends_without_a_run_is_reported_as_it_ended");
    }
    let ends = [Phase::Refused, Phase::Withdrawn, Phase::Used];
    let seen: Vec<Said> =
        ends.iter().flat_map(|end| [state("pending"), state(end.name())]).collect();
    let script = Arc::new(found(&seen));
    let stand = Stand::start(script.clone(), as_it_is).await;
    for phase in ends {
        let one = notice();
        stand.machine.parked(&one).await.unwrap();
        let token = stand.asked(&one).await;
        stand.tasks.decided(&one, phase, Some(&token)).await.unwrap();
        stand.reported(&one, phase.name()).await;
        assert_eq!(stand.end(&one).await.0, ExecutionStatus::Succeeded);
    }
    assert_eq!(script.tasks(), ["look"; 6], "nothing was run");
}

#[tokio::test]
async fn what_was_decided_before_anybody_was_asked_is_not_asked_about() {
    if !child::inside() {
        let test = "aws::machine::what_was_decided_before_anybody_was_asked_is_not_asked_about";
        return with_amazon(test);
    }
    let script = found(&[state("refused"), state("granted"), state("expired")]);
    let script = Arc::new(script.on("expire", &[state("expired")]));
    let stand = Stand::start(script.clone(), as_it_is).await;
    for end in ["refused", "done", "expired"] {
        let one = notice();
        stand.machine.parked(&one).await.unwrap();
        stand.reported(&one, end).await;
    }
    assert_eq!(script.tasks(), ["look", "look", "run", "look", "expire"]);
}

#[tokio::test]
async fn when_time_is_over_that_is_put_on_record_and_late_words_are_harmless() {
    if !child::inside() {
        let test =
            "aws::machine::when_time_is_over_that_is_put_on_record_and_late_words_are_harmless";
        return with_amazon(test);
    }
    let script = found(&[briefly("pending"), briefly("pending")]);
    // The second was granted just as its time was over.
    let script = Arc::new(script.on("expire", &[state("expired"), state("granted")]));
    let stand = Stand::start(script.clone(), as_it_is).await;
    let one = notice();
    stand.machine.parked(&one).await.unwrap();
    let token = stand.asked(&one).await;
    stand.reported(&one, "expired").await;
    assert!(gone(stand.tasks.decided(&one, Phase::Granted, Some(&token)).await));
    // moto takes a failure for a task that has ended, which Amazon does not; it does no harm either.
    drop(stand.tasks.decided(&one, Phase::Refused, Some(&token)).await);
    let two = notice();
    stand.machine.parked(&two).await.unwrap();
    drop(stand.asked(&two).await);
    stand.reported(&two, "done").await;
    assert_eq!(script.tasks(), ["look", "expire", "look", "expire", "run"]);
    assert!(stand.is_quiet().await);
}

#[tokio::test]
async fn a_heart_that_stops_has_people_asked_again_or_finds_what_they_decided() {
    if !child::inside() {
        let test =
            "aws::machine::a_heart_that_stops_has_people_asked_again_or_finds_what_they_decided";
        return with_amazon(test);
    }
    let script = Arc::new(found(&[state("pending"), state("pending"), state("granted")]));
    let stand = Stand::start(script.clone(), hurried).await;
    let one = notice();
    stand.machine.parked(&one).await.unwrap();
    let lost = stand.asked(&one).await;
    let second = stand.asked(&one).await;
    assert_ne!(lost.expose(), second.expose());
    assert!(gone(stand.tasks.waits(&one, Some(&lost)).await));
    assert!(gone(stand.tasks.decided(&one, Phase::Granted, Some(&lost)).await));
    stand.tasks.waits(&one, Some(&second)).await.unwrap();
    // Granted, and nobody says so: the token is lost.
    stand.reported(&one, "done").await;
    assert_eq!(script.tasks(), ["look", "look", "look", "run"]);
    assert!(gone(stand.tasks.decided(&one, Phase::Granted, Some(&second)).await));
    assert_eq!(stand.end(&one).await, done());
}

#[tokio::test]
async fn what_is_down_is_asked_again_and_what_fails_is_not() {
    if !child::inside() {
        return with_amazon("aws::machine::what_is_down_is_asked_again_and_what_fails_is_not");
    }
    let granted = || state("granted");
    let looks = [unavailable(), granted(), granted(), granted(), unavailable()];
    let fails = |kind: &str| Err(kind.to_owned());
    let runs = [unavailable(), state("done"), fails("Refused"), fails("Runtime.ExitError")];
    let script = Arc::new(Script::default().on("look", &looks).on("run", &runs));
    let stand = Stand::start(script.clone(), hurried).await;
    for end in ["done", "refused", "unknown"] {
        let one = notice();
        stand.machine.parked(&one).await.unwrap();
        stand.reported(&one, end).await;
    }
    let asked = ["look", "look", "run", "run", "look", "run", "look", "run"];
    assert_eq!(script.tasks(), asked);
    let lost = notice();
    stand.machine.parked(&lost).await.unwrap();
    assert_eq!(stand.end(&lost).await, (ExecutionStatus::Failed, Some("Lost".into())));
}

#[tokio::test]
async fn what_may_not_run_yet_is_tried_later() {
    if !child::inside() {
        return with_amazon("aws::machine::what_may_not_run_yet_is_tried_later");
    }
    let runs = [state("granted"), state("pending"), state("done")];
    let looks = [state("granted"), state("granted"), state("pending"), state("granted")];
    let script = Arc::new(Script::default().on("look", &looks).on("run", &runs));
    let stand = Stand::start(script.clone(), hurried).await;
    let one = notice();
    stand.machine.parked(&one).await.unwrap();
    // Somebody took their approval back in the meantime, and gave it again.
    let token = stand.asked(&one).await;
    assert_eq!(script.tasks(), ["look", "run", "look", "run", "look"]);
    stand.tasks.decided(&one, Phase::Granted, Some(&token)).await.unwrap();
    stand.reported(&one, "done").await;
}

#[tokio::test]
async fn a_token_that_is_none_wakes_nobody_and_is_not_told() {
    if !child::inside() {
        return with_amazon("aws::machine::a_token_that_is_none_wakes_nobody_and_is_not_told");
    }
    let stand = Stand::start(Arc::new(Script::default()), as_it_is).await;
    let (one, token) = (notice(), WakeToken::new("hunter2".repeat(20)));
    for phase in [Phase::Granted, Phase::Refused, Phase::Expired] {
        assert!(gone(stand.tasks.decided(&one, phase, Some(&token)).await));
        stand.tasks.decided(&one, phase, None).await.unwrap();
    }
    assert!(gone(stand.tasks.waits(&one, Some(&token)).await));
    stand.tasks.decided(&one, Phase::Pending, Some(&token)).await.unwrap();
    stand.tasks.waits(&one, None).await.unwrap();
    assert!(stand.is_quiet().await);

    let config = on_aws::config().await;
    let elsewhere = on_aws::StateMachine::new(&config, format!("{}x", stand.arn()));
    assert!(matches!(elsewhere.parked(&one).await, Err(Unheard::Unavailable(_))));
}
