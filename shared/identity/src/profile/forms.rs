//! What ids of issuers look like.

/// A GUID as Entra writes it (RFC 9562, 4, in lower case).
pub(super) fn guid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|b| b == b'-' || is_hex(b))
}

/// A number as issuers write ids: digits in a text.
pub(super) fn digits(text: &str) -> bool {
    !text.is_empty() && text.len() <= 20 && text.bytes().all(|b| b.is_ascii_digit())
}

/// The number of an AWS account.
pub(super) fn account(text: &str) -> bool {
    text.len() == 12 && digits(text)
}

/// The name of an object in Kubernetes: a subdomain of RFC 1123.
pub(super) fn object_name(text: &str) -> bool {
    let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.');
    !text.is_empty() && text.len() <= 253 && text.bytes().all(letter)
}

/// The name of a namespace: a label of RFC 1123.
pub(super) fn label(text: &str) -> bool {
    object_name(text) && text.len() <= 63 && !text.contains('.')
}

fn is_hex(b: u8) -> bool {
    b.is_ascii_digit() || matches!(b, b'a'..=b'f')
}
