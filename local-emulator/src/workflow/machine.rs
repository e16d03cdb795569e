//! The steps of our one machine: `Look`, `Ask`, `Run`, `Expire`, `Report`.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{sync::mpsc, time::timeout};
use uuid::Uuid;

use super::deliveries::Handle;
use crate::lambda::{Invoker, Unanswered};

/// Both functions that the machine needs.
#[derive(Clone)]
pub(super) struct Functions {
    /// `functions/run`.
    pub(super) run: Invoker,
    /// The queue's side of `functions/decide`.
    pub(super) decide: Invoker,
}

/// What is sent to a task that waits.
pub(super) enum Word {
    Failure,
    Heartbeat,
    Success,
}

/// The tasks that wait, by their tokens.
#[derive(Clone, Default)]
pub(super) struct Waiting(Arc<Mutex<BTreeMap<String, mpsc::Sender<Word>>>>);

impl Waiting {
    /// Says something to a task; false if nobody waits with this token.
    pub(super) fn say(&self, token: &str, word: Word) -> bool {
        let mut tasks = self.tasks();
        let ends = !matches!(word, Word::Heartbeat);
        let Some(task) = tasks.get(token) else { return false };
        let heard = task.try_send(word).is_ok();
        if ends {
            // A token is good for one end.
            tasks.remove(token);
        }
        heard
    }

    fn begin(&self) -> (String, mpsc::Receiver<Word>) {
        let (said, words) = mpsc::channel(16);
        let token = Uuid::new_v4().to_string();
        self.tasks().insert(token.clone(), said);
        (token, words)
    }

    fn end(&self, token: &str) {
        self.tasks().remove(token);
    }

    fn tasks(&self) -> MutexGuard<'_, BTreeMap<String, mpsc::Sender<Word>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One execution.
pub(super) struct Execution {
    pub(super) input: Value,
    pub(super) functions: Functions,
    pub(super) waiting: Waiting,
    pub(super) background: Handle,
}

/// How the state `Ask` ended.
enum Woken {
    /// To be run, or not heard from any more, or ended: it is looked at in any case.
    Look,
    Over,
}

impl Execution {
    /// Goes through all steps. An error that no `Retry` helps against ends it without a report.
    pub(super) async fn carry_out(self) {
        if let Ok(state) = self.steps().await {
            self.report(&state);
        }
    }

    async fn steps(&self) -> Result<String, Unanswered> {
        let mut seen = self.task("look").await?;
        loop {
            seen = match state(&seen) {
                "pending" => match self.ask(&seen).await {
                    Woken::Look => self.task("look").await?,
                    Woken::Over => {
                        let over = self.task("expire").await?;
                        if state(&over) == "expired" {
                            return Ok("expired".to_owned());
                        }
                        over
                    }
                },
                "granted" => {
                    let ran = self.run().await?;
                    if state(&ran) != "granted" {
                        return Ok(state(&ran).to_owned());
                    }
                    tokio::time::sleep(LATER).await;
                    self.task("look").await?
                }
                "expired" => {
                    self.task("expire").await?;
                    return Ok("expired".to_owned());
                }
                ended => return Ok(ended.to_owned()),
            };
        }
    }

    async fn run(&self) -> Result<Value, Unanswered> {
        match self.task("run").await {
            Err(error) if error.kind == "Refused" => Ok(json!({"state": "refused"})),
            other => other,
        }
    }

    /// Has people asked, and waits for a word of theirs, for its time, or for nothing more to be heard.
    async fn ask(&self, seen: &Value) -> Woken {
        let (token, mut words) = self.waiting.begin();
        self.send(json!({"kind": "ask", "token": token}));
        let left = seen.get("left_s").and_then(Value::as_u64).unwrap_or(1);
        let waited = timeout(Duration::from_secs(left), async {
            while let Ok(Some(Word::Heartbeat)) = timeout(HEARTBEAT, words.recv()).await {}
        });
        let woken = match waited.await {
            Ok(()) => Woken::Look,
            Err(_) => Woken::Over,
        };
        self.waiting.end(&token);
        woken
    }

    fn report(&self, state: &str) {
        self.send(json!({"kind": "report", "state": state}));
    }

    /// Puts a message about this request into the queue.
    fn send(&self, what: Value) {
        let mut message = self.input.clone();
        if let (Some(message), Value::Object(what)) = (message.as_object_mut(), what) {
            message.extend(what);
        }
        deliver(&self.background, &self.functions.decide, message.to_string(), Duration::ZERO);
    }

    /// Invokes `functions/run`, again where that may help.
    async fn task(&self, task: &str) -> Result<Value, Unanswered> {
        let part = |name: &str| self.input.get(name).cloned().unwrap_or_default();
        let event =
            json!({"task": task, "partition": part("partition"), "request": part("request")});
        let mut pause = PAUSE;
        for _ in 1..TRIES {
            match self.functions.run.invoke(&event).await {
                Err(error) if is_worth_another(&error) => tokio::time::sleep(pause).await,
                answer => return answer,
            }
            pause *= 2;
        }
        self.functions.run.invoke(&event).await
    }
}

/// Hands a message to the consumer of the queue, as Lambda's own poller of SQS does.
pub(super) fn deliver(background: &Handle, decide: &Invoker, body: String, delay: Duration) {
    let decide = decide.clone();
    let id = Uuid::new_v4().to_string();
    background.deliver(super::step_functions::QUEUE, body, delay, move |body, time| {
        let (decide, id) = (decide.clone(), id.clone());
        async move {
            let event = json!({"Records": [{
                "messageId": id,
                "receiptHandle": id,
                "body": body,
                "attributes": {"ApproximateReceiveCount": time.to_string()},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": super::step_functions::QUEUE_ARN,
                "awsRegion": "us-east-1",
            }]});
            let failed = |answer: Value| match answer.get("batchItemFailures") {
                Some(Value::Array(failures)) => !failures.is_empty(),
                _ => false,
            };
            decide.invoke(&event).await.is_ok_and(|answer| !failed(answer))
        }
    });
}

fn state(seen: &Value) -> &str {
    seen.get("state").and_then(Value::as_str).unwrap_or("unknown")
}

fn is_worth_another(error: &Unanswered) -> bool {
    error.kind == "Unavailable" || error.kind.starts_with("Lambda.")
}

/// As the definition has them.
const HEARTBEAT: Duration = Duration::from_secs(900);
const LATER: Duration = Duration::from_secs(900);
const TRIES: u32 = 7;

/// Shorter than there: nobody waits for a machine on a laptop.
const PAUSE: Duration = Duration::from_millis(200);
