//! A customer's own state machine around our function.

use std::sync::{Arc, Mutex};

use aws_sdk_sfn::types::ExecutionStatus;
use request::Later;
use serde_json::{Value, json};

use super::{
    functions::{Functions, Said, Script},
    stand::{Stand, with_amazon},
};
use crate::{child, definition::own};

/// The customer's agent, and our function by a script.
struct Both {
    agent: Mutex<Vec<Value>>,
    run: Script,
}

impl Functions for Both {
    fn invoke<'a>(&'a self, name: &'a str, event: Value) -> Later<'a, Said> {
        if !name.ends_with(":agent") {
            return self.run.invoke(name, event);
        }
        self.agent.lock().unwrap().push(event);
        Box::pin(async { Ok(json!({"request": "0199c2a0-0000-7000-8000-000000000001"})) })
    }
}

fn state(state: &str) -> Said {
    Ok(json!({"state": state, "left_s": 600}))
}

#[tokio::test]
async fn a_customers_machine_waits_for_people_and_has_the_request_run() {
    if !child::inside() {
        let test = "aws::own::a_customers_machine_waits_for_people_and_has_the_request_run";
        return with_amazon(test);
    }
    let looks = [state("pending"), state("pending"), state("granted"), state("refused")];
    let run = Script::default().on("look", &looks).on("run", &[state("done")]);
    let both = Arc::new(Both { agent: Mutex::default(), run });
    let stand = Stand::start(both.clone(), |_| ()).await;
    let mut definition = own();
    definition["States"]["Wait for people"]["Seconds"] = 1.into();
    let arn = stand.also("own", &definition).await;

    let (status, _) = stand.executed(&arn, "fine", &json!({"month": "2026-11"})).await;
    assert_eq!(status, ExecutionStatus::Succeeded);
    assert_eq!(both.run.tasks(), ["look", "look", "look", "run"]);
    let last = both.run.events().pop().unwrap();
    let request = "0199c2a0-0000-7000-8000-000000000001";
    assert_eq!(last, json!({"task": "run", "request": request}), "a request, and nothing to run");
    assert_eq!(*both.agent.lock().unwrap(), [json!({"month": "2026-11"})]);

    let (status, error) = stand.executed(&arn, "refused", &json!({})).await;
    assert_eq!((status, error), (ExecutionStatus::Failed, Some("NotApproved".into())));
}
