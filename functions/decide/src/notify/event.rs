//! What happened to a request, as much of it as others may know.

use std::collections::BTreeMap;

use request::{Digest, Millis, RequestId, json};
use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::text::is_unseen;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Somebody refused it, or its requester took it back. That people agreed is not told by itself:
    /// what was agreed to runs, and is told as [`Self::Done`], or expires.
    Decided,
    /// It ran.
    Done,
    /// Its time is over.
    Expired,
    /// It waits from now on.
    Requested,
}

impl Kind {
    /// All of them.
    pub(super) const ALL: [Self; 4] = [Self::Decided, Self::Done, Self::Expired, Self::Requested];

    /// Its name, in messages and in `people.toml`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Decided => "approval.decided",
            Self::Done => "request.done",
            Self::Expired => "approval.expired",
            Self::Requested => "approval.requested",
        }
    }

    /// What is said about the request.
    fn says(self) -> &'static str {
        match self {
            Self::Decided => "was decided",
            Self::Done => "ran",
            Self::Expired => "expired: nobody decided in time",
            Self::Requested => "waits for approval",
        }
    }
}

/// One thing that happened to one request. There is no place in it for anything that an agent wrote.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    /// What happened.
    pub(crate) kind: Kind,
    /// When.
    pub(crate) at: Millis,
    /// To which request.
    pub(crate) request: RequestId,
    /// What it addresses.
    pub(crate) target: String,
    /// What it does there: `read`, `write` and so on.
    pub(crate) class: String,
    /// How many people of which groups are asked.
    pub(crate) approvers: BTreeMap<String, u32>,
    /// When it stops waiting.
    pub(crate) expires: Millis,
    /// How it ended, by a word of ours: `refused`, `withdrawn`, `expired`, or how it ran, such as `done`.
    pub(crate) state: Option<String>,
    /// Where to read it.
    pub(crate) link: Option<String>,
}

impl Event {
    /// The message's id: the same however often this is told, so that whoever hears it twice knows.
    pub(super) fn id(&self) -> String {
        let state = self.state.as_deref().unwrap_or_default();
        let parts = [self.kind.name(), self.request.as_str(), state];
        let digest = Digest::of_parts(&parts.map(str::as_bytes)).to_string();
        // 128 bits: ids are not guessed, they are told apart.
        format!("msg_{}", digest.chars().take(32).collect::<String>())
    }

    /// What a webhook is sent.
    pub(super) fn payload(&self) -> Vec<u8> {
        let mut data = json!({
            "approvers": self.approvers,
            "class": self.class,
            "expires": moment(self.expires),
            "request": self.request,
            "target": self.target,
        });
        let more = [("state", &self.state), ("link", &self.link)];
        for (name, value) in more {
            if let (Value::Object(data), Some(value)) = (&mut data, value) {
                data.insert(name.into(), value.as_str().into());
            }
        }
        let whole = json!({
            "data": data,
            "timestamp": moment(self.at),
            "type": self.kind.name(),
        });
        json::canonical(&whole)
    }

    /// The one line for people.
    pub(super) fn line(&self) -> String {
        inert(&format!("A request for {} {}", self.target, self.kind.says()))
    }

    /// What else people are told, by name.
    pub(super) fn facts(&self) -> Vec<(&'static str, String)> {
        let asked = self.approvers.iter().map(|(group, many)| format!("{many} of {group}"));
        let mut facts = vec![
            ("Request", self.request.to_string()),
            ("Class", self.class.clone()),
            ("Asked", asked.collect::<Vec<_>>().join(", ")),
        ];
        facts.extend(self.state.clone().map(|state| ("State", state)));
        if self.kind == Kind::Requested {
            facts.push(("Expires", moment(self.expires)));
        }
        facts.into_iter().map(|(name, value)| (name, inert(&value))).collect()
    }
}

/// To the second, as RFC 3339 has it.
fn moment(at: Millis) -> String {
    let seconds = i64::try_from(at.seconds()).ok();
    let moment = seconds.and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    moment.and_then(|moment| moment.format(&Rfc3339).ok()).unwrap_or_default()
}

/// Without what turns or hides text. Names of groups and targets are an operator's, not an agent's; this
/// holds should that ever change.
fn inert(text: &str) -> String {
    let bad = |c: char| c.is_control() || is_unseen(c);
    text.chars().take(LIMIT).map(|c| if bad(c) { '\u{fffd}' } else { c }).collect()
}

/// Characters of a fact.
const LIMIT: usize = 300;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::tests::event;

    #[test]
    fn a_webhook_is_sent_what_happened_and_nothing_that_an_agent_wrote() {
        let text = String::from_utf8(event().payload()).unwrap();
        let expected = concat!(
            r#"{"data":{"approvers":{"dba":2,"privacy":1},"class":"write","#,
            r#""expires":"2026-11-21T13:00:00Z","link":"https://approvals.example/r/1","#,
            r#""request":"0199c2a0-0000-7000-8000-000000000001","target":"shop"},"#,
            r#""timestamp":"2026-11-21T12:00:00Z","type":"approval.requested"}"#,
        );
        assert_eq!(text, expected);
    }

    #[test]
    fn a_message_has_one_id_however_often_it_is_told() {
        let (one, mut later) = (event(), event());
        later.at = Millis(one.at.0 + 60_000);
        assert_eq!(one.id(), later.id());
        assert_eq!(one.id().len(), 36);
        let decided =
            |state: &str| Event { kind: Kind::Decided, state: Some(state.into()), ..event() }.id();
        let ids = [one.id(), decided("withdrawn"), decided("refused")];
        assert!(ids.iter().collect::<std::collections::BTreeSet<_>>().len() == 3, "{ids:?}");
    }

    #[test]
    fn a_name_that_turns_text_around_does_not() {
        assert_eq!(inert("dba\u{202e}abd\n"), "dba\u{fffd}abd\u{fffd}");
        assert_eq!(inert("d\u{ad}b\u{e0041}a\u{3164}"), "d\u{fffd}b\u{fffd}a\u{fffd}");
        assert_eq!(inert(&"x".repeat(1000)).len(), LIMIT);
    }
}
