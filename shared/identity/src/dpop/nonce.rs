//! Nonces that any instance of a deployment can make and check without asking another one.

use hmac::{Hmac, KeyInit, Mac};
use request::Millis;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::base64url;

/// Seconds for which the same nonce is given out.
const WINDOW_S: u64 = 60;
/// Seconds for which one is good, at most: its own window and the one after it.
pub(super) const AGE_S: u64 = 2 * WINDOW_S;
/// What the key is used for here, should it ever be used for something else.
const PURPOSE: &[u8] = b"postern dpop nonce 1\0";

/// The nonces of one deployment (RFC 9449, 8): an HMAC-SHA256 over its name and the minute. Those of
/// this minute and the one before are good, made with this key or the one before it.
///
/// A nonce says that a proof was made lately. That the proof is used once is not its business, so it
/// may be the same for everybody.
pub struct Nonces {
    deployment: String,
    current: Zeroizing<[u8; 32]>,
    previous: Option<Zeroizing<[u8; 32]>>,
}

impl Nonces {
    /// For the deployment of this name, with 32 random bytes, and those that were used before them.
    #[must_use]
    pub fn new(
        deployment: &str,
        current: Zeroizing<[u8; 32]>,
        previous: Option<Zeroizing<[u8; 32]>>,
    ) -> Self {
        Self { deployment: deployment.to_owned(), current, previous }
    }

    /// The nonce to give to a client now.
    #[must_use]
    pub fn fresh(&self, now: Millis) -> String {
        let mac = self.mac(&self.current, window(now));
        base64url::encode(&mac.finalize().into_bytes())
    }

    /// Whether this is one of ours and good still.
    pub(crate) fn accepts(&self, text: &str, now: Millis) -> bool {
        let Some(tag) = base64url::decode(text) else { return false };
        let keys = || std::iter::once(&self.current).chain(&self.previous);
        let windows = [Some(window(now)), window(now).checked_sub(1)];
        // `verify_slice` takes as long for a tag that is nearly right as for any other.
        windows
            .into_iter()
            .flatten()
            .any(|window| keys().any(|key| self.mac(key, window).verify_slice(&tag).is_ok()))
    }

    fn mac(&self, key: &[u8; 32], window: u64) -> Hmac<Sha256> {
        // A key of less than a block is filled up with zeros (RFC 2104, 2).
        let mut block = Zeroizing::new([0; 64]);
        block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
        let mut mac = Hmac::<Sha256>::new((&*block).into());
        mac.update(PURPOSE);
        // A fixed length before the one that varies: no two inputs meet.
        mac.update(&window.to_be_bytes());
        mac.update(self.deployment.as_bytes());
        mac
    }
}

fn window(now: Millis) -> u64 {
    now.seconds() / WINDOW_S
}
