//! Base64url in its one canonical spelling: no padding, no loose bits at the end (RFC 4648, 3.5).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// The bytes, if `text` is exactly how they are written.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    // The engine refuses padding and loose bits already; this holds if its defaults ever change.
    (URL_SAFE_NO_PAD.encode(&bytes) == text).then_some(bytes)
}

/// The one way to write these bytes.
pub(crate) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_stands_for_the_bytes_and_no_other() {
        assert_eq!(decode("-_8"), Some(vec![0xfb, 0xff]));
        for other in ["-_9", "-_8=", "+/8", "-_8\n", " -_8", "-", "-_8A="] {
            assert_eq!(decode(other), None, "{other:?}");
        }
    }
}
