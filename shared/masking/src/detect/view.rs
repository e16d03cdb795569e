//! A text as the detectors see it: one byte a character, each knowing where it came from.

use std::ops::Range;

use super::{Finding, Kind, unicode};

/// Stands for a letter outside of ASCII. Detectors take every byte from here on for a letter, so
/// that most text that is not ASCII can be looked at without being copied.
pub(super) const LETTER: u8 = 0x80;

/// Stands for a character that is neither letter nor digit nor anything else we know.
pub(super) const OTHER: u8 = 0x1a;

/// A text that holds characters which look like others, folded to one byte a character.
pub(super) struct Folded {
    bytes: Vec<u8>,
    /// Where each byte came from.
    spans: Vec<Range<usize>>,
}

impl Folded {
    pub(super) fn of(text: &str) -> Self {
        let (bytes, spans) = (Vec::with_capacity(text.len()), Vec::with_capacity(text.len()));
        let mut folded = Self { bytes, spans };
        for (at, c) in text.char_indices() {
            if let Some(byte) = unicode::fold(c) {
                folded.bytes.push(byte);
                folded.spans.push(at..at + c.len_utf8());
            }
        }
        folded
    }

    pub(super) fn view(&self) -> View<'_> {
        View { bytes: &self.bytes, spans: &self.spans }
    }
}

/// A text, or what it was folded to.
pub(super) struct View<'a> {
    bytes: &'a [u8],
    /// Where each byte came from; empty when the bytes are the text itself.
    spans: &'a [Range<usize>],
}

impl<'a> View<'a> {
    /// A text in which nothing has to be folded.
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        Self { bytes, spans: &[] }
    }

    pub(super) fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The byte there; 0, which is in no alphabet, before the start and after the end.
    pub(super) fn at(&self, index: usize) -> u8 {
        self.bytes.get(index).copied().unwrap_or_default()
    }

    /// The byte before this one.
    pub(super) fn before(&self, index: usize) -> u8 {
        index.checked_sub(1).map_or(0, |index| self.at(index))
    }

    pub(super) fn part(&self, range: Range<usize>) -> &'a [u8] {
        let part = self.bytes.get(range).unwrap_or_default();
        work::add(part.len());
        part
    }

    /// All bytes before that place.
    pub(super) fn head(&self, end: usize) -> &'a [u8] {
        self.bytes.get(..end).unwrap_or_default()
    }

    /// So many bytes from there on.
    pub(super) fn chunk<const N: usize>(&self, start: usize) -> Option<&'a [u8; N]> {
        work::add(N);
        self.bytes.get(start..)?.first_chunk()
    }

    /// Where the bytes from `start` on stop being of these classes.
    pub(super) fn run(&self, start: usize, classes: u16) -> usize {
        self.while_from(start, |byte| is(byte, classes))
    }

    /// Where the bytes from `start` on stop being such as `wanted`.
    pub(super) fn while_from(&self, start: usize, wanted: impl Fn(u8) -> bool) -> usize {
        let rest = self.bytes.get(start..).unwrap_or_default();
        let length = rest.iter().position(|byte| !wanted(*byte)).unwrap_or(rest.len());
        work::add(length);
        start + length
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
        let length = part.iter().position(|byte| !wanted(*byte)).unwrap_or(part.len());
        work::add(length);
        start + length
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
        let found = part.iter().rposition(|byte| !wanted(*byte)).map_or(start, |at| start + at + 1);
        work::add(end.saturating_sub(found));
        found
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
/// The first letter of some token.
pub(super) const OPENING: u16 = 1 << 6;
/// What may begin an escape.
pub(super) const ESCAPE: u16 = 1 << 7;
/// What may begin a character that looks like another.
pub(super) const FOLD: u16 = 1 << 8;
/// A sign that holds a number together wherever it is cut.
pub(super) const TIGHT: u16 = 1 << 9;
/// A sign that holds a number together only where it is cut as it should be.
pub(super) const LOOSE: u16 = 1 << 10;
/// The sign in an address.
pub(super) const AT: u16 = 1 << 11;
/// A letter of ASCII.
pub(super) const ALPHA: u16 = 1 << 5;

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
    const EITHER: u16 = BASE64 | BASE64_URL;
    const LETTER: u16 = ALNUM | ALPHA | EITHER;
    match byte {
        b'0'..=b'9' => DIGIT | ALNUM | HEX | EITHER,
        b'A' | b'b' | b'e' => OPENING | HEX | LETTER,
        b'G' | b'M' | b'Q' | b'g' | b'n' | b'r' | b's' | b'w' | b'x' | b'y' => OPENING | LETTER,
        b'a'..=b'f' | b'A'..=b'F' => HEX | LETTER,
        b'a'..=b'z' | b'A'..=b'Z' => LETTER,
        b'+' => BASE64 | TIGHT,
        b'/' => BASE64 | LOOSE,
        b'-' | b'_' => BASE64_URL | TIGHT,
        b'.' | b':' => LOOSE,
        b'@' => AT,
        b'%' | b'\\' | b'&' => ESCAPE,
        b'\t' | b'\n' | b'\r' | OTHER | 0 => 0,
        0x01..=b' ' | 0x7f => TIGHT,
        // Bytes that begin only Latin, Greek, Cyrillic, Han and Hangul letters need no folding, nor
        // do the bytes after them.
        b'!'..=b'~' | 0x80..=0xbf | 0xc3..=0xc9 | 0xce..=0xd1 | 0xe4..=0xe9 | 0xeb | 0xec => 0,
        _ => FOLD,
    }
}

/// How many bytes were looked at, for the tests that count it.
#[cfg(not(test))]
mod work {
    pub(super) fn add(_: usize) {}
}

#[cfg(test)]
pub(super) mod work {
    use std::cell::Cell;

    thread_local! {
        static DONE: Cell<usize> = const { Cell::new(0) };
    }

    pub(super) fn add(bytes: usize) {
        DONE.set(DONE.get() + bytes);
    }

    pub(in crate::detect) fn during<T>(act: impl FnOnce() -> T) -> usize {
        let before = DONE.get();
        act();
        DONE.get() - before
    }
}
