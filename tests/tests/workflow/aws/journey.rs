//! The functions themselves on AWS: parked by `request`, asked about by `decide`, run by `run`, with
//! moto's Step Functions and SQS in between.

use std::{sync::Arc, time::Duration};

use approvals::{Notice, Phase, Unheard, Verdict, Waker as _};
use aws_sdk_sqs::types::QueueAttributeName;
use local_emulator::{
    binaries::Binaries,
    emulator::{Cloud, Emulator},
    lambda::{self, Invoker},
    process::Log,
};
use request::Later;
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use super::{
    functions::{Functions, Said},
    stand::{Stand, with_amazon},
};
use crate::{
    child,
    organisation::{CUSTOMERS, ORDERS, Organisation, configure},
};

/// The run function as it is built, once it is hosted.
#[derive(Default)]
struct Run(OnceCell<Invoker>);

impl Functions for Run {
    fn invoke<'a>(&'a self, _: &'a str, event: Value) -> Later<'a, Said> {
        Box::pin(async move {
            let run = self.0.get().unwrap();
            run.invoke(&event).await.map_err(|error| error.kind)
        })
    }
}

/// One deployment on AWS.
struct Deployed {
    stand: Stand,
    emulator: Emulator,
    request: lambda::Host,
    decide: Invoker,
    log: Log,
    _hosts: [lambda::Host; 2],
}

impl Deployed {
    async fn start() -> Self {
        let log = Log::default();
        let binaries = Binaries::beside().unwrap();
        let emulator = Emulator::start(&binaries, log.clone(), &|_| ()).await.unwrap();
        configure(&emulator.config(Cloud::Aws));
        let run = Arc::new(Run::default());
        let stand = Stand::start(run.clone(), |_| ()).await;
        let host = async |name: &str, program: Option<&str>| {
            let change = |config: &mut lambda::Config| on_amazon(config, &stand, name, program);
            emulator.also_on_lambda(change).await.unwrap()
        };
        let request = host("request", None).await;
        let hosts = [
            host("run", Some("run-lambda")).await,
            host("decide-queue", Some("decide-queue-lambda")).await,
        ];
        run.0.set(hosts[0].invoker()).unwrap();
        let decide = hosts[1].invoker();
        Self { stand, emulator, request, decide, log, _hosts: hosts }
    }

    async fn organisation(&self) -> Organisation {
        let tasks = Arc::new(on_aws::Tasks::new(&on_aws::config().await));
        Organisation::at(&self.emulator, Cloud::Aws, &self.request.url(), Some(tasks)).await
    }

    /// Takes messages off the queue and hands them to the function, as Lambda's own poller does, for as
    /// long as `work` takes.
    async fn while_polled<T>(&self, work: impl Future<Output = T>) -> T {
        tokio::select! {
            done = work => done,
            () = self.poll() => panic!("polling never ends"),
        }
    }

    async fn poll(&self) {
        loop {
            let call = self.stand.sqs.receive_message().queue_url(&self.stand.queue);
            let call = call.wait_time_seconds(1).visibility_timeout(2).max_number_of_messages(10);
            let found = call.send().await.unwrap().messages.unwrap_or_default();
            if !found.is_empty() {
                self.take(found).await;
            }
        }
    }

    async fn take(&self, found: Vec<aws_sdk_sqs::types::Message>) {
        let records = found.iter().map(|message| {
            json!({"messageId": message.message_id, "receiptHandle": message.receipt_handle,
                "body": message.body, "attributes": {}, "messageAttributes": {},
                "eventSource": "aws:sqs", "awsRegion": "eu-central-1",
                "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:approvals"})
        });
        let event = json!({"Records": records.collect::<Vec<_>>()});
        let answer = self.decide.invoke(&event).await.unwrap();
        let failed = answer["batchItemFailures"].as_array().unwrap();
        let failed: Vec<_> = failed.iter().map(|one| one["itemIdentifier"].as_str()).collect();
        for message in found {
            if !failed.contains(&message.message_id.as_deref()) {
                let call = self.stand.sqs.delete_message().queue_url(&self.stand.queue);
                call.receipt_handle(message.receipt_handle.unwrap()).send().await.unwrap();
            }
        }
    }

    /// Nothing that wakes a workflow, or names its agent's secrets, is in any log.
    fn is_discreet(&self) {
        let lines = self.log.lines().join("\n");
        assert!(!lines.contains("canary"), "{lines}");
    }
}

/// The same function, with moto for its workflow; or another program in its place.
fn on_amazon(config: &mut lambda::Config, stand: &Stand, name: &str, program: Option<&str>) {
    let url = child::variable("AWS_ENDPOINT_URL").unwrap();
    config.region = child::variable("AWS_REGION").unwrap();
    name.clone_into(&mut config.name);
    if let Some(program) = program {
        config.program.set_file_name(program);
    }
    // A whole minute: a laden machine takes its time.
    config.timeout = Duration::from_secs(60);
    config.env.insert("POSTERN_WORKFLOW".into(), format!("stepfunctions:{}", stand.arn()));
    config.env.insert("POSTERN_QUEUE".into(), stand.queue.clone());
    config.env.insert("AWS_ENDPOINT_URL_SFN".into(), url.clone());
    config.env.insert("AWS_ENDPOINT_URL_SQS".into(), url);
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_go_from_parked_to_run_to_refused_and_to_expired() {
    if !child::inside() {
        let test = "aws::journey::requests_go_from_parked_to_run_to_refused_and_to_expired";
        return with_amazon(test);
    }
    let deployed = Deployed::start().await;
    let all = deployed.organisation().await;
    let work = async {
        let late = all.asks(ORDERS).await;
        let (granted, refused) = (all.asks(CUSTOMERS).await, all.asks(CUSTOMERS).await);
        all.people.grant(&granted).await;
        all.ran(&granted).await;
        assert_eq!(all.people.say("dba-1", Verdict::Refuse, &refused).await, Phase::Refused);
        all.becomes("refused", &refused).await;
        let taken = all.asks(CUSTOMERS).await;
        withdrawn(&all, &taken).await;
        all.becomes("expired", &late).await;
        for (one, state) in
            [(&granted, "done"), (&refused, "refused"), (&taken, "withdrawn"), (&late, "expired")]
        {
            assert_eq!(deployed.stand.end(one).await.1, Some(json!({"state": state})), "{state}");
        }
        again(&all, &granted).await;
    };
    deployed.while_polled(work).await;
    assert_eq!(deployed.stand.executions().await, 4);
    deployed.is_discreet();
}

async fn withdrawn(all: &Organisation, one: &Notice) {
    use local_emulator::agent::Function;
    let path = format!("/v1/requests/{}", one.ticket.request);
    let gone = all.agent.call(reqwest::Method::DELETE, Function::Request, &path).send().await;
    let gone = gone.unwrap();
    assert!(matches!(gone.status, 200 | 204), "{}", gone.text);
    all.becomes("withdrawn", one).await;
}

/// What has run does not run again, for whoever asks for it.
async fn again(all: &Organisation, one: &Notice) {
    use local_emulator::agent::Function;
    let path = format!("/v1/requests/{}/run", one.ticket.request);
    let call = all.agent.call(reqwest::Method::POST, Function::Request, &path);
    let second = call.bytes(Vec::new()).send().await.unwrap();
    assert_eq!(second.status, 409, "{}", second.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn words_that_are_lost_late_or_said_twice_change_nothing() {
    if !child::inside() {
        let test = "aws::journey::words_that_are_lost_late_or_said_twice_change_nothing";
        return with_amazon(test);
    }
    let deployed = Deployed::start().await;
    // People decide without anybody being told.
    let silent =
        Organisation::at(&deployed.emulator, Cloud::Aws, &deployed.request.url(), None).await;
    let all = deployed.organisation().await;
    let tasks = &deployed.stand.tasks;

    // Granted before the machine's own message was read: who asks finds it.
    let one = silent.asks(CUSTOMERS).await;
    silent.people.grant(&one).await;
    deployed.while_polled(silent.ran(&one)).await;

    // The message is delivered twice, and so is every word after it.
    let two = all.asks(CUSTOMERS).await;
    let asked = deployed.stand.sqs.receive_message().queue_url(&deployed.stand.queue);
    let asked = asked.wait_time_seconds(20).visibility_timeout(0).send().await.unwrap();
    let message = asked.messages.unwrap().remove(0);
    let token = token(&message);
    deployed.take(vec![message.clone()]).await;
    // moto has deleted it; a queue may still give it out.
    let event = json!({"Records": [{"messageId": "again", "body": message.body}]});
    let answer = deployed.decide.invoke(&event).await.unwrap();
    assert_eq!(answer, json!({"batchItemFailures": []}));
    all.people.grant(&two).await;
    deployed.while_polled(all.ran(&two)).await;
    let late = tasks.decided(&two, Phase::Granted, Some(&token)).await;
    assert!(matches!(late, Err(Unheard::Gone)), "{late:?}");
    let answer = deployed.decide.invoke(&event).await.unwrap();
    assert_eq!(answer, json!({"batchItemFailures": []}), "what has ended is no reason to fail");
}

fn token(message: &aws_sdk_sqs::types::Message) -> approvals::WakeToken {
    let body: Value = serde_json::from_str(message.body.as_deref().unwrap()).unwrap();
    approvals::WakeToken::new(body["token"].as_str().unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_nobody_can_read_is_put_aside_and_holds_nobody_up() {
    if !child::inside() {
        let test = "aws::journey::a_message_that_nobody_can_read_is_put_aside_and_holds_nobody_up";
        return with_amazon(test);
    }
    let deployed = Deployed::start().await;
    let all = deployed.organisation().await;
    let aside = redriven(&deployed.stand).await;
    let sqs = &deployed.stand.sqs;
    let poison = r#"{"kind": "approve", "note": "hunter2"}"#;
    let put = sqs.send_message().queue_url(&deployed.stand.queue).message_body(poison);
    put.send().await.unwrap();
    let work = async {
        let one = all.asks(CUSTOMERS).await;
        all.people.grant(&one).await;
        all.ran(&one).await;
        loop {
            let call = sqs.receive_message().queue_url(&aside).wait_time_seconds(1);
            let found = call.send().await.unwrap().messages.unwrap_or_default();
            if let [message] = &found[..] {
                return message.body.clone().unwrap();
            }
        }
    };
    let found = tokio::time::timeout(Duration::from_secs(90), deployed.while_polled(work)).await;
    assert_eq!(found.unwrap(), poison);
    let lines = deployed.log.lines().join("\n");
    assert!(lines.contains("a message cannot be read"), "{lines}");
    assert!(!lines.contains("hunter2"), "what is in there is not told");
}

/// Has the queue put aside what was taken off it three times. Returns the URL of that other queue.
async fn redriven(stand: &Stand) -> String {
    let aside = stand.sqs.create_queue().queue_name("approvals-dead").send().await.unwrap();
    let aside = aside.queue_url.unwrap();
    let policy = json!({
        "deadLetterTargetArn": "arn:aws:sqs:eu-central-1:123456789012:approvals-dead",
        "maxReceiveCount": 3,
    });
    let call = stand.sqs.set_queue_attributes().queue_url(&stand.queue);
    let call = call.attributes(QueueAttributeName::RedrivePolicy, policy.to_string());
    call.send().await.unwrap();
    aside
}
