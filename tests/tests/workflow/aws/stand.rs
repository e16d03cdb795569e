//! One state machine with its queue, on a moto of its own.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use approvals::{Notice, WakeToken};
use aws_sdk_sfn::{config::timeout::TimeoutConfig, types::ExecutionStatus};
use local_emulator::port::Port;
use on_aws::{StateMachine, Tasks};
use serde_json::{Value, json};

use super::functions::{Functions, serve};
use crate::{
    child,
    definition::{ROLE, approval},
    servers::Server,
};

/// Runs the test once more, with what a Lambda function finds in its environment.
pub(crate) fn with_amazon(test: &str) {
    let held = Port::reserve().unwrap();
    let port = held.number().to_string();
    let mut environment: Vec<(&str, String)> = [
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_SESSION_TOKEN", "test"),
        ("AWS_ENDPOINT_URL", &format!("http://127.0.0.1:{port}")),
        (PORT, &port),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .to_vec();
    let tools = child::variable("POSTERN_TOOLS").map(|tools| ("POSTERN_TOOLS", tools));
    environment.extend(tools);
    child::run(test, &environment);
}

/// moto, a queue, and the machine whose functions these are.
pub(crate) struct Stand {
    pub(crate) machine: StateMachine,
    pub(crate) tasks: Tasks,
    pub(crate) queue: String,
    arn: String,
    sfn: aws_sdk_sfn::Client,
    pub(crate) sqs: aws_sdk_sqs::Client,
    _moto: Server,
}

impl Stand {
    /// Starts all of it within a child of [`with_amazon`]. What takes minutes, `change` can shorten.
    pub(crate) async fn start(
        functions: Arc<dyn Functions>,
        change: impl FnOnce(&mut Value),
    ) -> Self {
        let port = child::variable(PORT).unwrap();
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/workflow/amazon.py");
        let arguments = [script.to_owned(), port.clone(), serve(functions).await];
        let moto = Server::start("venv/bin/python", &arguments, port.parse().unwrap());
        let config = on_aws::config().await;
        // What a test asks for itself may take as long as moto needs on a loaded machine.
        let patient = config.to_builder().timeout_config(TimeoutConfig::disabled()).build();
        let sqs = aws_sdk_sqs::Client::new(&patient);
        let queue = sqs.create_queue().queue_name("approvals").send().await.unwrap();
        let queue = queue.queue_url.unwrap();
        let mut definition = approval(&queue);
        change(&mut definition);
        let sfn = aws_sdk_sfn::Client::new(&patient);
        let made = sfn.create_state_machine().name("approval").role_arn(ROLE);
        let arn = made.definition(definition.to_string()).send().await.unwrap().state_machine_arn;
        Self {
            machine: StateMachine::new(&config, &arn),
            tasks: Tasks::new(&config).reminded(&config, &queue),
            queue,
            arn,
            sfn,
            sqs,
            _moto: moto,
        }
    }

    /// The ARN of the machine.
    pub(crate) fn arn(&self) -> &str {
        &self.arn
    }

    /// Takes the next message off the queue.
    pub(crate) async fn message(&self) -> Value {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            let call = self.sqs.receive_message().queue_url(&self.queue).wait_time_seconds(1);
            let Some(found) = call.send().await.unwrap().messages.and_then(|mut all| all.pop())
            else {
                continue;
            };
            let done = self.sqs.delete_message().queue_url(&self.queue);
            done.receipt_handle(found.receipt_handle.unwrap()).send().await.unwrap();
            return serde_json::from_str(&found.body.unwrap()).unwrap();
        }
        panic!("no message within {PATIENCE:?}");
    }

    /// Takes the next message, which asks people, and returns what wakes the one who sent it.
    pub(crate) async fn asked(&self, about: &Notice) -> WakeToken {
        let mut message = self.message().await;
        let token = message.as_object_mut().unwrap().remove("token").unwrap();
        assert_eq!(message, said("ask", about, json!({})));
        WakeToken::new(token.as_str().unwrap().to_owned())
    }

    /// Takes the next message, which reports this.
    pub(crate) async fn reported(&self, about: &Notice, state: &str) {
        assert_eq!(self.message().await, said("report", about, json!({"state": state})));
    }

    /// Whether nothing is left in the queue.
    pub(crate) async fn is_quiet(&self) -> bool {
        let call = self.sqs.receive_message().queue_url(&self.queue).wait_time_seconds(1);
        call.send().await.unwrap().messages.is_none_or(|all| all.is_empty())
    }

    /// How the execution for this request ended, and with what output or error.
    pub(crate) async fn end(&self, of: &Notice) -> (ExecutionStatus, Option<Value>) {
        self.ended(&self.arn, of.ticket.request.as_str()).await
    }

    /// Makes another machine. Returns its ARN.
    pub(crate) async fn also(&self, name: &str, definition: &Value) -> String {
        let made = self.sfn.create_state_machine().name(name).role_arn(ROLE);
        made.definition(definition.to_string()).send().await.unwrap().state_machine_arn
    }

    /// How a machine ends that is started with this input.
    pub(crate) async fn executed(
        &self,
        arn: &str,
        name: &str,
        input: &Value,
    ) -> (ExecutionStatus, Option<Value>) {
        let call = self.sfn.start_execution().state_machine_arn(arn).name(name);
        call.input(input.to_string()).send().await.unwrap();
        self.ended(arn, name).await
    }

    async fn ended(&self, machine: &str, name: &str) -> (ExecutionStatus, Option<Value>) {
        let arn = format!("{}:{name}", machine.replace(":stateMachine:", ":execution:"));
        let start = Instant::now();
        loop {
            let seen = self.sfn.describe_execution().execution_arn(&arn).send().await.unwrap();
            if seen.status != ExecutionStatus::Running {
                let output = seen.output.map(|text| serde_json::from_str(&text).unwrap());
                return (seen.status, output.or(seen.error.map(Value::from)));
            }
            assert!(start.elapsed() < PATIENCE, "{name} still runs");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// How many executions there were.
    pub(crate) async fn executions(&self) -> usize {
        let all = self.sfn.list_executions().state_machine_arn(&self.arn).send().await.unwrap();
        all.executions.len()
    }
}

/// A message about a request.
fn said(kind: &str, about: &Notice, more: Value) -> Value {
    let mut message = json!({
        "kind": kind,
        "digest": about.digest,
        "expires": about.expires,
        "partition": about.ticket.partition.as_str(),
        "request": about.ticket.request,
    });
    message.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    message
}

const PATIENCE: Duration = Duration::from_secs(60);
const PORT: &str = "POSTERN_WORKFLOW_PORT";
