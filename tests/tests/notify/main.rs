//! The receivers of others believe our webhooks, and nothing that was changed on the way:
//! `standardwebhooks` in Python and in Node.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

// The very file of the function that sends them, which has no use for others.
#[path = "../../../functions/decide/src/notify/sign.rs"]
mod sign;

mod others;

use std::time::{SystemTime, UNIX_EPOCH};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use others::{ALL, Receiver};

/// A message as it arrives: its headers and its body, and the key that the receiver was given.
struct Message {
    id: String,
    second: u64,
    signature: String,
    body: String,
    key: String,
}

impl Message {
    /// A good one, sent just now.
    fn of(body: &str, key: &str) -> Self {
        Self::sent(now(), body, key)
    }

    fn sent(second: u64, body: &str, key: &str) -> Self {
        let id = "msg_0123456789abcdef0123456789abcdef".to_owned();
        let signing = sign::SigningKey::parse(key).unwrap();
        let signature = signing.signature(&id, second, body.as_bytes()).unwrap();
        Self { id, second, signature, body: body.to_owned(), key: key.to_owned() }
    }

    fn told(&self) -> Value {
        let headers = json!({
            "webhook-id": self.id,
            "webhook-timestamp": self.second.to_string(),
            "webhook-signature": self.signature,
        });
        json!({ "headers": headers, "body": self.body, "key": self.key })
    }
}

#[expect(clippy::disallowed_methods, reason = "the receivers have no other clock")]
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

fn key(bytes: usize) -> String {
    let bytes: Vec<u8> = (0..bytes).map(|n| (n * 37 % 251) as u8).collect();
    format!("whsec_{}", STANDARD.encode(bytes))
}

fn believed(receiver: Receiver, messages: &[Message]) -> Vec<bool> {
    receiver.judges(&messages.iter().map(Message::told).collect())
}

#[test]
fn each_receiver_believes_what_was_signed() {
    let long =
        json!({ "type": "approval.requested", "data": { "note": "línea 🦀 ".repeat(4000) } });
    let bodies = [r#"{"type":"a","data":{}}"#.to_owned(), long.to_string()];
    let messages: Vec<Message> = [24, 32, 33, 64]
        .iter()
        .flat_map(|bytes| bodies.iter().map(move |body| Message::of(body, &key(*bytes))))
        .collect();
    for receiver in ALL {
        assert_eq!(believed(receiver, &messages), vec![true; messages.len()], "{receiver:?}");
    }
}

#[test]
fn no_receiver_believes_what_was_changed_or_kept() {
    let good =
        || Message::of(r#"{"type":"approval.decided","data":{"state":"refused"}}"#, &key(32));
    let other = Message::of("{}", &key(32)).signature;
    let messages = [
        Message { body: good().body.replace("refused", "approved"), ..good() },
        Message { body: format!("{} ", good().body), ..good() },
        Message { id: "msg_1".into(), ..good() },
        Message { second: good().second - 1, ..good() },
        Message { signature: other, ..good() },
        Message { signature: good().signature.replace("v1,", "v1a,"), ..good() },
        Message { key: key(33), ..good() },
        Message::sent(now() - 3600, &good().body, &key(32)),
    ];
    for receiver in ALL {
        assert_eq!(believed(receiver, &[good()]), [true], "{receiver:?}");
        assert_eq!(believed(receiver, &messages), vec![false; messages.len()], "{receiver:?}");
    }
}
