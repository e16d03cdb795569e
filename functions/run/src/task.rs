//! What a workflow wants done about a request, and what it is told: how far the request is, never rows.

use approvals::{Notice, Ticket};
use request::{Digest, Millis, RequestId, json};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use state::Partition;

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum What {
    /// Put on record that its time is over.
    Expire,
    /// Say how far it is.
    Look,
    /// Run it, if it was approved.
    Run,
}

/// One task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// What is to be done.
    pub what: What,
    /// The request.
    pub request: RequestId,
    /// Where it lies, where the workflow knows.
    pub partition: Option<Partition>,
    /// Its digest and its time, where a message says them along.
    about: Option<(Digest, Millis)>,
}

/// How far a request is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// `pending`, `granted`, `refused`, `withdrawn`, `expired` or `used`; of one that was just run
    /// `done`, `failed` or `unknown`.
    pub state: &'static str,
    /// For how many seconds people may still decide, or it may still be run; at least 1, so that a
    /// workflow can wait for it.
    pub left_s: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    task: What,
    request: String,
    partition: Option<String>,
    digest: Option<Digest>,
    expires: Option<Millis>,
}

impl Task {
    /// Reads a message.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        json::strict_as(bytes, DEPTH).ok().and_then(Self::of)
    }

    /// Reads an event.
    #[must_use]
    pub fn of_event(event: Value) -> Option<Self> {
        Raw::deserialize(event).ok().and_then(Self::of)
    }

    fn of(raw: Raw) -> Option<Self> {
        let partition = match raw.partition {
            Some(partition) => Some(Partition::new(partition)?),
            None => None,
        };
        let request = RequestId::new(raw.request).ok()?;
        Some(Self { what: raw.task, request, partition, about: raw.digest.zip(raw.expires) })
    }

    /// What is to be told of it once it is done.
    #[must_use]
    pub fn notice(&self) -> Option<Notice> {
        let (digest, expires) = self.about?;
        let ticket = Ticket { partition: self.partition.clone()?, request: self.request.clone() };
        Some(Notice { ticket, digest, expires })
    }
}

const DEPTH: usize = 4;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ID: &str = "0199c2a0-0000-7000-8000-000000000001";

    #[test]
    fn a_task_names_a_request_and_nothing_that_could_be_run() {
        let short = Task::of_event(json!({"task": "look", "request": ID})).unwrap();
        assert_eq!((short.what, short.partition.as_ref()), (What::Look, None));
        assert_eq!(short.notice(), None);
        for more in ["statement", "target", "chain", "token", "approved"] {
            let event = json!({"task": "run", "request": ID, more: "x"});
            assert_eq!(Task::of_event(event), None, "{more}");
        }
        for wrong in [
            json!({"task": "ask", "request": ID}),
            json!({"task": "run"}),
            json!({"task": "run", "request": "a b"}),
            json!({"task": "run", "request": ID, "partition": "a/b"}),
            json!({"Records": []}),
            json!(null),
        ] {
            assert_eq!(Task::of_event(wrong.clone()), None, "{wrong}");
        }
    }

    #[test]
    fn a_message_of_the_queue_is_a_task() {
        let digest = Digest::of(b"a");
        let message = json!({"task": "run", "request": ID, "partition": "p_1", "digest": digest,
            "expires": 1_795_000_000_000_u64});
        let task = Task::read(message.to_string().as_bytes()).unwrap();
        let notice = task.notice().unwrap();
        assert_eq!((notice.digest, notice.expires), (digest, Millis(1_795_000_000_000)));
        assert_eq!(Task::read(br#"{"task":"run","task":"look"}"#), None);
    }
}
