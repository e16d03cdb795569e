//! Azure: account keys, shared access keys and signatures, and secrets of applications.

use std::ops::Range;

use super::{
    Finding, Kind, base64,
    view::{BASE64, View},
};

/// Finds keys in base64: 64 bytes wherever they stand, 32 bytes behind a name that says what they
/// are.
pub(super) fn find(view: &View<'_>, word: &Range<usize>, found: &mut Vec<Finding>) {
    let mut at = word.start;
    while at < word.end {
        let end = view.run(at, BASE64);
        let padded = view.while_from(end, |byte| byte == b'=').min(end + 2);
        let range = at..padded;
        let is_key = match (end - at, padded - end) {
            (86, 2) => is_account_key(view, &range),
            (43, 1) => is_named(view, at),
            _ => false,
        };
        if is_key {
            found.push(view.finding(Kind::AzureKey, range));
        }
        at = padded.max(at + 1);
    }
}

/// The secret of an application: three characters, a digit, `Q~`, and 31 to 34 more.
pub(super) fn application_secret(view: &View<'_>, at: usize) -> Option<Range<usize>> {
    let start = at.checked_sub(4)?;
    let [.., digit] = *view.part(start..at) else { return None };
    let head = view.part(start..at - 1).iter().all(|byte| is_secret(*byte));
    if view.at(at + 1) != b'~' || !digit.is_ascii_digit() || !head {
        return None;
    }
    let rest = at + 2;
    let end = view.while_within(rest, 34, is_secret);
    (end - rest >= 31).then_some(start..end)
}

/// Whether 88 characters are the 64 bytes of a key: not text, and not the digest of a package.
fn is_account_key(view: &View<'_>, range: &Range<usize>) -> bool {
    let digest =
        view.part(range.start.saturating_sub(7)..range.start).eq_ignore_ascii_case(b"sha512-");
    let bytes = base64::decode(view.part(range.clone()));
    !digest && bytes.is_some_and(|bytes| bytes.len() == 64 && std::str::from_utf8(&bytes).is_err())
}

/// Whether `AccountKey=`, `SharedAccessKey=` or a signature's `sig=` stands before.
fn is_named(view: &View<'_>, start: usize) -> bool {
    NAMES
        .iter()
        .any(|name| view.part(start.saturating_sub(name.len())..start).eq_ignore_ascii_case(name))
}

fn is_secret(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~')
}

const NAMES: [&[u8]; 3] = [b"accesskey=", b"accountkey=", b"sig="];

#[cfg(test)]
mod tests {
    use crate::detect::{
        Kind,
        tests::{found, found_only},
    };

    // The key that every storage emulator has.
    const ACCOUNT: &str =
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    #[test]
    fn keys_of_accounts_and_of_buses_are_found() {
        assert_eq!(found(ACCOUNT), [(Kind::AzureKey, ACCOUNT)]);
        let setting = format!("AccountName=a;AccountKey={ACCOUNT};EndpointSuffix=x");
        assert_eq!(found(&setting), [(Kind::AzureKey, ACCOUNT)]);
        let key = "q7Fz1Lk9WbT/4xYcN0sVhGm2+RuEoJp8AdCi5BtXabc=";
        assert_eq!(found(&format!("SharedAccessKey={key}")), [(Kind::AzureKey, key)]);
        assert_eq!(found_only(Kind::AzureKey, key), [""; 0]);
        let key = "q7Fz1Lk9WbT%2F4xYcN0sVhGm2%2BRuEoJp8AdCi5BtXabc%3D";
        let link = format!("https://a.blob.core.windows.net/c?sv=1&sig={key}&sp=r");
        assert_eq!(found(&link), [(Kind::AzureKey, key)]);
    }

    #[test]
    fn the_secret_of_an_application_is_found() {
        let secret = "abc8Q~dEfGhIjKlMnOpQrStUvWxYz012345-_.~A";
        assert_eq!(found(secret), [(Kind::AzureKey, secret)]);
        let other = "abcdQ~dEfGhIjKlMnOpQrStUvWxYz012345-_.~A";
        assert_eq!(found_only(Kind::AzureKey, other), [""; 0]);
        assert_eq!(found("abc8Q~dEfGhIjKlMnOpQrStUvW"), []);
    }

    #[test]
    fn the_digest_of_a_package_is_not_a_key() {
        assert_eq!(found(&format!("\"integrity\": \"sha512-{ACCOUNT}\"")), []);
        assert_eq!(found_only(Kind::AzureKey, ACCOUNT.trim_end_matches('=')), [""; 0]);
    }
}
