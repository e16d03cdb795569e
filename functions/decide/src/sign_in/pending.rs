//! A sign-in that was begun: what has to be the same when it is finished.

use oauth2::PkceCodeVerifier;
use request::json;
use serde_json::{Value, json};

use crate::shelf::members;

/// Kept in our store from the moment that somebody leaves until they come back.
pub(super) struct Pending {
    pub(super) state: String,
    pub(super) nonce: String,
    pub(super) verifier: PkceCodeVerifier,
    /// Where they wanted to go; a path of ours.
    pub(super) to: String,
}

impl Pending {
    /// How long somebody may take to sign in, in seconds: 10 minutes.
    pub(super) const LIFE_S: u64 = 600;

    pub(super) fn kept(&self, until_s: u64) -> Vec<u8> {
        json::canonical(&json!({
            "nonce": self.nonce,
            "state": self.state,
            "to": self.to,
            "until": until_s,
            "verifier": self.verifier.secret(),
        }))
    }

    pub(super) fn read(kept: &[u8], now_s: u64) -> Option<Self> {
        let members = members(kept)?;
        let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
        if members.get("until")?.as_u64()? <= now_s {
            return None;
        }
        Some(Self {
            state: text("state")?,
            nonce: text("nonce")?,
            verifier: super::verifier(text("verifier")?),
            to: text("to")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_is_read_as_it_was_kept_until_its_time_is_over() {
        let verifier = super::super::verifier("v".repeat(43));
        let pending = Pending { state: "s".into(), nonce: "n".into(), verifier, to: "/".into() };
        let kept = pending.kept(1600);
        let read = Pending::read(&kept, 1599).unwrap();
        assert_eq!((read.state, read.nonce, read.to), ("s".into(), "n".into(), "/".into()));
        assert_eq!(read.verifier.secret(), &"v".repeat(43));
        assert!(Pending::read(&kept, 1600).is_none());
        assert!(Pending::read(b"-", 0).is_none());
    }
}
