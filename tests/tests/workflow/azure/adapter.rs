//! What is put into the queues, and when it can be seen there.

use std::time::{Duration, Instant};

use approvals::{Notice, Phase, Unheard, Waker as _, Workflow as _};
use local_emulator::port::Port;
use request::Millis;
use serde_json::{Value, json};

use super::stand::{ACCOUNT, Account, now, queue_at, with_azure};
use crate::{child, notice::notice};

#[tokio::test]
async fn messages_lie_where_the_functions_look_for_them() {
    if !child::inside() {
        return with_azure("azure::adapter::messages_lie_where_the_functions_look_for_them");
    }
    let account = Account::open().await;
    let (queue, one) = (account.queue(), notice());
    queue.parked(&one).await.unwrap();
    assert_eq!(account.take("approvals").await, said(&one, json!({"kind": "parked"})));
    queue.decided(&one, Phase::Granted, None).await.unwrap();
    assert_eq!(account.take("runs").await, said(&one, json!({"task": "run"})));
    for phase in [Phase::Expired, Phase::Refused, Phase::Used, Phase::Withdrawn] {
        queue.decided(&one, phase, None).await.unwrap();
        let report = said(&one, json!({"kind": "report", "phase": phase.name()}));
        assert_eq!(account.take("approvals").await, report);
    }
    queue.decided(&one, Phase::Pending, None).await.unwrap();
    assert_eq!((account.count("approvals").await, account.count("runs").await), (0, 0));
}

#[tokio::test]
async fn a_reminder_comes_after_a_while_and_not_later_than_the_end() {
    if !child::inside() {
        let test = "azure::adapter::a_reminder_comes_after_a_while_and_not_later_than_the_end";
        return with_azure(test);
    }
    let account = Account::open().await;
    let (queue, mut soon) = (account.queue(), notice());
    queue.waits(&notice(), None).await.unwrap();
    soon.expires = Millis(now().0 + 1500);
    queue.waits(&soon, None).await.unwrap();
    assert!(account.next("approvals", 1).await.is_none(), "it is too early");
    assert_eq!(account.count("approvals").await, 2);
    assert_eq!(account.take("approvals").await, said(&soon, json!({"kind": "waits"})));
    assert!(now() >= soon.expires);
    assert_eq!(account.count("approvals").await, 1, "the other comes later");

    soon.expires = Millis(0);
    queue.waits(&soon, None).await.unwrap();
    assert!(account.next("approvals", 1).await.is_none(), "not at once, even if it is over");
    account.take("approvals").await;
}

#[tokio::test]
async fn queues_that_are_not_there_are_unavailable_in_time_and_no_token_is_told() {
    if !child::inside() {
        let test = "azure::adapter::queues_that_are_not_there_are_unavailable_in_time_and_no_token_is_told";
        return with_azure(test);
    }
    let account = child::variable(ACCOUNT).unwrap();
    let port = Port::reserve().unwrap();
    let closed = format!("https://127.0.0.1:{}/approvals", port.number());
    for address in [format!("{account}/approvals"), closed] {
        let (queue, one, start) = (queue_at(&address), notice(), Instant::now());
        let told = [
            queue.parked(&one).await,
            queue.decided(&one, Phase::Granted, None).await,
            queue.waits(&one, None).await,
        ];
        assert!(start.elapsed() < Duration::from_secs(27), "{:?}", start.elapsed());
        for error in told.map(Result::unwrap_err) {
            assert!(matches!(error, Unheard::Unavailable(_)), "{error:?}");
            assert!(!format!("{error:?}").contains("eyJ"), "a token in an error: {error:?}");
        }
    }
}

fn said(about: &Notice, what: Value) -> Value {
    let mut message = json!({
        "digest": about.digest,
        "expires": about.expires,
        "partition": about.ticket.partition.as_str(),
        "request": about.ticket.request,
    });
    message.as_object_mut().unwrap().extend(what.as_object().unwrap().clone());
    message
}
