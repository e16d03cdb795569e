//! On Azure Functions: a custom handler behind the queue `runs`, called by the Functions host and no
//! one else, in a function app of its own.

use std::{sync::Arc, time::Duration};

use approvals::{Phase, Unheard, Waker};
use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    response::{IntoResponse as _, Response},
    routing::post,
};
use doors::{Problem, invocation};
use http::StatusCode;
use request::Deadline;

use crate::{Answer, Error, Runner, Task};

/// What an invocation needs.
pub struct App {
    /// What does the tasks.
    pub runner: Runner,
    /// Who is told how it ended, where somebody wants to know.
    pub waker: Option<Arc<dyn Waker>>,
}

/// The one route, which has the function's name.
pub fn router(app: App) -> Router {
    let routes = Router::new().route("/run", post(invoke));
    let routes = routes.layer(DefaultBodyLimit::max(invocation::LIMIT));
    doors::bounded(routes, None).with_state(Arc::new(app))
}

/// A message that fails comes again a few times, and ends in the queue `runs-poison`.
async fn invoke(State(app): State<Arc<App>>, body: Bytes) -> Response {
    let Some(message) = invocation::message(&body) else {
        return Problem::plain(StatusCode::BAD_REQUEST, invocation::NONE).into_response();
    };
    let done = match Task::read(&message) {
        None => Err(Error::Malformed),
        Some(task) => app.work(&task).await,
    };
    match done {
        Ok(answer) => {
            invocation::answered(StatusCode::OK, &format!("the request is {}", answer.state))
        }
        Err(error @ Error::Unavailable(_)) => {
            invocation::answered(StatusCode::SERVICE_UNAVAILABLE, &error.to_string())
        }
        // Trying again would change nothing, and be on record each time.
        Err(error @ (Error::Missing | Error::Refused(..))) => {
            invocation::answered(StatusCode::OK, &error.to_string())
        }
        Err(error @ Error::Malformed) => {
            tracing::error!("a message is no task");
            invocation::answered(StatusCode::BAD_REQUEST, &error.to_string())
        }
    }
}

impl App {
    /// On a task of its own: a host that gives up does not end a run.
    async fn work(self: Arc<Self>, task: &Task) -> Result<Answer, Error> {
        let task = task.clone();
        let worked = tokio::spawn(async move {
            let answer = self.runner.work(&task, Deadline::within(TIME)).await?;
            self.report(&task, &answer).await;
            Ok(answer)
        });
        worked.await.unwrap_or(Err(Error::Unavailable("run")))
    }

    /// Only of what was run here just now: whoever ended it otherwise has told so.
    async fn report(&self, task: &Task, answer: &Answer) {
        let ran = matches!(answer.state, "done" | "failed" | "unknown");
        let (Some(waker), Some(notice), true) = (&self.waker, task.notice(), ran) else { return };
        match waker.decided(&notice, Phase::Used, None).await {
            Ok(()) | Err(Unheard::Gone) => {}
            Err(error) => {
                let request = task.request.as_str();
                tracing::warn!(request, %error, "nobody was told how a request ended");
            }
        }
    }
}

/// The Functions host names no deadline for messages; a message that takes longer than five minutes
/// would be given out again.
const TIME: Duration = Duration::from_secs(60);
