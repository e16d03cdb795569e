//! The calls of Step Functions and of SQS that our functions make: AWS JSON 1.0, over plain loopback
//! HTTP.
//!
//! Only the shape is AWS's: signatures must be there but are not checked, since nobody's key is worth
//! anything here.

use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse as _, Response},
    routing::post,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    deliveries::{Background, Dead, Handle},
    machine::{Execution, Functions, Waiting, Word, deliver},
};
use crate::{
    lambda::Invoker,
    serve::{self, Bound, Control},
};

/// A running endpoint, with one state machine and one queue. [`Control::calls`] counts the operations by
/// their names.
pub struct StepFunctions {
    site: Site,
    server: serve::Server,
    _background: Background,
}

#[derive(Clone)]
struct Site {
    control: Control,
    background: Handle,
    waiting: Waiting,
    kept: Arc<Mutex<Kept>>,
}

#[derive(Default)]
struct Kept {
    functions: Option<Functions>,
    /// The inputs of executions, by their names.
    executions: BTreeMap<String, String>,
}

impl StepFunctions {
    /// The ARN of the one machine.
    pub const MACHINE: &'static str = "arn:aws:states:us-east-1:123456789012:stateMachine:approval";

    /// Starts on a free port. The machine runs once it has its functions.
    ///
    /// # Errors
    /// No free port.
    pub async fn start() -> io::Result<Self> {
        let failure = json!({"__type": "InternalServerError", "message": "told to fail"});
        let throttled = json!({"__type": "ThrottlingException", "message": "Rate exceeded"});
        let control = Control::new(failure, throttled).throttling_with(StatusCode::BAD_REQUEST);
        let background = Background::start();
        let site = Site {
            control: control.clone(),
            background: background.handle(),
            waiting: Waiting::default(),
            kept: Arc::default(),
        };
        let routes = Router::new().route("/", post(call)).with_state(site.clone());
        let server = Bound::free().await?.serve(routes, None, control);
        Ok(Self { site, server, _background: background })
    }

    /// Gives the machine its functions: `run`, and the queue's side of `decide`.
    pub fn attach(&self, run: Invoker, decide: Invoker) {
        self.site.kept().functions = Some(Functions { run, decide });
    }

    /// The value of `AWS_ENDPOINT_URL_SFN` and `AWS_ENDPOINT_URL_SQS`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.server.port())
    }

    /// The URL of the queue.
    #[must_use]
    pub fn queue_url(&self) -> String {
        format!("{}/123456789012/{QUEUE}", self.url())
    }

    /// Messages that could not be taken.
    #[must_use]
    pub fn dead(&self) -> Vec<Dead> {
        self.site.background.dead()
    }

    /// Its faults and counters.
    #[must_use]
    pub fn control(&self) -> &Control {
        &self.site.control
    }
}

impl Site {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An error's name, and what it says.
type Refused = (&'static str, &'static str);

async fn call(State(site): State<Site>, headers: HeaderMap, body: Bytes) -> Response {
    let (status, body) = match answer(&site, &headers, &body) {
        Ok(body) => (StatusCode::OK, body),
        Err((kind, message)) => {
            (StatusCode::BAD_REQUEST, json!({"__type": kind, "message": message}))
        }
    };
    (status, [(CONTENT_TYPE, "application/x-amz-json-1.0")], body.to_string()).into_response()
}

fn answer(site: &Site, headers: &HeaderMap, body: &[u8]) -> Result<Value, Refused> {
    let header = |name: &str| headers.get(name)?.to_str().ok();
    if !header("authorization").is_some_and(|said| said.starts_with("AWS4-HMAC-SHA256 ")) {
        return Err(("MissingAuthenticationTokenException", "the request is not signed"));
    }
    match header("x-amz-target") {
        Some("AWSStepFunctions.StartExecution") => start(site, read(body)?),
        Some("AWSStepFunctions.SendTaskFailure") => {
            site.control.count("SendTaskFailure");
            said(site, &read(body)?, Word::Failure)
        }
        Some("AWSStepFunctions.SendTaskHeartbeat") => {
            site.control.count("SendTaskHeartbeat");
            said(site, &read(body)?, Word::Heartbeat)
        }
        Some("AWSStepFunctions.SendTaskSuccess") => {
            site.control.count("SendTaskSuccess");
            said(site, &read(body)?, Word::Success)
        }
        Some("AmazonSQS.SendMessage") => send(site, read(body)?),
        _ => Err(("UnknownOperationException", "the emulator does not know this operation")),
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refused> {
    serde_json::from_slice(body).map_err(|_| ("ValidationException", "a parameter is missing"))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Start {
    state_machine_arn: String,
    name: String,
    input: String,
}

/// By Amazon's rule: the same name and input while it runs is the same execution. Here it is so for
/// ever after, which is what a name is good for.
fn start(site: &Site, asked: Start) -> Result<Value, Refused> {
    site.control.count("StartExecution");
    if asked.state_machine_arn != StepFunctions::MACHINE {
        return Err(("StateMachineDoesNotExist", "there is no such state machine"));
    }
    let input = serde_json::from_str(&asked.input);
    let input: Value = input.map_err(|_| ("InvalidExecutionInput", "the input is not JSON"))?;
    let mut kept = site.kept();
    let Some(functions) = kept.functions.clone() else {
        return Err(("StateMachineDeleting", "the machine has no functions"));
    };
    match kept.executions.get(&asked.name) {
        Some(before) if *before == asked.input => {}
        Some(_) => return Err(("ExecutionAlreadyExists", "there is an execution of this name")),
        None => {
            kept.executions.insert(asked.name.clone(), asked.input);
            let (waiting, background) = (site.waiting.clone(), site.background.clone());
            let execution = Execution { input, functions, waiting, background };
            site.background.spawn(execution.carry_out());
        }
    }
    let arn = StepFunctions::MACHINE.replace(":stateMachine:", ":execution:");
    let now = OffsetDateTime::now_utc().unix_timestamp();
    Ok(json!({"executionArn": format!("{arn}:{}", asked.name), "startDate": now}))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Task {
    task_token: String,
}

fn said(site: &Site, task: &Task, word: Word) -> Result<Value, Refused> {
    match site.waiting.say(&task.task_token, word) {
        true => Ok(json!({})),
        false => Err(("TaskTimedOut", "nobody waits with this token any more")),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Send {
    queue_url: String,
    message_body: String,
    #[serde(default)]
    delay_seconds: u64,
}

fn send(site: &Site, asked: Send) -> Result<Value, Refused> {
    site.control.count("SendMessage");
    if !asked.queue_url.ends_with(&format!("/{QUEUE}")) {
        return Err(("QueueDoesNotExist", "there is no such queue"));
    }
    if asked.delay_seconds > LONGEST_S {
        return Err(("InvalidParameterValue", "a message is delayed by 900 s at most"));
    }
    let functions = site.kept().functions.clone();
    let Some(functions) = functions else {
        return Err(("QueueDoesNotExist", "nobody takes messages off this queue"));
    };
    let delay = Duration::from_secs(asked.delay_seconds);
    deliver(&site.background, &functions.decide, asked.message_body, delay);
    Ok(json!({"MessageId": Uuid::new_v4().to_string()}))
}

pub(super) const QUEUE: &str = "approvals";
pub(super) const QUEUE_ARN: &str = "arn:aws:sqs:us-east-1:123456789012:approvals";
const LONGEST_S: u64 = 900;
