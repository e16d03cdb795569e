//! Numbers in groups: cards, social security and telephone numbers, with and without separators.

use std::ops::Range;

use super::{
    Finding, Hints, Kind, card,
    chain::{Chain, Starts},
    iban,
    masks::Block,
    phone, ssn,
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
    pub(super) fn block(&mut self, view: &View<'_>, block: &Block, hints: Hints) {
        if block.now.digit == 0 {
            return;
        }
        let mut starts = Starts::of(view, block, hints, self.from);
        while let Some(digits) = starts.next() {
            starts.pass(self.number(view, digits, hints));
        }
        self.from = starts.from;
    }

    /// Judges the number that begins with these digits, and says where it ends.
    fn number(&mut self, view: &View<'_>, digits: Range<usize>, hints: Hints) -> usize {
        if is_nothing(view, &digits) {
            return digits.end;
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

/// Whether these are few digits that nothing holds together with others: most are.
fn is_nothing(view: &View<'_>, digits: &Range<usize>) -> bool {
    let (before, after) = (view.before(digits.start), view.at(digits.end));
    digits.len() < FEWEST
        && !(is(after, TIGHT | LOOSE | HEX) || after == b')')
        && !(before == b'+' || is(before, ALPHA))
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
