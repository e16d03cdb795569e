//! Text behind escapes: percent, backslash and HTML's, and the strings of JSON.

use std::{borrow::Cow, ops::Range};

use super::{
    Finding, Hints, look,
    view::{ESCAPE, is},
};

/// Looks at what the escapes of a text spell. A finding covers the escapes that spell it.
pub(super) fn find(text: &str, hints: Hints, depth: u8, found: &mut Vec<Finding>) {
    let mut from = 0;
    while let Some(around) = next_escapes(text, from) {
        from = around.end;
        let part = text.get(around.clone()).unwrap_or_default();
        for Finding { kind, range } in Plain::read(part, escape).findings(hints, depth - 1) {
            let range = around.start + range.start..around.start + range.end;
            found.push(Finding { kind, range });
        }
    }
}

/// The next escapes that stand near each other, and the text around them: one escape in a book does
/// not have the book read twice.
fn next_escapes(text: &str, from: usize) -> Option<Range<usize>> {
    let mut last = next_escape(text, from)?;
    let start = text.floor_char_boundary(last.saturating_sub(AROUND));
    while let Some(next) = next_escape(text, last + 1)
        && next - last <= AROUND
    {
        last = next;
    }
    Some(start..text.ceil_char_boundary(last + AROUND))
}

fn next_escape(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| is(*byte, ESCAPE))?;
        if escape(bytes.get(at..)?).is_some() {
            return Some(at);
        }
        at += 1;
    }
}

/// Looks at what the inside of a JSON string spells; it must be valid.
pub(super) fn find_in_string(inside: &str, hints: Hints, depth: u8) -> Vec<Finding> {
    if inside.contains('\\') {
        Plain::read(inside, json_escape).findings(hints, depth)
    } else {
        look(inside, hints, depth)
    }
}

/// What one escape spells, and how many bytes it takes.
type Escape = (Spelt, usize);

enum Spelt {
    Byte(u8),
    Char(char),
}

/// A text without its escapes.
struct Plain {
    bytes: Vec<u8>,
    /// Where each byte came from.
    spans: Vec<Range<usize>>,
}

impl Plain {
    fn read(text: &str, escape: fn(&[u8]) -> Option<Escape>) -> Self {
        let bytes = text.as_bytes();
        let (room, spans) = (Vec::with_capacity(bytes.len()), Vec::with_capacity(bytes.len()));
        let mut plain = Self { bytes: room, spans };
        let mut at = 0;
        while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
            let rest = bytes.get(at..).unwrap_or_default();
            let spelt = rest.first().filter(|byte| is(**byte, ESCAPE)).and_then(|_| escape(rest));
            let (spelt, length) = spelt.unwrap_or((Spelt::Char(c), c.len_utf8()));
            plain.push(spelt, at..at + length);
            at += length;
        }
        plain
    }

    fn push(&mut self, spelt: Spelt, span: Range<usize>) {
        match spelt {
            Spelt::Byte(byte) => {
                self.bytes.push(byte);
                self.spans.push(span);
            }
            Spelt::Char(c) => {
                for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                    self.bytes.push(byte);
                    self.spans.push(span.clone());
                }
            }
        }
    }

    fn findings(&self, hints: Hints, depth: u8) -> Vec<Finding> {
        look(&self.text(), hints, depth)
            .into_iter()
            .filter_map(|found| self.source(found))
            .collect()
    }

    /// The text; bytes that are not UTF-8 read as a question mark each, so that no byte moves.
    fn text(&self) -> Cow<'_, str> {
        if let Ok(text) = std::str::from_utf8(&self.bytes) {
            return Cow::Borrowed(text);
        }
        let mut text = String::with_capacity(self.bytes.len());
        for chunk in self.bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            text.extend(chunk.invalid().iter().map(|_| '?'));
        }
        Cow::Owned(text)
    }

    fn source(&self, Finding { kind, range }: Finding) -> Option<Finding> {
        let first = self.spans.get(range.start)?;
        let last = self.spans.get(range.end.checked_sub(1)?)?;
        Some(Finding { kind, range: first.start..last.end })
    }
}

fn escape(rest: &[u8]) -> Option<Escape> {
    match rest {
        [b'%', high, low, ..] => Some((Spelt::Byte(pair(*high, *low)?), 3)),
        [b'\\', b'x' | b'X', high, low, ..] => Some((Spelt::Byte(pair(*high, *low)?), 4)),
        [b'\\', a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', ..] => {
            let value = u32::from(a - b'0') << 6 | u32::from(b - b'0') << 3 | u32::from(c - b'0');
            Some((Spelt::Byte(u8::try_from(value).ok()?), 4))
        }
        [b'\\', ..] => json_escape(rest),
        [b'&', b'#', rest @ ..] => reference(rest),
        [b'&', rest @ ..] => NAMED.iter().find_map(|(name, c)| {
            rest.starts_with(name).then_some((Spelt::Char(*c), name.len() + 1))
        }),
        _ => None,
    }
}

/// The escapes of RFC 8259, section 7. Half a pair of surrogates spells nothing that can be read.
fn json_escape(rest: &[u8]) -> Option<Escape> {
    let [b'\\', letter, rest @ ..] = rest else { return None };
    let plain = match letter {
        b'u' => return unicode(rest),
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'"' | b'\\' | b'/' | b'\'' => char::from(*letter),
        _ => return None,
    };
    Some((Spelt::Char(plain), 2))
}

fn unicode(rest: &[u8]) -> Option<Escape> {
    let high = number(rest.get(..4)?, 16)?;
    if let Some(c) = char::from_u32(high) {
        return Some((Spelt::Char(c), 6));
    }
    let low = match rest.get(4..10) {
        Some([b'\\', b'u', digits @ ..]) => number(digits, 16),
        _ => None,
    };
    match low {
        Some(low @ 0xdc00..=0xdfff) if high < 0xdc00 => {
            let code = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
            Some((Spelt::Char(char::from_u32(code)?), 12))
        }
        _ => Some((Spelt::Char(char::REPLACEMENT_CHARACTER), 6)),
    }
}

/// `&#52;` and `&#x34;`, with or without the semicolon.
fn reference(rest: &[u8]) -> Option<Escape> {
    let (digits, base, head) = match rest {
        [b'x' | b'X', digits @ ..] => (digits, 16, 3),
        digits => (digits, 10, 2),
    };
    let is_digit = |byte: &u8| char::from(*byte).is_digit(base);
    let length = digits.iter().take(LONGEST).take_while(|byte| is_digit(byte)).count();
    let c = char::from_u32(number(digits.get(..length)?, base)?)?;
    let closed = usize::from(digits.get(length) == Some(&b';'));
    Some((Spelt::Char(c), head + length + closed))
}

fn pair(high: u8, low: u8) -> Option<u8> {
    u8::try_from(number(&[high, low], 16)?).ok()
}

fn number(digits: &[u8], base: u32) -> Option<u32> {
    let add = |sum: u32, digit: &u8| Some(sum * base + char::from(*digit).to_digit(base)?);
    if digits.is_empty() { None } else { digits.iter().try_fold(0, add) }
}

/// How much text around an escape is looked at, in bytes. Only a token could be longer, and a token
/// holds no escapes but in its padding.
const AROUND: usize = 4096;

/// `&#x0010FFFF;` has eight digits, and eight fit 32 bits in either base.
const LONGEST: usize = 7;

const NAMED: [(&[u8], char); 6] = [
    (b"commat;", '@'),
    (b"period;", '.'),
    (b"nbsp;", ' '),
    (b"hyphen;", '-'),
    (b"ndash;", '-'),
    (b"amp;", '&'),
];

#[cfg(test)]
mod tests {
    use crate::detect::{Kind, scan};

    #[test]
    fn a_finding_behind_escapes_covers_the_escapes() {
        for text in [
            "ann%40example.com",
            "%61%6e%6e%40%65xample%2Ecom",
            "ann%2540example.com",
            "ann\\u0040example.com",
            "\\x61nn\\x40example.com",
            "ann\\100example.com",
            "ann&#64;example.com",
            "ann&#x40;example&period;com",
            "ann%EF%BC%A0example.com",
            "ann&amp;#64;example.com",
            "ann\\\\u0040example.com",
        ] {
            let found = scan(&format!("to={text}&x=1"));
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!((found[0].kind, found[0].range.clone()), (Kind::Email, 3..3 + text.len()));
        }
    }

    #[test]
    fn a_card_in_a_form_is_found() {
        for text in
            ["4111+1111%201111+1111", "%34111111111111111", "4111%C2%A01111%C2%A01111%C2%A01111"]
        {
            assert_eq!(scan(text)[0].kind, Kind::Card, "{text}");
        }
    }

    #[test]
    fn broken_escapes_are_text() {
        for text in [
            "100%",
            "%zz%4",
            "\\",
            "\\u12",
            "&#;",
            "&#x;",
            "\\ud800 ",
            "%ff%fe",
            "a%F0%9F",
            "&#99999999;",
        ] {
            assert_eq!(scan(&format!("some text {text}")), []);
        }
    }
}
