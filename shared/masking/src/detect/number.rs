//! Numbers in groups: payment cards and social security numbers, with and without separators.

use std::ops::Range;

use super::{
    Finding, Hints, Kind, card, iban, ssn,
    view::{OTHER, View},
};

/// With fewer digits there is nothing to find: an IBAN of Malta may have seven.
pub(super) const FEWEST: usize = 7;

/// Digits that stand together, and what stands between them and the group before.
pub(super) struct Group {
    pub(super) range: Range<usize>,
    pub(super) glue: u8,
}

/// Finds cards, social security numbers and IBANs.
pub(super) fn find(view: &View<'_>, hints: Hints, found: &mut Vec<Finding>) {
    let mut groups = Vec::with_capacity(8);
    let mut at = 0;
    loop {
        at = view.while_from(at, |byte| !byte.is_ascii_digit());
        if at == view.bytes().len() {
            return;
        }
        if let Some(range) = iban::at(view, at) {
            found.push(view.finding(Kind::Iban, range));
        }
        at = read(view, at, &mut groups);
        judge(view, &groups, hints, found);
    }
}

/// Reads the groups from `start` on, up to something that does not hold a number together.
fn read(view: &View<'_>, start: usize, groups: &mut Vec<Group>) -> usize {
    groups.clear();
    let (mut start, mut glue) = (start, NONE);
    loop {
        let end = view.while_from(start, |byte| byte.is_ascii_digit());
        groups.push(Group { range: start..end, glue });
        let next = view.while_from(end, |byte| is_tight(byte) || is_loose(byte));
        if next == end || next - end > WIDEST || !view.at(next).is_ascii_digit() {
            return end;
        }
        glue = glue_of(view.part(end..next));
        start = next;
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
    let digits = length(groups);
    if let Some(range) = card::from_all(view, groups) {
        found.push(view.finding(Kind::Card, range));
        return;
    }
    // From every group, even inside of what was found: a card may begin in what looked like one.
    let mut rest = if digits < ssn::LENGTH { &[] } else { groups };
    while let [_, next @ ..] = rest {
        if digits >= *card::LENGTHS.start()
            && let Some(range) = card::from(view, rest)
        {
            found.push(view.finding(Kind::Card, range));
        }
        if let Some(range) = ssn::from(view, rest, hints) {
            found.push(view.finding(Kind::Ssn, range));
        }
        rest = next;
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

/// How many signs may stand between two groups: ` - `.
const WIDEST: usize = 3;
