//! `Invoke` of AWS Lambda for whatever a test puts behind it.

use std::{
    collections::BTreeMap,
    net::Ipv4Addr,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::post,
};
use request::Later;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What a function says to an event: an answer, or an error's type.
pub(crate) type Said = Result<Value, String>;

/// Whatever is behind `Invoke`.
pub(crate) trait Functions: Send + Sync + 'static {
    /// Has the function of this name, or ARN, answer this event.
    fn invoke<'a>(&'a self, name: &'a str, event: Value) -> Later<'a, Said>;
}

/// Serves them on a free port until the process ends. Returns the address.
pub(crate) async fn serve(functions: Arc<dyn Functions>) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = Router::new()
        .route("/2015-03-31/functions/{name}/invocations", post(answer))
        .with_state(functions);
    tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    format!("http://{address}")
}

async fn answer(
    State(functions): State<Arc<dyn Functions>>,
    Path(name): Path<String>,
    event: Bytes,
) -> Response {
    let event = serde_json::from_slice(&event).unwrap();
    match functions.invoke(&name, event).await {
        Ok(answer) => answer.to_string().into_response(),
        Err(kind) => {
            let body = json!({"errorType": kind, "errorMessage": "told to fail"}).to_string();
            (StatusCode::OK, [("x-amz-function-error", "Unhandled")], body).into_response()
        }
    }
}

/// A function that answers each task as it was told to, and remembers what it was asked.
#[derive(Default)]
pub(crate) struct Script {
    answers: BTreeMap<&'static str, Vec<Said>>,
    asked: Mutex<Vec<(String, Value)>>,
}

impl Script {
    /// The same, with these answers to a task, in their order; the last is given again.
    pub(crate) fn on(mut self, task: &'static str, answers: &[Said]) -> Self {
        self.answers.insert(task, answers.to_vec());
        self
    }

    /// The tasks that it was given, in their order.
    pub(crate) fn tasks(&self) -> Vec<String> {
        self.asked.lock().unwrap().iter().map(|(task, _)| task.clone()).collect()
    }

    /// The events that it was given.
    pub(crate) fn events(&self) -> Vec<Value> {
        self.asked.lock().unwrap().iter().map(|(_, event)| event.clone()).collect()
    }
}

impl Functions for Script {
    fn invoke<'a>(&'a self, _: &'a str, event: Value) -> Later<'a, Said> {
        let task = event["task"].as_str().unwrap().to_owned();
        let mut asked = self.asked.lock().unwrap();
        let before = asked.iter().filter(|(other, _)| *other == task).count();
        let answers = &self.answers[&*task];
        let said = answers.get(before).or(answers.last()).unwrap().clone();
        asked.push((task, event));
        Box::pin(async move { said })
    }
}
