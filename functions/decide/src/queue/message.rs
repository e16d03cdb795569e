//! Messages about requests that wait, as state machines, queues and this function itself leave them.

use approvals::{Notice, Ticket, WakeToken};
use request::{Digest, Millis, RequestId, json};
use serde::Deserialize;
use state::Partition;

/// One message.
pub struct Message {
    /// What it wants.
    pub kind: Kind,
    /// The request.
    pub notice: Notice,
}

/// What a message wants. The tokens wake whoever sent it.
pub enum Kind {
    /// A request began to wait: people are to be asked (`ask` or `parked`).
    Ask(Option<WakeToken>),
    /// It ended in this state: people are to be told (`report`).
    Report(String),
    /// It waited still, some time ago (`waits`).
    Waits(Option<WakeToken>),
}

impl Kind {
    /// Its name in the log.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Ask(_) => "ask",
            Self::Report(_) => "report",
            Self::Waits(_) => "waits",
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    kind: Word,
    digest: Digest,
    expires: Millis,
    partition: String,
    request: String,
    token: Option<String>,
    #[serde(alias = "phase")]
    state: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Word {
    Ask,
    Parked,
    Report,
    Waits,
}

impl Message {
    /// Reads one; `None` where it is none of ours.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let raw: Raw = json::strict_as(bytes, DEPTH).ok()?;
        let token = raw.token.map(WakeToken::new);
        let kind = match (raw.kind, token, raw.state) {
            (Word::Ask, Some(token), None) => Kind::Ask(Some(token)),
            (Word::Parked, None, None) => Kind::Ask(None),
            (Word::Report, None, Some(state)) if is_word(&state) => Kind::Report(state),
            (Word::Waits, token, None) => Kind::Waits(token),
            _ => return None,
        };
        let ticket = Ticket {
            partition: Partition::new(raw.partition)?,
            request: RequestId::new(raw.request).ok()?,
        };
        Some(Self { kind, notice: Notice { ticket, digest: raw.digest, expires: raw.expires } })
    }
}

/// A state is shown to people.
fn is_word(text: &str) -> bool {
    (1..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase())
}

const DEPTH: usize = 4;

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(more: Value) -> Option<Message> {
        let mut message = json!({"digest": Digest::of(b"a"), "expires": 1_795_000_000_000_u64,
            "partition": "p_1", "request": "0199c2a0-0000-7000-8000-000000000001"});
        message.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Message::read(message.to_string().as_bytes())
    }

    #[test]
    fn each_kind_of_message_is_read() {
        let asks = |token: Option<&str>, more| {
            let Some(Message { kind: Kind::Ask(found), .. }) = read(more) else { return false };
            found.as_ref().map(WakeToken::expose) == token
        };
        assert!(asks(Some("t"), json!({"kind": "ask", "token": "t"})));
        assert!(asks(None, json!({"kind": "parked"})));
        let waits = read(json!({"kind": "waits", "token": "t"})).unwrap();
        assert!(matches!(waits.kind, Kind::Waits(Some(_))));
        assert!(matches!(read(json!({"kind": "waits"})).unwrap().kind, Kind::Waits(None)));
        for end in [json!({"state": "done"}), json!({"phase": "done"})] {
            let mut report = json!({"kind": "report"});
            report.as_object_mut().unwrap().extend(end.as_object().unwrap().clone());
            let report = read(report).unwrap();
            assert!(matches!(report.kind, Kind::Report(state) if state == "done"));
        }
        assert_eq!(waits.notice.expires, Millis(1_795_000_000_000));
    }

    #[test]
    fn what_is_none_of_ours_is_not_read() {
        for wrong in [
            json!({"kind": "ask"}),
            json!({"kind": "parked", "token": "t"}),
            json!({"kind": "report"}),
            json!({"kind": "report", "state": "<b>done</b>"}),
            json!({"kind": "approve"}),
            json!({"kind": "waits", "approved": true}),
            json!({"kind": "waits", "partition": "../a"}),
            json!({"kind": "waits", "digest": "abc"}),
            json!({}),
        ] {
            assert!(read(wrong.clone()).is_none(), "{wrong}");
        }
        for wrong in ["", "hello", "[]", r#"{"kind":"waits","kind":"waits"}"#] {
            assert!(Message::read(wrong.as_bytes()).is_none(), "{wrong}");
        }
    }
}
