//! Bytes as a token's parts: which issuer's, the header, the claims.

/// What the bytes ask for. The first one chooses among the ways of a target; the others are what goes
/// that way.
pub(crate) fn way(data: &[u8], ways: usize) -> (usize, &[u8]) {
    match data.split_first() {
        // The letters from `a` on, so that seeds can be read.
        Some((first, rest)) => (usize::from(first.wrapping_sub(b'a')) % ways, rest),
        None => (0, data),
    }
}

/// The part before the first line's end, if there is one, and the part behind it.
pub(crate) fn halves(data: &[u8]) -> (Option<&[u8]>, &[u8]) {
    let mut halves = data.splitn(2, |byte| *byte == b'\n');
    match (halves.next(), halves.next()) {
        (Some(first), Some(second)) => (Some(first), second),
        _ => (None, data),
    }
}

/// As much as a request could bring along: the gateway in front of us takes no more.
pub(crate) fn text(data: &[u8]) -> String {
    String::from_utf8_lossy(data).into_owned()
}
