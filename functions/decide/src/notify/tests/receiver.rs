//! A receiver of messages: answers as it is told to, and keeps what it was sent.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use tokio::{net::TcpListener, task::JoinHandle};

/// What was sent in one request.
pub(super) type Sent = (String, HeaderMap, Bytes);

/// Listens until it is dropped.
pub(super) struct Receiver {
    pub(super) url: String,
    held: Arc<Held>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct Held {
    answers: Mutex<VecDeque<Answer>>,
    sent: Mutex<Vec<Sent>>,
}

/// How to answer one request; what is not said is 204.
#[derive(Clone)]
pub(super) enum Answer {
    /// With a status.
    Status(u16),
    /// With a status and when to come again.
    Later(u16, &'static str),
    /// By pointing elsewhere.
    Elsewhere(String),
    /// Never.
    Silence,
}

impl Receiver {
    /// One that gives these answers in turn.
    pub(super) async fn answering(answers: impl IntoIterator<Item = Answer>) -> Self {
        let held = Arc::new(Held::default());
        held.answers.lock().unwrap().extend(answers);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let router = Router::new().fallback(take).with_state(Arc::clone(&held));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, held, task }
    }

    /// Everything that it was sent.
    pub(super) fn sent(&self) -> Vec<Sent> {
        self.held.sent.lock().unwrap().clone()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn take(
    State(held): State<Arc<Held>>,
    method: axum::http::Method,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    held.sent.lock().unwrap().push((method.to_string(), headers, body));
    let answer = held.answers.lock().unwrap().pop_front();
    let status = |code: u16| StatusCode::from_u16(code).unwrap();
    match answer.unwrap_or(Answer::Status(204)) {
        Answer::Status(code) => status(code).into_response(),
        Answer::Later(code, when) => (status(code), [(header::RETRY_AFTER, when)]).into_response(),
        Answer::Elsewhere(url) => {
            (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, url)]).into_response()
        }
        Answer::Silence => std::future::pending().await,
    }
}
