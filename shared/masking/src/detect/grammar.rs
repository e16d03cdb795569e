//! The grammar of JSON's strings and numbers (RFC 8259).

/// How long the inside of a string is, if it is well formed up to its quote.
pub(super) fn string_length(rest: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let part = rest.get(at..)?;
        at += part.iter().position(|byte| matches!(byte, b'"' | b'\\' | ..b' '))?;
        match rest.get(at..)? {
            [b'"', ..] => return Some(at),
            [b'\\', b'u', digits @ ..] => {
                let digits = digits.get(..4)?;
                at += digits.iter().all(u8::is_ascii_hexdigit).then_some(6)?;
            }
            [b'\\', b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => at += 2,
            _ => return None,
        }
    }
}

/// How long a number is, by the grammar of RFC 8259, section 6.
pub(super) fn number_length(rest: &[u8]) -> Option<usize> {
    let digits = |from: usize| {
        let rest = rest.get(from..).unwrap_or_default();
        from + rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
    };
    let start = usize::from(rest.first() == Some(&b'-'));
    let whole = digits(start);
    let mut end = whole;
    if whole == start || (rest.get(start) == Some(&b'0') && whole > start + 1) {
        return None;
    }
    if rest.get(end) == Some(&b'.') {
        end = Some(digits(end + 1)).filter(|fraction| *fraction > end + 1)?;
    }
    if matches!(rest.get(end), Some(b'e' | b'E')) {
        let sign = end + 1 + usize::from(matches!(rest.get(end + 1), Some(b'+' | b'-')));
        end = Some(digits(sign)).filter(|power| *power > sign)?;
    }
    Some(end)
}
