//! Numbers in groups: cards, social security and telephone numbers, with and without separators.

use std::ops::Range;

use super::{
    Finding, Hints, Kind,
    bits::Bits,
    card, iban, phone, plain, ssn,
    view::{HEX, OTHER, View, is},
};

/// With fewer digits there is nothing to find: an IBAN of Malta may have seven.
pub(super) const FEWEST: usize = 7;

/// Digits that stand together, and what stands between them and the group before.
pub(super) struct Group {
    pub(super) range: Range<usize>,
    pub(super) glue: u8,
}

/// Finds cards, social security numbers, IBANs and telephone numbers.
pub(super) fn find(view: &View<'_>, hints: Hints, found: &mut Vec<Finding>) {
    let mut groups = Vec::new();
    let mut digits = Bits::of(view.bytes(), |byte| byte.wrapping_sub(b'0') < 10);
    let mut at = 0;
    while let Some(digit) = digits.next(at) {
        let end = digits.end(digit);
        if is_nothing(view, digit..end) {
            at = end;
            continue;
        }
        if let Some(end) = plain::id_or_time(view, digit) {
            at = end;
            continue;
        }
        if view.before(digit).is_ascii_alphabetic()
            && let Some(range) = iban::at(view, digit)
        {
            found.push(view.finding(Kind::Iban, range));
        }
        let first = Group { range: digit..end, glue: NONE };
        at = first.range.end;
        // Most numbers stand alone.
        match next(view, at) {
            None => judge(view, std::slice::from_ref(&first), hints, found),
            Some(second) => {
                groups.clear();
                groups.push(first);
                at = read(view, second, &mut groups);
                judge(view, &groups, hints, found);
            }
        }
    }
}

fn group(view: &View<'_>, start: usize, glue: u8) -> Group {
    Group { range: start..view.while_from(start, |byte| byte.is_ascii_digit()), glue }
}

/// Whether these are few digits that nothing holds together with others: most are.
fn is_nothing(view: &View<'_>, digits: Range<usize>) -> bool {
    let (before, after) = (view.before(digits.start), view.at(digits.end));
    digits.len() < FEWEST
        && !(is_tight(after) || is_loose(after) || after == b')' || is(after, HEX))
        && !(before == b'+' || before.is_ascii_alphabetic())
}

/// Where the next group begins, if what stands between holds a number together.
fn next(view: &View<'_>, end: usize) -> Option<usize> {
    let next = view.while_within(end, WIDEST + 1, |byte| is_tight(byte) || is_loose(byte));
    (next > end && next - end <= WIDEST && view.at(next).is_ascii_digit()).then_some(next)
}

/// Reads the groups from the second on, up to something that does not hold a number together.
fn read(view: &View<'_>, second: usize, groups: &mut Vec<Group>) -> usize {
    let mut start = second;
    loop {
        let end = groups.last().map_or(start, |group| group.range.end);
        let group = group(view, start, glue_of(view.part(end..start)));
        let end = group.range.end;
        groups.push(group);
        match next(view, end) {
            Some(next) => start = next,
            None => return end,
        }
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
    let [first, ..] = groups else { return };
    let (start, digits) = (first.range.start, length(groups));
    let bracket = view.at(first.range.end) == b')';
    if bracket && let Some(range) = phone::bracketed(view, &first.range) {
        found.push(view.finding(Kind::Phone, range));
    }
    let plus = view.before(start) == b'+';
    if digits < FEWEST && !bracket && !plus {
        return;
    }
    if let Some(range) = phone::announced(view, start, hints) {
        found.push(view.finding(Kind::Phone, range));
    }
    if !plus && (digits < PHONE || is_short(groups, digits)) {
        return;
    }
    if let Some(range) = card::from_all(view, groups).or_else(|| card::reversed(view, groups)) {
        found.push(view.finding(Kind::Card, range));
        return;
    }
    found.extend(ssn::reversed(view, groups).map(|range| view.finding(Kind::Ssn, range)));
    each(view, groups, hints, found);
}

/// Whether these are digits of which nothing can be made: alone and as many as neither cards nor
/// social security numbers have, or the four short groups of an address on the network.
fn is_short(groups: &[Group], digits: usize) -> bool {
    match groups {
        [_] => digits < *card::LENGTHS.start() && digits != ssn::LENGTH,
        [_, one, two, three] => {
            [one, two, three].iter().all(|group| group.glue == b'.')
                && groups.iter().all(|group| group.range.len() < 4)
        }
        _ => false,
    }
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
    match byte {
        b' ' | b'-' | b'_' | b'+' | 0x7f => true,
        b'\t' | b'\n' | b'\r' | OTHER | 0 => false,
        _ => byte < b' ',
    }
}

/// Signs that hold a number together only where it is cut as it should be.
fn is_loose(byte: u8) -> bool {
    matches!(byte, b'.' | b'/' | b':')
}

const NONE: u8 = 0;

/// Everything but an IBAN, and but what is announced, has at least nine.
const PHONE: usize = 9;

/// How many signs may stand between two groups: ` - `.
const WIDEST: usize = 3;
