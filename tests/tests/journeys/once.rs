//! A change is made once, however often it is asked for.

use local_emulator::emulator::Cloud;
use serde_json::json;

use crate::stage::Stage;

#[test]
fn a_request_with_a_key_that_was_taken_is_not_run_again() {
    let stage = Stage::shared();
    stage.play(async {
        for cloud in Cloud::ALL {
            let agent = stage.support(cloud);
            let key = format!("once-{}", cloud.name());
            let body = |amount: u32| {
                json!({"target": "shop", "idempotency_key": key,
                       "statement": "UPDATE orders SET amount = amount + $1 WHERE id = 21",
                       "params": [amount]})
            };
            let before = stage.database("SELECT amount::text FROM orders WHERE id = 21").await;
            let first = agent.post(&body(1)).await.unwrap();
            assert_eq!((first.status, &first.body["affected"]), (200, &json!(1)), "{}", first.text);
            let again = agent.post(&body(1)).await.unwrap();
            assert_eq!((again.status, again.problem()), (409, Some("audit/repeated")));
            let id = first.body["request"].as_str().unwrap();
            assert!(again.body["detail"].as_str().unwrap().contains(id), "{}", again.text);
            let other = agent.post(&body(2)).await.unwrap();
            assert_eq!((other.status, other.problem()), (409, Some("audit/key-reused")));
            let question = format!("SELECT (amount - {before})::text FROM orders WHERE id = 21");
            assert_eq!(stage.database(&question).await, "1.00");
        }
    });
}

#[test]
fn of_many_copies_at_once_exactly_one_is_run() {
    let stage = Stage::shared();
    stage.play(async {
        let agent = stage.support(Cloud::Azure);
        let before = stage.database("SELECT amount::text FROM orders WHERE id = 22").await;
        let copies = (0..16).map(|_| {
            let agent = agent.clone();
            tokio::spawn(async move {
                let body = json!({"target": "shop", "idempotency_key": "copies",
                                  "statement": "UPDATE orders SET amount = amount + 1 WHERE id = 22"});
                agent.post(&body).await.unwrap().status
            })
        });
        let mut done = 0;
        for copy in copies.collect::<Vec<_>>() {
            let status = copy.await.unwrap();
            done += u32::from(status == 200);
            assert!(matches!(status, 200 | 409 | 503), "{status}");
        }
        assert_eq!(done, 1);
        let question = format!("SELECT (amount - {before})::text FROM orders WHERE id = 22");
        assert_eq!(stage.database(&question).await, "1.00");
    });
}

#[test]
fn a_change_of_more_rows_than_policy_allows_is_not_made() {
    let stage = Stage::shared();
    stage.play(async {
        let sum = "SELECT sum(amount)::text FROM orders WHERE id BETWEEN 100 AND 140";
        let before = stage.database(sum).await;
        let statement = "UPDATE orders SET amount = 0 WHERE id BETWEEN 100 AND 140";
        let answer = stage.support(Cloud::Aws).query("shop", statement).await.unwrap();
        assert_eq!(
            (answer.status, answer.problem()),
            (422, Some("targets/many")),
            "{}",
            answer.text
        );
        assert_eq!(stage.database(sum).await, before);
    });
}
