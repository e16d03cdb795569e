//! Signatures of webhooks, as Standard Webhooks has them (standardwebhooks.com, 1.0.0).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

/// The key of one receiver's messages. It has no `Debug`, and its memory is wiped.
pub(crate) struct SigningKey(Zeroizing<Vec<u8>>);

impl SigningKey {
    /// Reads a key as it is handed out: `whsec_`, then 24 to 64 bytes in base64. A `whsk_` is half of a
    /// pair and signs otherwise (`v1a`): as a key of this kind it would be as good as published.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(STANDARD.decode(text.strip_prefix(START)?).ok()?);
        BYTES.contains(&bytes.len()).then_some(Self(bytes))
    }

    /// The value of `webhook-signature` for a message with this id, sent at this second.
    pub(crate) fn signature(&self, id: &str, second: u64, body: &[u8]) -> Option<String> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        // Neither an id of ours nor a number has a full stop: no two messages are signed alike.
        mac.update(format!("{id}.{second}.").as_bytes());
        mac.update(body);
        Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
    }
}

const START: &str = "whsec_";
/// 192 to 512 bits.
const BYTES: std::ops::RangeInclusive<usize> = 24..=64;

#[cfg(test)]
mod tests {
    use super::*;

    fn key(bytes: usize) -> String {
        format!("{START}{}", STANDARD.encode(vec![7; bytes]))
    }

    #[test]
    fn a_key_is_of_its_kind_and_of_a_length_that_is_safe() {
        assert!([24, 32, 64].into_iter().all(|bytes| SigningKey::parse(&key(bytes)).is_some()));
        let public = key(32).replace(START, "whpk_");
        let pair = key(32).replace(START, "whsk_");
        for bad in [&key(23), &key(65), &public, &pair, "", START, &key(32).replace("Bw", "!!")] {
            assert!(SigningKey::parse(bad).is_none(), "{bad}");
        }
    }
}
