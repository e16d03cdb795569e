//! Text in base64 or hexadecimal: decoded, looked at, and covered whole if anything is in it.

use std::ops::Range;

use super::{
    Finding, Hints, Kind, base64, look,
    view::{ALNUM, BASE64, BASE64_URL, HEX, TOKEN, View, is},
};

/// Looks into what a word may encode. `wrapped` is where the lines that were joined so far end.
pub(super) fn find(
    view: &View<'_>,
    word: &Range<usize>,
    depth: u8,
    wrapped: &mut usize,
    found: &mut Vec<Finding>,
) {
    let mut at = word.start;
    while at < word.end {
        let end = view.run(at, EITHER);
        if end - at >= TOKEN {
            segment(view, at..end, depth, wrapped, found);
        }
        at = end + 1;
    }
}

/// One run of base64's letters: as a whole with the lines below it, then piece by piece.
fn segment(
    view: &View<'_>,
    range: Range<usize>,
    depth: u8,
    wrapped: &mut usize,
    found: &mut Vec<Finding>,
) {
    let end = if range.start < *wrapped {
        padded(view, range.end)
    } else {
        wrapped_end(view, range.start)
    };
    *wrapped = end.max(*wrapped);
    if let Some(finding) = in_base64(view, range.start..end, depth) {
        return found.push(finding);
    }
    let mut at = range.start;
    while at < range.end {
        let end = view.run(at, ALNUM);
        if end - at >= TOKEN {
            hexadecimal(view, at..end, depth, found);
            // What stands between signs may be a path around an encoded name.
            if (at, end) != (range.start, range.end) {
                found.extend(in_base64(view, at..padded(view, end), depth));
            }
        }
        at = end + 1;
    }
}

/// The runs of hexadecimal digits in a piece; an `x` may stand before them.
fn hexadecimal(view: &View<'_>, piece: Range<usize>, depth: u8, found: &mut Vec<Finding>) {
    let mut at = piece.start;
    while at + TOKEN <= piece.end {
        let end = view.run(at, HEX);
        found.extend(in_hex(view, at..end, depth));
        at = end + 1;
    }
}

/// Where base64 that begins at `start` ends, with its padding, across lines of full length.
pub(super) fn wrapped_end(view: &View<'_>, start: usize) -> usize {
    let mut line = start;
    loop {
        let end = view.run(line, EITHER);
        let next = view.while_from(end, |byte| matches!(byte, b'\r' | b'\n'));
        // PEM and MIME cut lines at 64 and 76; SQL's encode() at 76.
        let full = end - line >= 60 && (1..=2).contains(&(next - end));
        if !full || !is(view.at(next), EITHER) {
            return padded(view, end);
        }
        line = next;
    }
}

fn padded(view: &View<'_>, end: usize) -> usize {
    view.while_from(end, |byte| byte == b'=').min(end + 2)
}

fn in_base64(view: &View<'_>, range: Range<usize>, depth: u8) -> Option<Finding> {
    let text = view.part(range.clone());
    let head = base64::first_three(text)?;
    if head == GZIP && text.len() >= PACKED {
        return Some(view.finding(Kind::Gzip, range));
    }
    // Most of what looks like base64 is not: its first bytes are not text.
    if !is_text(&head) || !is_text(&base64::decode(text.get(..TOKEN)?)?) {
        return None;
    }
    inside(view, range.clone(), &base64::decode(text)?, depth)
}

/// Pairs of hexadecimal digits.
fn in_hex(view: &View<'_>, range: Range<usize>, depth: u8) -> Option<Finding> {
    let digits = view.part(range.clone());
    let head = digits.get(..TOKEN)?;
    let first = pair(head.get(..2)?)?;
    if first == GZIP[0] && digits.len() >= PACKED && unhex(head)?.starts_with(&GZIP) {
        return Some(view.finding(Kind::Gzip, range));
    }
    if digits.len().is_multiple_of(2)
        && view.part(range.start.saturating_sub(2)..range.start) == b"\\x"
    {
        return in_bytes(view, range, &unhex(digits)?, depth);
    }
    // As above; digits themselves would be control characters.
    if !digits.len().is_multiple_of(2) || !is_text(&[first]) || !is_text(&unhex(head)?) {
        return None;
    }
    inside(view, range, &unhex(digits)?, depth)
}

/// What the bytes of a `bytea` hold, wherever in them text stands.
fn in_bytes(view: &View<'_>, range: Range<usize>, bytes: &[u8], depth: u8) -> Option<Finding> {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.push(if chunk.invalid().is_empty() { ' ' } else { '\u{1a}' });
    }
    let kind = look(&text, Hints::default(), depth.saturating_sub(1)).first()?.kind;
    Some(view.finding(kind, range))
}

fn unhex(digits: &[u8]) -> Option<Vec<u8>> {
    digits.chunks_exact(2).map(pair).collect()
}

fn pair(digits: &[u8]) -> Option<u8> {
    let nibble = |digit: u8| char::from(digit).to_digit(16);
    let [high, low] = *digits else { return None };
    u8::try_from(nibble(high)? << 4 | nibble(low)?).ok()
}

/// What the decoded bytes hold, as far as they are text.
fn inside(view: &View<'_>, range: Range<usize>, decoded: &[u8], depth: u8) -> Option<Finding> {
    let text = match std::str::from_utf8(decoded) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(decoded.get(..error.valid_up_to())?).ok()?,
    };
    let kind = look(text, Hints::default(), depth.saturating_sub(1)).first()?.kind;
    Some(view.finding(kind, range))
}

const EITHER: u16 = BASE64 | BASE64_URL;

/// How every gzip begins (RFC 1952, section 2.3): its magic and its only method.
const GZIP: [u8; 3] = [0x1f, 0x8b, 8];

/// An empty one has twenty bytes.
const PACKED: usize = 24;

/// Whether bytes can begin a text: UTF-8, perhaps cut in a character, without control characters.
pub(super) fn is_text(head: &[u8]) -> bool {
    let control = |byte: &u8| *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
    if head.iter().any(control) {
        return false;
    }
    match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::{Kind, tests::found};

    #[test]
    fn what_is_encoded_is_covered_whole() {
        for (text, kind) in [
            ("YW5uQGV4YW1wbGUuY29t", Kind::Email),
            ("Y2FyZCA0MTExMTExMTExMTExMTEx", Kind::Card),
            ("MTIzLTQ1LTY3ODk=", Kind::Ssn),
            ("616e6e406578616d706c652e636f6d", Kind::Email),
            ("3132332D34352D36373839", Kind::Ssn),
            // Twice.
            ("WVc1dVFHVjRZVzF3YkdVdVkyOXQ=", Kind::Email),
        ] {
            assert_eq!(found(text), [(kind, text)]);
            assert_eq!(found(&format!("https://host/a/{text}?x")), [(kind, text)]);
            assert_eq!(found(&format!("data:text/plain;base64,{text}")), [(kind, text)]);
        }
        assert_eq!(found("\\x616e6e406578616d706c652e636f6d").len(), 1);
    }

    #[test]
    fn text_between_other_bytes_is_found_in_what_is_shown_as_bytes() {
        let bytes = "\\x00ff01616e6e406578616d706c652e636f6d00fe";
        let (_, digits) = bytes.split_at(2);
        assert_eq!(found(bytes), [(Kind::Email, digits)]);
        assert_eq!(found(digits), []);
    }

    #[test]
    fn what_is_compressed_is_covered_whole() {
        let packed = "H4sIAAAAAAAAA0vMS9EzBADIbHkkBAAAAA==";
        assert_eq!(found(packed), [(Kind::Gzip, packed)]);
        let (bytes, digits) = ("\\x", "1f8b08000000000000034bcc4bd13304");
        assert_eq!(found(&format!("{bytes}{digits}")), [(Kind::Gzip, digits)]);
    }

    #[test]
    fn base64_in_lines_is_covered_to_its_last_line() {
        // 60 bytes of text, an address across the end of the line, and more.
        let text = "TG9yZW0gaXBzdW0gZG9sb3Igc2l0IGFtZXQsIGNvbnNlY3RldHVyIGFkaXAgYW5uLnNtaXRo\nQGV4YW1wbGUuY29tIGFuZCBtb3Jl";
        assert_eq!(found(text), [(Kind::Email, text)]);
    }

    #[test]
    fn digests_and_words_are_not_encoded_text() {
        for text in [
            "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "internationalization/of/everything",
            "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12",
            "018f3c2a-7b1d-7c3e-9f00-1234567890ab",
        ] {
            assert_eq!(found(text), []);
        }
    }
}
