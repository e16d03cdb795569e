//! Private keys: between the lines of PEM (RFC 7468), and without them.

use std::ops::Range;

use super::{Finding, Kind, base64, encoded, masks::Block, view::View};

/// The keys found so far.
#[derive(Default)]
pub(super) struct Keys {
    /// What is before it was looked at.
    from: usize,
    pub(super) found: Vec<Finding>,
}

impl Keys {
    /// Finds every `-----BEGIN … PRIVATE KEY…-----`, up to its end or, if that is missing, to the
    /// end of the text.
    pub(super) fn block(&mut self, view: &View<'_>, block: &Block) {
        let mut dashes = places(block);
        while dashes != 0 {
            let begin = (block.place(dashes) + 1).saturating_sub(5);
            if begin >= self.from && view.part(begin..begin + BEGIN.len()) == BEGIN {
                self.begin(view, begin);
            }
            dashes &= dashes.wrapping_sub(1);
        }
    }

    fn begin(&mut self, view: &View<'_>, start: usize) {
        self.from = start + BEGIN.len();
        let label = view.while_from(self.from, is_label);
        if !ends_in_key(view.part(self.from..label)) {
            return;
        }
        let end = position(view, label, END).map_or(view.bytes().len(), |end| {
            let label = view.while_from(end + END.len(), is_label);
            view.while_from(label, |byte| byte == b'-').min(label + 5)
        });
        self.found.push(view.finding(Kind::PrivateKey, start..end));
        self.from = end;
    }
}

/// The dashes that are the last of several, as far as the block tells.
pub(super) fn places(block: &Block) -> u64 {
    let dashes = block.now.dash;
    dashes & block.after_dash() & !(dashes >> 1)
}

/// The base64 of a key whose lines were cut off: PKCS #8, PKCS #1, SEC 1 or OpenSSH's own form.
pub(super) fn bare(view: &View<'_>, at: usize) -> Option<Range<usize>> {
    if view.before(at).is_ascii_alphanumeric() || !is_key(view.part(at..at + 20)) {
        return None;
    }
    let end = encoded::wrapped_end(view, at);
    (end - at >= SHORTEST).then_some(at..end)
}

/// Whether 20 characters begin a key: a DER sequence whose first member is the version 0, 1 or 2,
/// where a certificate has another sequence, or OpenSSH's magic.
fn is_key(head: &[u8]) -> bool {
    let decoded = base64::decode(head).unwrap_or_default();
    let body = match decoded.as_slice() {
        [0x30, 0x82, _, _, body @ ..] | [0x30, 0x81, _, body @ ..] => body,
        [0x30, 0..=0x7f, body @ ..] => body,
        magic => return magic.starts_with(b"openssh-key-v1"),
    };
    // After the version: an algorithm, a modulus, or the octets of a curve's key.
    matches!(body, [2, 1, 0..=2, 0x30 | 0x02 | 0x04, ..])
}

fn ends_in_key(label: &[u8]) -> bool {
    let label = label.trim_ascii();
    let label = label.strip_suffix(b" BLOCK").unwrap_or(label);
    label.ends_with(b"PRIVATE KEY")
}

fn is_label(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b' '
}

/// Where `wanted`, which begins with five dashes, stands next. Looking at every fifth character
/// finds one of them.
fn position(view: &View<'_>, from: usize, wanted: &[u8]) -> Option<usize> {
    let bytes = view.bytes();
    let mut at = from + 4;
    while let Some(byte) = bytes.get(at) {
        if *byte == b'-' && (view.before(at) == b'-' || view.at(at + 1) == b'-') {
            let start = view.while_before(at, 4, |byte| byte == b'-').max(from);
            let dashes = view.while_from(at, |byte| byte == b'-');
            // More than five dashes: the last five count.
            let start = start.max(dashes.saturating_sub(5));
            if view.part(start..start + wanted.len()) == wanted {
                return Some(start);
            }
            at = dashes;
        }
        at += 5;
    }
    None
}

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";

/// An Ed25519 key in PKCS #8 has 64 characters.
const SHORTEST: usize = 60;

#[cfg(test)]
mod tests {
    use crate::detect::{Kind, tests::found_only};

    // RFC 8410, section 10.3.
    const BODY: &str = "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC";

    fn found(text: &str) -> Vec<&str> {
        found_only(Kind::PrivateKey, text)
    }

    #[test]
    fn a_key_is_found_between_its_lines_and_to_the_end_without_the_last() {
        for label in
            ["PRIVATE KEY", "RSA PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK"]
        {
            let key = format!("-----BEGIN {label}-----\n{BODY}\n-----END {label}-----");
            assert_eq!(found(&key), [&key]);
            assert_eq!(found(&format!("a\n{key}\nb")), [&key]);
            assert_eq!(found(&format!("a\n{key}\n{key}")), [&key, &key]);
            let (cut, _) = key.split_at(40);
            assert_eq!(found(&format!("---{cut}")), [cut]);
            let escaped = key.replace('\n', "\\n");
            assert_eq!(found(&escaped), [&escaped]);
        }
    }

    #[test]
    fn a_key_without_its_lines_is_found() {
        assert_eq!(found(BODY), [BODY]);
        let ssh = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW";
        assert_eq!(found(ssh), [ssh]);
    }

    #[test]
    fn certificates_and_public_keys_are_not_private() {
        // A public key in PKCS #1 begins with its modulus.
        let bare = "MIIBCgKCAQEAq7Fz1Lk9WbT4xYcN0sVhGm2RuEoJp8AdCi5BtXq7Fz1Lk9WbT4xYcN0sV";
        assert_eq!(found(bare), [""; 0]);
        let certificate = "-----BEGIN CERTIFICATE-----\nMIIDazCCAlOgAwIBAgIUJlq+zz9CO2E91rlD4vhWX0CX1V4wDQYJKoZIhvcNAQEL\n-----END CERTIFICATE-----";
        assert_eq!(found(certificate), [""; 0]);
        assert_eq!(
            found(
                "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----"
            ),
            [""; 0]
        );
    }
}
