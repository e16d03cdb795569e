//! Social security numbers: area, group and serial as the Social Security Administration assigns them.

use std::ops::Range;

use super::{
    Hints,
    names::Named,
    number::{Group, digits},
    view::View,
};

/// A social security number that begins with the first of these groups: `123-45-6789`, or nine
/// digits that are announced or cut at the right places by characters that cannot be seen.
pub(super) fn from(view: &View<'_>, groups: &[Group], hints: Hints) -> Option<Range<usize>> {
    let first = groups.first()?;
    let taken = nine(groups)?;
    let part = groups.get(..taken)?;
    let range = first.range.start..part.last()?.range.end;
    let positions = || part.iter().flat_map(|group| group.range.clone());
    let starts_group = |at: usize| part.iter().any(|group| group.range.start == at);
    let cut = |at: usize| starts_group(at) || view.gap_before(at);
    let at_3_and_5 = positions()
        .enumerate()
        .skip(1)
        .all(|(n, at)| if matches!(n, 3 | 5) { cut(at) } else { !starts_group(at) });
    let told = taken == 1 && (hints.named == Some(Named::Ssn) || announced(view, range.start));
    // `10.123.45.6789` is something else.
    let dot = |group: &Group| group.glue == b'.';
    let longer = part.iter().skip(1).any(dot) && (dot(first) || groups.get(taken).is_some_and(dot));
    ((at_3_and_5 || told) && !longer && is_assigned(digits(view, part))).then_some(range)
}

/// A number written backwards, as `reverse()` leaves it: `9876-54-321`, which no date is.
pub(super) fn reversed(view: &View<'_>, groups: &[Group]) -> Option<Range<usize>> {
    let [serial, group, area] = groups else { return None };
    let lengths = (serial.range.len(), group.range.len(), area.range.len());
    let mut read: Vec<u8> = digits(view, groups).collect();
    read.reverse();
    (lengths == (4, 2, 3)
        && (group.glue, area.glue) == (b'-', b'-')
        && is_assigned(read.into_iter()))
    .then_some(serial.range.start..area.range.end)
}

/// How many of these groups have nine digits together.
fn nine(groups: &[Group]) -> Option<usize> {
    let mut sum = 0;
    for (at, group) in groups.iter().take(3).enumerate() {
        sum += group.range.len();
        if sum >= LENGTH {
            return (sum == LENGTH).then_some(at + 1);
        }
    }
    None
}

/// Whether nine digits can be a number that was assigned: no part is all zeros, and the area is
/// neither 666 nor 900 and above (those are tax numbers).
fn is_assigned(digits: impl Iterator<Item = u8>) -> bool {
    let number = digits.fold(0u32, |number, digit| number * 10 + u32::from(digit));
    let (area, group, serial) = (number / 1_000_000, number / 10_000 % 100, number % 10_000);
    (1..=899).contains(&area) && area != 666 && group != 0 && serial != 0
}

/// Whether the words before say that a number follows which may be written without separators.
fn announced(view: &View<'_>, start: usize) -> bool {
    speaks_of_it(view.part(start.saturating_sub(REACH)..start))
}

/// Whether a field of this name holds social security numbers.
pub(super) fn named(field: &str) -> bool {
    speaks_of_it(field.as_bytes())
}

fn speaks_of_it(words: &[u8]) -> bool {
    let words = words.to_ascii_lowercase();
    NAMES.iter().any(|name| {
        // A number that was covered announces nothing.
        let mask = |at: usize| words.get(..at).is_some_and(|head| head.ends_with(b"masked:"));
        words.windows(name.len()).enumerate().any(|(at, part)| part == *name && !mask(at))
    })
}

/// How many digits there are.
pub(super) const LENGTH: usize = 9;

/// How far before a number it is announced, in characters.
const REACH: usize = 40;

const NAMES: [&[u8]; 5] = [b"ssn", b"social sec", b"social_sec", b"socialsec", b"soc sec"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::{Kind, search::search, tests::found};

    #[test]
    fn numbers_that_were_never_assigned_are_refused() {
        let assigned = |text: &str| is_assigned(text.bytes().map(|b| b - b'0'));
        assert!(assigned("123456789") && assigned("899999999") && assigned("001010001"));
        for number in ["000456789", "666456789", "900456789", "123006789", "123450000"] {
            assert!(!assigned(number), "{number}");
        }
    }

    #[test]
    fn a_social_security_number_is_found_however_it_is_cut() {
        for ssn in [
            "123-45-6789",
            "123 45 6789",
            "123.45.6789",
            "123–45–6789",
            "123\u{a0}45\u{a0}6789",
            "123\u{200b}45\u{200b}6789",
            "１２３-４５-６７８９",
            "123_45_6789",
            "1\u{ad}23-45-67\u{ad}89",
        ] {
            assert_eq!(found(ssn), [(Kind::Ssn, ssn)]);
        }
        assert_eq!(found("SSN: 123456789"), [(Kind::Ssn, "123456789")]);
        assert_eq!(found("x123-45-6789-01"), [(Kind::Ssn, "123-45-6789")]);
        let hints = Hints { named: Some(Named::Ssn), ..Hints::default() };
        let named = search("123456789", hints, 0);
        assert_eq!(named.len(), 1);
    }

    #[test]
    fn a_number_that_was_turned_round_is_found() {
        assert_eq!(found("9876-54-321"), [(Kind::Ssn, "9876-54-321")]);
        assert_eq!(found("0000-54-321"), []);
    }

    #[test]
    fn other_nine_digits_are_not_social_security_numbers() {
        for text in [
            "123456789",
            "12345-6789",
            "12-345-6789",
            "666-45-6789",
            "123-00-6789",
            "1234-56-7890",
            "10.123.45.6789",
            "123-45-67890",
            "900-45-6789",
            "123--45",
            "1.123.45.6789",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
