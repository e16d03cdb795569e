//! What a text is made of, read once before anything is looked for in it.

use super::view::{FOLD, TOKEN, is};

/// What kinds of bytes a text is made of: enough to know which detectors have nothing to do.
#[derive(Clone, Copy, Default)]
pub(super) struct Seen {
    marks: u8,
    digits: usize,
    length: usize,
    /// Whether characters stand in it that look like others.
    folds: bool,
}

impl Seen {
    /// Reads the text, in blocks without a branch in them, which the compiler makes vectors of.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let (blocks, rest) = bytes.as_chunks::<BLOCK>();
        let (mut marks, mut digits) = (0, 0);
        // 255 digits fit the byte that counts those of one lane.
        for blocks in blocks.chunks(255) {
            let (seen, counts) = lanes(blocks);
            marks = seen.iter().fold(marks, |all, marks| all | marks);
            digits = counts
                .iter()
                .fold(digits, |sum: usize, count| sum.wrapping_add(usize::from(*count)));
        }
        // Too few for a block, but all that most cells have.
        for byte in rest {
            let mark = MARKS.get(usize::from(*byte)).copied().unwrap_or_default();
            marks |= mark;
            digits = digits.wrapping_add(usize::from(mark & DIGIT));
        }
        let folds = marks & WIDE != 0 && bytes.iter().any(|byte| is(*byte, FOLD));
        Self { marks, digits, length: bytes.len(), folds }
    }

    /// Whether no detector could find anything: the shortest token is 12 bytes long, and everything
    /// shorter needs an `@` or seven digits.
    pub(super) fn nothing(self) -> bool {
        self.length < SHORTEST
            || (self.length < TOKEN
                && self.digits < 7
                && self.marks & (AT | ESCAPE) == 0
                && !self.folds)
    }

    pub(super) fn digits(self) -> usize {
        self.digits
    }

    pub(super) fn length(self) -> usize {
        self.length
    }

    pub(super) fn folds(self) -> bool {
        self.folds
    }

    pub(super) fn assigns(self) -> bool {
        self.marks & ASSIGN != 0
    }

    pub(super) fn at_sign(self) -> bool {
        self.marks & AT != 0
    }

    pub(super) fn dash(self) -> bool {
        self.marks & DASH != 0
    }

    pub(super) fn escapes(self) -> bool {
        self.marks & ESCAPE != 0
    }
}

/// The marks of every lane, and how many digits stood in it.
fn lanes(blocks: &[[u8; BLOCK]]) -> ([u8; BLOCK], [u8; BLOCK]) {
    let (mut marks, mut counts) = ([0; BLOCK], [0u8; BLOCK]);
    for block in blocks {
        for ((marks, count), byte) in marks.iter_mut().zip(&mut counts).zip(block) {
            let mark = mark_of(*byte);
            *marks |= mark;
            *count = count.wrapping_add(mark & DIGIT);
        }
    }
    (marks, counts)
}

/// What a byte says of the text it stands in.
const fn mark_of(byte: u8) -> u8 {
    let digit = if byte.wrapping_sub(b'0') < 10 { DIGIT } else { 0 };
    let at = if byte == b'@' { AT } else { 0 };
    let dash = if byte == b'-' { DASH } else { 0 };
    let escape = if (byte == b'%') | (byte == b'\\') | (byte == b'&') { ESCAPE } else { 0 };
    let assign = if (byte == b'=') | (byte == b':') { ASSIGN } else { 0 };
    digit | at | dash | escape | assign | (byte & WIDE)
}

const MARKS: [u8; 256] = {
    let mut marks = [0; 256];
    let mut byte = 0u8;
    loop {
        #[expect(clippy::indexing_slicing, reason = "a byte is below 256")]
        {
            marks[byte as usize] = mark_of(byte);
        }
        if byte == u8::MAX {
            break marks;
        }
        byte += 1;
    }
};

const DIGIT: u8 = 1;
const AT: u8 = 1 << 1;
const DASH: u8 = 1 << 2;
/// What may begin an escape.
const ESCAPE: u8 = 1 << 3;
/// `=` or `:`.
const ASSIGN: u8 = 1 << 4;
/// Not ASCII.
const WIDE: u8 = 1 << 7;

/// How many bytes are judged at once.
const BLOCK: usize = 32;

/// `a@b.co` has six characters.
const SHORTEST: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_alike_in_blocks_and_at_its_end() {
        for length in [1, 31, 32, 33, 64, 9000] {
            for byte in [b'@', b'-', b'%', b'=', b'7', b'x', 0xc3] {
                let seen = Seen::of(&vec![byte; length]);
                let digits = if byte == b'7' { length } else { 0 };
                assert_eq!((seen.marks, seen.digits), (mark_of(byte), digits), "{byte} {length}");
            }
        }
    }
}
