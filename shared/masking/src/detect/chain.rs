//! Chains: groups of digits that hold together, and which of them nothing can be made of.

use std::ops::Range;

use super::{
    Finding, Hints, Kind, card,
    masks::{Block, Masks, WIDTH},
    number::FEWEST,
    phone, plain, ssn,
    view::{ALPHA, DIGIT, HEX, LOOSE, TIGHT, View, is},
};

/// Groups of digits as far as they hold together, counted before they are looked at.
pub(super) struct Chain {
    pub(super) first: Range<usize>,
    pub(super) end: usize,
    groups: usize,
    digits: usize,
    /// Whether they may be of an address on the network: dots between, and at most three digits.
    dotted: bool,
}

impl Chain {
    pub(super) fn of(view: &View<'_>, first: Range<usize>) -> Self {
        let (end, digits, dotted) = (first.end, first.len(), first.len() < 4);
        let mut chain = Self { first, end, groups: 1, digits, dotted };
        while let Some(next) = next(view, chain.end) {
            let end = view.run(next, DIGIT);
            chain.dotted &= view.part(chain.end..next) == b"." && end - next < 4;
            (chain.end, chain.groups) = (end, chain.groups + 1);
            chain.digits += end - next;
        }
        chain
    }

    /// Whether nothing more can be made of them than a telephone number that is called one.
    pub(super) fn is_nothing(
        &self,
        view: &View<'_>,
        hints: Hints,
        found: &mut Vec<Finding>,
    ) -> bool {
        let start = self.first.start;
        let bracket = view.at(self.first.end) == b')';
        if bracket && let Some(range) = phone::bracketed(view, &self.first) {
            found.push(view.finding(Kind::Phone, range));
        }
        let plus = view.before(start) == b'+';
        if self.digits < FEWEST && !bracket && !plus {
            return true;
        }
        if let Some(range) = phone::announced(view, start, hints) {
            found.push(view.finding(Kind::Phone, range));
        }
        !plus && (self.digits < PHONE || self.is_short())
    }

    /// Whether these are digits of which nothing can be made: alone and as many as neither cards
    /// nor social security numbers have, or the four short groups of an address on the network.
    fn is_short(&self) -> bool {
        match self.groups {
            1 => self.digits < *card::LENGTHS.start() && self.digits != ssn::LENGTH,
            groups => groups == 4 && self.dotted,
        }
    }
}

/// Where the next group begins, if what stands between holds a number together.
fn next(view: &View<'_>, end: usize) -> Option<usize> {
    let next = view.while_within(end, WIDEST + 1, |byte| is(byte, TIGHT | LOOSE));
    (next > end && next - end <= WIDEST && is(view.at(next), DIGIT)).then_some(next)
}

/// The numbers that begin in a block, without those of which nothing is made: of most nothing is.
pub(super) struct Starts<'a> {
    view: &'a View<'a>,
    block: &'a Block,
    hints: Hints,
    window: Window,
    /// The first digits of those that stand together, as far as they were not looked at.
    left: u64,
    /// What is before it was looked at.
    pub(super) from: usize,
}

impl<'a> Starts<'a> {
    pub(super) fn of(view: &'a View<'a>, block: &'a Block, hints: Hints, from: usize) -> Self {
        let left = starts(block) & block.from(from);
        Self { view, block, hints, window: Window::of(block), left, from }
    }

    /// The first digits of the next number that has to be judged.
    #[inline(always)]
    pub(super) fn next(&mut self) -> Option<Range<usize>> {
        while self.left != 0 {
            let first = self.left.trailing_zeros();
            let stop = self.window.stop(first);
            if stop <= LAST && self.window.is_nothing(self.view, self.hints, first, stop) {
                self.left &= u64::MAX << stop;
                continue;
            }
            match plain::id_or_time(self.view, self.block.place(self.left)) {
                Some(end) => self.pass(end),
                None => return Some(digits_at(self.view, self.block, self.left)),
            }
        }
        None
    }

    /// Goes on behind this place.
    pub(super) fn pass(&mut self, end: usize) {
        self.from = end;
        self.left &= self.block.from(end);
    }
}

/// What the masks of a block tell of its chains.
struct Window {
    start: usize,
    digit: u64,
    glue: u64,
    dot: u64,
    /// The digits, and the signs that hold them together.
    links: u64,
}

impl Window {
    fn of(block: &Block) -> Self {
        let Masks { digit, glue, dot, .. } = block.now;
        Self { start: block.start, digit, glue, dot, links: links(digit, glue) }
    }

    /// Where the chain ends that begins with this digit, if no control character holds it together with
    /// more. Behind [`LAST`], it may go on in the next block.
    fn stop(&self, first: u32) -> u32 {
        first + (self.links >> first).trailing_ones()
    }

    /// Whether nothing can be made of a chain: it has few digits, or is an id or an address on the
    /// network that nothing announces, and it is no part of anything else.
    #[inline(always)]
    fn is_nothing(&self, view: &View<'_>, hints: Hints, first: u32, stop: u32) -> bool {
        let bits = (1 << stop) - (1 << first);
        let digit = self.digit & bits;
        let length = (stop - first) as usize;
        let few = length < FEWEST || digit != bits && (digit.count_ones() as usize) < FEWEST;
        if !few && !is_id(digit ^ bits, length) && !self.is_dotted(digit, bits) {
            return false;
        }
        let (start, end) = (self.start + first as usize, self.start + stop as usize);
        let (before, after) = (view.before(start), view.at(end));
        let free = few || hints.named.is_none() && before != b'(' && !phone::is_called(view, start);
        let uuid = length == 8 && after == b'-';
        free && !uuid && !is(before, ALPHA) && before != b'+' && self.ends(view, stop)
    }

    /// Whether nothing stands behind a chain that would make it longer, or a part of something else.
    fn ends(&self, view: &View<'_>, stop: u32) -> bool {
        let signs = (self.glue >> stop).trailing_ones() as usize;
        let after = view.at(self.start + stop as usize + signs);
        // Control characters hold a number together as well, but hardly ever.
        match signs {
            0 => !is(after, TIGHT | HEX) && after != b')',
            1..WIDEST => !is(after, TIGHT),
            _ => true,
        }
    }

    /// Whether these may be an address on the network.
    fn is_dotted(&self, digit: u64, bits: u64) -> bool {
        let between = digit ^ bits;
        let four = digit & digit >> 1 & digit >> 2 & digit >> 3;
        between & !self.dot | between & between << 1 | four == 0 && between.count_ones() == 3
    }
}

/// The first digits of those that stand together.
fn starts(block: &Block) -> u64 {
    block.now.digit & !block.after_digit()
}

/// The digits that begin at the first of these bytes.
fn digits_at(view: &View<'_>, block: &Block, starts: u64) -> Range<usize> {
    let first = starts.trailing_zeros();
    let count = (!(block.now.digit >> first)).trailing_zeros();
    let (start, end) = (block.place(starts), block.start + (first + count) as usize);
    if first + count < u64::BITS { start..end } else { start..view.run(end, DIGIT) }
}

/// Whether these are digits without a sign, as many as neither cards nor social security numbers have.
fn is_id(between: u64, digits: usize) -> bool {
    between == 0 && digits < *card::LENGTHS.start() && digits != ssn::LENGTH
}

/// The digits of a block, and the signs between them that hold them together: up to three.
fn links(digit: u64, glue: u64) -> u64 {
    let one = glue & digit << 1;
    let two = glue & one << 1;
    let three = glue & two << 1;
    // Of these, the last before a digit.
    let before = digit >> 1;
    let (one, two, three) = (one & before, two & before, three & before);
    digit | one | two | two >> 1 | three | three >> 1 | three >> 2
}

/// Everything but an IBAN, and but what is announced, has at least nine.
const PHONE: usize = 9;

/// How many signs may stand between two groups: ` - `.
const WIDEST: usize = 3;

/// The last byte of a block behind which so many signs and a digit have room.
const LAST: u32 = (WIDTH - 1 - WIDEST) as u32;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::detect::{iban, masks};

    /// Hands over every digit that begins some, with what the block tells of its chain.
    fn each(text: &str, mut act: impl FnMut(&View<'_>, Range<usize>, &Window, u32, u32)) {
        let view = View::of(text.as_bytes());
        masks::each(text.as_bytes(), |block| {
            let (window, mut starts) = (Window::of(block), starts(block));
            while starts != 0 {
                let first = starts.trailing_zeros();
                let digits = digits_at(&view, block, starts);
                act(&view, digits, &window, first, window.stop(first));
                starts &= starts - 1;
            }
        });
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn digits_are_those_that_are_read_byte_by_byte(text in "([0-9]{0,20}[ a-]?){0,20}[0-9]{0,200}") {
            let mut found = Vec::new();
            each(&text, |_, digits, _, _, _| found.push(digits));
            let mut expected = Vec::new();
            let mut start = 0;
            for (at, byte) in text.bytes().chain([b' ']).enumerate() {
                if !byte.is_ascii_digit() {
                    expected.extend((at > start).then_some(start..at));
                    start = at + 1;
                }
            }
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn chains_end_where_they_end_when_they_are_read(text in "([0-9]{1,9}[-+ ./:_a,]{0,4}){0,30}") {
            each(&text, |view, digits, window, _, stop| {
                if stop <= LAST {
                    assert_eq!(window.start + stop as usize, Chain::of(view, digits).end);
                }
            });
        }

        #[test]
        fn of_chains_that_are_passed_over_nothing_is_made(
            text in "(([0-9]{1,4}[.]){0,3}[0-9]{1,9}[-+ ./:_,()\\x01\\x1a\t\na-gx]{0,4}(tel: )?){0,30}",
        ) {
            let hints = Hints::default();
            each(&text, |view, digits, window, first, stop| {
                if stop <= LAST && window.is_nothing(view, hints, first, stop) {
                    let mut found = Vec::new();
                    assert_eq!(plain::id_or_time(view, digits.start), None);
                    assert_eq!(iban::at(view, digits.start), None);
                    let chain = Chain::of(view, digits);
                    assert!(chain.is_nothing(view, hints, &mut found) && found.is_empty());
                    assert_eq!(chain.end, window.start + stop as usize);
                }
            });
        }
    }
}
