//! Numbers in groups: cards, social security and telephone numbers, with and without separators.

use std::ops::Range;

use super::{
    Finding, Hints, Kind, card, iban,
    masks::Block,
    phone, plain, ssn,
    view::{ALPHA, DIGIT, HEX, LOOSE, TIGHT, View, is},
};

/// With fewer digits there is nothing to find: an IBAN of Malta may have seven.
pub(super) const FEWEST: usize = 7;

/// Digits that stand together, and what stands between them and the group before.
pub(super) struct Group {
    pub(super) range: Range<usize>,
    pub(super) glue: u8,
}

/// The numbers found so far.
#[derive(Default)]
pub(super) struct Numbers {
    /// What is before it was looked at.
    from: usize,
    groups: Vec<Group>,
    pub(super) found: Vec<Finding>,
}

impl Numbers {
    /// Finds cards, social security numbers, IBANs and telephone numbers that begin in this block.
    pub(super) fn block(&mut self, view: &View<'_>, block: &Block<'_>, hints: Hints) {
        let mut starts = starts(block) & block.from(self.from);
        while starts != 0 {
            let digits = digits_at(view, block, starts);
            self.from = self.number(view, digits, hints);
            starts &= block.from(self.from);
        }
    }

    /// Judges the number that begins with these digits, and says where it ends.
    fn number(&mut self, view: &View<'_>, digits: Range<usize>, hints: Hints) -> usize {
        if is_nothing(view, &digits) {
            return digits.end;
        }
        if let Some(end) = plain::id_or_time(view, digits.start) {
            return end;
        }
        if is(view.before(digits.start), ALPHA)
            && let Some(range) = iban::at(view, digits.start)
        {
            self.found.push(view.finding(Kind::Iban, range));
        }
        let chain = Chain::of(view, digits.clone());
        if !chain.is_nothing(view, hints, &mut self.found) {
            self.groups.clear();
            self.groups.push(Group { range: digits, glue: NONE });
            read(view, chain.end, &mut self.groups);
            judge(view, &self.groups, hints, &mut self.found);
        }
        chain.end
    }
}

/// The first digits of those that stand together.
fn starts(block: &Block<'_>) -> u64 {
    block.now.digit & !block.after_digit()
}

/// The digits that begin at the first of these bytes.
fn digits_at(view: &View<'_>, block: &Block<'_>, starts: u64) -> Range<usize> {
    let first = starts.trailing_zeros();
    let count = (!(block.now.digit >> first)).trailing_zeros();
    let (start, end) = (block.place(starts), block.start + (first + count) as usize);
    if first + count < u64::BITS { start..end } else { start..view.run(end, DIGIT) }
}

/// Whether these are few digits that nothing holds together with others: most are.
fn is_nothing(view: &View<'_>, digits: &Range<usize>) -> bool {
    let (before, after) = (view.before(digits.start), view.at(digits.end));
    digits.len() < FEWEST
        && !(is(after, TIGHT | LOOSE | HEX) || after == b')')
        && !(before == b'+' || is(before, ALPHA))
}

/// Groups of digits as far as they hold together, counted before they are looked at.
struct Chain {
    first: Range<usize>,
    end: usize,
    groups: usize,
    digits: usize,
    /// Whether they may be of an address on the network: dots between, and at most three digits.
    dotted: bool,
}

impl Chain {
    fn of(view: &View<'_>, first: Range<usize>) -> Self {
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
    fn is_nothing(&self, view: &View<'_>, hints: Hints, found: &mut Vec<Finding>) -> bool {
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

/// Reads the groups from the second on, up to the end of the number.
fn read(view: &View<'_>, number: usize, groups: &mut Vec<Group>) {
    let mut end = groups.last().map_or(number, |group| group.range.end);
    while end < number {
        let start = view.while_from(end, |byte| !is(byte, DIGIT));
        let glue = glue_of(view.part(end..start));
        end = view.run(start, DIGIT);
        groups.push(Group { range: start..end, glue });
    }
}

/// The sign that counts among these: the first that is not a blank. A dot is one only if it is
/// alone, as a decimal point is: `1. 4111…` is a list.
fn glue_of(between: &[u8]) -> u8 {
    match between.iter().copied().find(|byte| *byte != b' ') {
        None => b' ',
        Some(b'.') if between != b"." => b'/',
        Some(sign) => sign,
    }
}

fn judge(view: &View<'_>, groups: &[Group], hints: Hints, found: &mut Vec<Finding>) {
    if let Some(range) = card::from_all(view, groups).or_else(|| card::reversed(view, groups)) {
        found.push(view.finding(Kind::Card, range));
        return;
    }
    found.extend(ssn::reversed(view, groups).map(|range| view.finding(Kind::Ssn, range)));
    each(view, groups, hints, found);
}

/// From every group, even inside of what was found: a card may begin in what looked like one.
fn each(view: &View<'_>, groups: &[Group], hints: Hints, found: &mut Vec<Finding>) {
    let digits = length(groups);
    let (mut rest, mut previous) = (groups, None);
    while let [first, next @ ..] = rest {
        let card = || card::from(view, rest).map(|range| (Kind::Card, range));
        let of_nine = || ssn::from(view, rest, hints).map(|range| (Kind::Ssn, range));
        let call = || phone::from(view, rest, previous).map(|range| (Kind::Phone, range));
        let is_card_long = digits >= *card::LENGTHS.start();
        let all = [is_card_long.then(card).flatten(), of_nine(), call()];
        found.extend(all.into_iter().flatten().map(|(kind, range)| view.finding(kind, range)));
        (rest, previous) = (next, Some(first));
    }
}

/// How many digits these groups have.
pub(super) fn length(groups: &[Group]) -> usize {
    groups.iter().map(|group| group.range.len()).sum()
}

/// Their digits, each from 0 to 9.
pub(super) fn digits<'a>(
    view: &'a View<'_>,
    groups: &'a [Group],
) -> impl Iterator<Item = u8> + Clone + 'a {
    groups.iter().flat_map(|group| view.part(group.range.clone())).map(|digit| digit & 0x0f)
}

/// Signs that hold a number together wherever it is cut.
pub(super) fn is_tight(byte: u8) -> bool {
    is(byte, TIGHT)
}

const NONE: u8 = 0;

/// Everything but an IBAN, and but what is announced, has at least nine.
const PHONE: usize = 9;

/// How many signs may stand between two groups: ` - `.
const WIDEST: usize = 3;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::detect::masks;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn digits_are_those_that_are_read_byte_by_byte(text in "([0-9]{0,20}[ a-]?){0,20}[0-9]{0,200}") {
            let view = View::of(text.as_bytes());
            let mut found = Vec::new();
            masks::each(text.as_bytes(), |block| {
                let mut starts = starts(block);
                while starts != 0 {
                    found.push(digits_at(&view, block, starts));
                    starts &= starts - 1;
                }
            });
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
    }
}
