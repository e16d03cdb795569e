//! `Invoke`: an event in, an answer out, without a door.

use std::sync::Arc;

use axum::body::Bytes;
use serde_json::Value;
use uuid::Uuid;

use super::{
    instance::Failure,
    pool::{Error, Pool},
};

/// Whoever may invoke a function. It keeps no function alive.
#[derive(Clone, Debug)]
pub struct Invoker(Arc<Pool>);

/// Why an event was not answered, as Step Functions calls it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unanswered {
    /// The error's type: the function's own, or one of Lambda's.
    pub kind: String,
    /// What it says.
    pub message: String,
}

impl Invoker {
    pub(super) fn new(pool: &Arc<Pool>) -> Self {
        Self(Arc::clone(pool))
    }

    /// Has the function answer this event.
    ///
    /// # Errors
    /// [`Unanswered`]: the function said so, or there was none to say anything.
    pub async fn invoke(&self, event: &Value) -> Result<Value, Unanswered> {
        let request_id = Uuid::new_v4().to_string();
        let answer = self.0.invoke(&request_id, Bytes::from(event.to_string())).await;
        let answer = answer.map_err(Unanswered::from)?;
        serde_json::from_slice(&answer).map_err(|_| Unanswered {
            kind: "Runtime.InvalidResponse".to_owned(),
            message: "the answer is not JSON".to_owned(),
        })
    }
}

impl From<Error> for Unanswered {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        let kind = match error {
            Error::Failed(
                Failure::Function { kind, message } | Failure::Init { kind, message },
            ) => {
                return Self { kind, message };
            }
            Error::Failed(Failure::Timeout(_) | Failure::InitTimeout(_)) => "Sandbox.Timedout",
            Error::Failed(_) => "Runtime.ExitError",
            Error::Closed => "Lambda.ServiceException",
            Error::Throttled => "Lambda.TooManyRequestsException",
        };
        Self { kind: kind.to_owned(), message }
    }
}
