//! A text as the detectors see it: one byte a character, each knowing where it came from.

use std::{borrow::Cow, ops::Range};

use super::{Finding, Kind, unicode};

/// Stands for a letter outside of ASCII. Detectors take every byte from here on for a letter, so
/// that most text that is not ASCII can be looked at without being copied.
pub(super) const LETTER: u8 = 0x80;

/// Stands for a character that is neither letter nor digit nor anything else we know.
pub(super) const OTHER: u8 = 0x1a;

/// What kinds of bytes a text is made of: enough to know which detectors have nothing to do.
#[derive(Clone, Copy, Default)]
pub(super) struct Seen {
    classes: u16,
    digits: usize,
    length: usize,
}

impl Seen {
    /// Reads the text once.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut seen = Self { length: bytes.len(), ..Self::default() };
        for &byte in bytes {
            let class = class(byte);
            seen.classes |= class;
            // A digit is the lowest class, and no text has more digits than bytes.
            seen.digits = seen.digits.wrapping_add(usize::from(class & DIGIT));
        }
        seen
    }

    /// Whether no detector could find anything: the shortest token is 12 bytes long, and everything
    /// shorter needs an `@` or nine digits.
    pub(super) fn nothing(self) -> bool {
        self.length < SHORTEST
            || (self.length < TOKEN && self.digits < 9 && self.classes & (AT | ESCAPE | FOLD) == 0)
    }

    pub(super) fn digits(self) -> usize {
        self.digits
    }

    pub(super) fn at_sign(self) -> bool {
        self.classes & AT != 0
    }

    pub(super) fn dash(self) -> bool {
        self.classes & DASH != 0
    }

    pub(super) fn escapes(self) -> bool {
        self.classes & ESCAPE != 0
    }
}

/// The text, folded to one byte a character where it holds characters that look like others.
pub(super) struct View<'a> {
    bytes: Cow<'a, [u8]>,
    /// Where each byte came from; empty when the bytes are the text itself.
    spans: Vec<Range<usize>>,
    seen: Seen,
}

impl<'a> View<'a> {
    pub(super) fn of(text: &'a str, seen: Seen) -> Self {
        if seen.classes & FOLD == 0 {
            return Self { bytes: Cow::Borrowed(text.as_bytes()), spans: Vec::new(), seen };
        }
        let mut bytes = Vec::with_capacity(text.len());
        let mut spans = Vec::with_capacity(text.len());
        for (at, c) in text.char_indices() {
            if let Some(byte) = unicode::fold(c) {
                bytes.push(byte);
                spans.push(at..at + c.len_utf8());
            }
        }
        let seen = Seen::of(&bytes);
        Self { bytes: Cow::Owned(bytes), spans, seen }
    }

    pub(super) fn seen(&self) -> Seen {
        self.seen
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The byte there; 0, which is in no alphabet, before the start and after the end.
    pub(super) fn at(&self, index: usize) -> u8 {
        self.bytes.get(index).copied().unwrap_or_default()
    }

    /// The byte before this one.
    pub(super) fn before(&self, index: usize) -> u8 {
        index.checked_sub(1).map_or(0, |index| self.at(index))
    }

    pub(super) fn part(&self, range: Range<usize>) -> &[u8] {
        self.bytes.get(range).unwrap_or_default()
    }

    /// Where the bytes from `start` on stop being of these classes.
    pub(super) fn run(&self, start: usize, classes: u16) -> usize {
        self.while_from(start, |byte| is(byte, classes))
    }

    /// Where the bytes from `start` on stop being such as `wanted`.
    pub(super) fn while_from(&self, start: usize, wanted: impl Fn(u8) -> bool) -> usize {
        let rest = self.bytes.get(start..).unwrap_or_default();
        start + rest.iter().position(|byte| !wanted(*byte)).unwrap_or(rest.len())
    }

    /// As [`Self::while_from`], for at most `most` bytes.
    pub(super) fn while_within(
        &self,
        start: usize,
        most: usize,
        wanted: impl Fn(u8) -> bool,
    ) -> usize {
        let rest = self.bytes.get(start..).unwrap_or_default();
        let part = rest.get(..most).unwrap_or(rest);
        start + part.iter().position(|byte| !wanted(*byte)).unwrap_or(part.len())
    }

    /// Where the bytes before `end` start being such as `wanted`, at most `most` of them.
    pub(super) fn while_before(
        &self,
        end: usize,
        most: usize,
        wanted: impl Fn(u8) -> bool,
    ) -> usize {
        let start = end.saturating_sub(most);
        let part = self.bytes.get(start..end).unwrap_or_default();
        part.iter().rposition(|byte| !wanted(*byte)).map_or(start, |at| start + at + 1)
    }

    /// Whether characters that cannot be seen stand between this byte and the one before.
    pub(super) fn gap_before(&self, index: usize) -> bool {
        let previous = index.checked_sub(1).and_then(|index| self.spans.get(index));
        match (previous, self.spans.get(index)) {
            (Some(previous), Some(this)) => previous.end < this.start,
            _ => false,
        }
    }

    /// Whether the character there is written in more than one byte.
    pub(super) fn wide(&self, index: usize) -> bool {
        self.spans.get(index).is_some_and(|span| span.len() > 1)
    }

    /// A finding in the text from one in the view.
    pub(super) fn finding(&self, kind: Kind, range: Range<usize>) -> Finding {
        let last = range.end.checked_sub(1).and_then(|last| self.spans.get(last));
        let range = match (self.spans.get(range.start), last) {
            (Some(first), Some(last)) => first.start..last.end,
            _ => range,
        };
        Finding { kind, range }
    }
}

/// Whether a byte is of a class, or of one of several.
pub(super) fn is(byte: u8, classes: u16) -> bool {
    class(byte) & classes != 0
}

/// The classes of a byte.
pub(super) fn class(byte: u8) -> u16 {
    CLASSES.get(usize::from(byte)).copied().unwrap_or_default()
}

/// `a@b.co` has six characters.
const SHORTEST: usize = 6;

/// The shortest token that a detector looks at.
pub(super) const TOKEN: usize = 12;

/// A decimal digit.
pub(super) const DIGIT: u16 = 1;
/// A letter or digit of ASCII.
pub(super) const ALNUM: u16 = 1 << 1;
/// A hexadecimal digit.
pub(super) const HEX: u16 = 1 << 2;
/// A character of base64's own alphabet.
pub(super) const BASE64: u16 = 1 << 3;
/// A character of base64's URL alphabet.
pub(super) const BASE64_URL: u16 = 1 << 4;
/// What may stand in a token: either base64, and the signs between its parts.
pub(super) const WORD: u16 = 1 << 5;
/// The first letter of some token.
pub(super) const OPENING: u16 = 1 << 6;
const AT: u16 = 1 << 7;
const DASH: u16 = 1 << 8;
/// What may begin an escape.
pub(super) const ESCAPE: u16 = 1 << 9;
const FOLD: u16 = 1 << 10;

const CLASSES: [u16; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0u8;
    loop {
        #[expect(clippy::indexing_slicing, reason = "a byte is below 256")]
        {
            classes[byte as usize] = class_of(byte);
        }
        if byte == u8::MAX {
            break classes;
        }
        byte += 1;
    }
};

const fn class_of(byte: u8) -> u16 {
    const EITHER: u16 = BASE64 | BASE64_URL | WORD;
    match byte {
        b'0'..=b'9' => DIGIT | ALNUM | HEX | EITHER,
        b'A' | b'b' | b'e' => OPENING | ALNUM | HEX | EITHER,
        b'M' | b'Q' | b'g' => OPENING | ALNUM | EITHER,
        b'a'..=b'f' | b'A'..=b'F' => ALNUM | HEX | EITHER,
        b'a'..=b'z' | b'A'..=b'Z' => ALNUM | EITHER,
        b'+' | b'/' => BASE64 | WORD,
        b'-' => DASH | BASE64_URL | WORD,
        b'_' => BASE64_URL | WORD,
        b'=' | b'.' | b'~' => WORD,
        b'@' => AT,
        b'%' | b'\\' | b'&' => ESCAPE,
        // Bytes that begin only Latin, Greek, Cyrillic, Han and Hangul letters need no folding, nor
        // do the bytes after them.
        0x00..=0x7f | 0x80..=0xbf | 0xc3..=0xc9 | 0xce..=0xd1 | 0xe4..=0xe9 | 0xeb | 0xec => 0,
        _ => FOLD,
    }
}
