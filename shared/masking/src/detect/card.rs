//! Payment cards: how they are written, who issues them, how long they are, and their check digit.

use std::ops::{Range, RangeInclusive};

use super::{
    number::{Group, digits, is_tight, length},
    plain,
    view::View,
};

/// All groups as one card, however they are cut, if one sign stands between all of them.
pub(super) fn from_all(view: &View<'_>, groups: &[Group]) -> Option<Range<usize>> {
    let [first, second, ..] = groups else { return None };
    LENGTHS.contains(&length(groups)).then_some(())?;
    let even = groups.iter().skip(1).all(|group| group.glue == second.glue && is_tight(group.glue));
    let range = first.range.start..groups.last()?.range.end;
    // Telephone numbers have at most 15 digits, cut anyhow (E.164).
    let telephone = view.before(range.start) == b'+' && length(groups) <= 15;
    (even && !telephone && is_card_in(view, groups, &range)).then_some(range)
}

/// A card written backwards, as `reverse()` leaves it: printed in groups, or alone in its text. Only
/// of the four networks that issue most, for every second number would be one of somebody.
pub(super) fn reversed(view: &View<'_>, groups: &[Group]) -> Option<Range<usize>> {
    let [first, .., last] = groups else { return reversed_alone(view, groups.first()?) };
    let lengths = || groups.iter().map(|group| group.range.len());
    let printed = lengths().eq([4, 4, 4, 4]) || lengths().eq([5, 6, 4]);
    let even = groups.iter().skip(1).all(|group| group.glue == last.glue && is_tight(group.glue));
    (printed && even && is_reversed(view, groups)).then_some(first.range.start..last.range.end)
}

fn reversed_alone(view: &View<'_>, group: &Group) -> Option<Range<usize>> {
    let whole = group.range == (0..view.bytes().len()) && matches!(group.range.len(), 15 | 16);
    // Microseconds since 1970, from 2008 on, and times without signs.
    let head = view.part(group.range.start..group.range.start + 2);
    let time = matches!(head, [b'1', b'2'..=b'9'] | b"20");
    (whole && !time && is_reversed(view, std::slice::from_ref(group))).then(|| group.range.clone())
}

fn is_reversed(view: &View<'_>, groups: &[Group]) -> bool {
    let mut read: Vec<u8> = if matches!(length(groups), 15 | 16) {
        digits(view, groups).collect()
    } else {
        return false;
    };
    read.reverse();
    matches!(read.as_slice(), [4, ..] | [5, 1..=5, ..] | [3, 4 | 7, ..] | [6, 0 | 5, ..])
        && is_number(read.iter().copied(), read.len())
}

/// A card that begins with the first of these groups: in one piece, in the groups that are printed
/// on cards, or as a float prints it.
pub(super) fn from(view: &View<'_>, groups: &[Group]) -> Option<Range<usize>> {
    let first = groups.first()?;
    match first.range.len() {
        1 => scientific(view, groups),
        4 => SHAPES.into_iter().find_map(|shape| printed(view, groups, shape)),
        length if length >= *LENGTHS.start() => alone(view, first),
        _ => None,
    }
}

/// A card in the groups of one shape.
fn printed(view: &View<'_>, groups: &[Group], shape: &[usize]) -> Option<Range<usize>> {
    let part = groups.get(..shape.len())?;
    let fits = part.iter().zip(shape).all(|(group, length)| group.range.len() == *length);
    let range = part.first()?.range.start..part.last()?.range.end;
    (fits && is_card_in(view, part, &range)).then_some(range)
}

/// A card in one piece, perhaps filled up with zeros in front. The digits behind a decimal point are
/// a fraction.
fn alone(view: &View<'_>, group: &Group) -> Option<Range<usize>> {
    if group.glue == b'.' {
        return None;
    }
    let filled = view.while_from(group.range.start, |byte| byte == b'0').min(group.range.end);
    [group.range.start, filled].into_iter().find_map(|start| {
        let range = start..group.range.end;
        let group = Group { range: range.clone(), glue: group.glue };
        is_card_in(view, std::slice::from_ref(&group), &range).then_some(range)
    })
}

/// A card that went through a float: `4.111111111111111e+15`.
fn scientific(view: &View<'_>, groups: &[Group]) -> Option<Range<usize>> {
    let [whole, fraction, ..] = groups else { return None };
    let e = fraction.range.end;
    if whole.range.len() != 1 || fraction.glue != b'.' || !matches!(view.at(e), b'e' | b'E') {
        return None;
    }
    let power = if view.at(e + 1) == b'+' { e + 2 } else { e + 1 };
    let end = view.while_within(power, 2, |byte| byte.is_ascii_digit());
    let length = std::str::from_utf8(view.part(power..end)).ok()?.parse::<usize>().ok()? + 1;
    let written = 1 + fraction.range.len();
    if !LENGTHS.contains(&length) || written > length {
        return None;
    }
    let digits = digits(view, groups.get(..2)?).chain(std::iter::repeat_n(0, length - written));
    is_number(digits, length).then_some(whole.range.start..end)
}

fn is_card_in(view: &View<'_>, groups: &[Group], range: &Range<usize>) -> bool {
    let length = length(groups);
    LENGTHS.contains(&length)
        && is_number(digits(view, groups), length)
        && !(length <= 13 && is_part_of_more(view, range))
        && !is_in_digest(view, range)
        && !is_in_uuid(view, range)
}

/// Whether a short number belongs to a word, or follows the `+` of a telephone number, which has
/// at most 15 digits (E.164).
fn is_part_of_more(view: &View<'_>, range: &Range<usize>) -> bool {
    let (before, after) = (view.before(range.start), view.at(range.end));
    before == b'+' || before.is_ascii_alphabetic() || after.is_ascii_alphabetic()
}

/// Whether the digits stand in a long word of hexadecimal digits that are not all decimal.
fn is_in_digest(view: &View<'_>, range: &Range<usize>) -> bool {
    let start = view.while_before(range.start, DIGEST, |byte| byte.is_ascii_alphanumeric());
    let end = view.while_within(range.end, DIGEST, |byte| byte.is_ascii_alphanumeric());
    let word = view.part(start..end);
    word.len() >= 24
        && word.iter().all(u8::is_ascii_hexdigit)
        && word.iter().any(u8::is_ascii_alphabetic)
}

fn is_in_uuid(view: &View<'_>, range: &Range<usize>) -> bool {
    (range.end.saturating_sub(36)..=range.start)
        .any(|start| plain::has_form_of_uuid(view.part(start..start + 36)))
}

/// Whether these digits are the number of a card: an issuer's, of a length it uses, with the check
/// digit of ISO/IEC 7812-1 (Luhn).
fn is_number(digits: impl Iterator<Item = u8> + Clone, length: usize) -> bool {
    let prefix = digits.clone().take(6).fold(0, |prefix, digit| prefix * 10 + u32::from(digit));
    issued(prefix, length) && luhn(digits, length)
}

/// Every second digit counts twice, from the one before the last.
fn luhn(digits: impl Iterator<Item = u8>, length: usize) -> bool {
    let value = |(at, digit): (usize, u8)| match (length - at).is_multiple_of(2) {
        true if digit > 4 => u32::from(digit) * 2 - 9,
        true => u32::from(digit) * 2,
        false => u32::from(digit),
    };
    digits.enumerate().map(value).sum::<u32>().is_multiple_of(10)
}

/// The issuers' ranges by the first six digits, as the networks publish them.
fn issued(prefix: u32, length: usize) -> bool {
    match prefix {
        // JCB, the old ranges.
        180_000..=180_099 | 213_100..=213_199 => length == 15,
        // Mir.
        220_000..=220_499 => (16..=19).contains(&length),
        // Mastercard.
        222_100..=272_099 | 510_000..=559_999 => length == 16,
        // Diners Club, whose numbers that begin with 36 may be longer.
        300_000..=305_999 | 309_500..=309_599 | 380_000..=399_999 => matches!(length, 14 | 16),
        360_000..=369_999 => (14..=19).contains(&length),
        // American Express.
        340_000..=349_999 | 370_000..=379_999 => length == 15,
        // JCB has 3528 to 3589; generators of test data take all of 35, and nobody else has the rest.
        350_000..=359_999 => (16..=19).contains(&length),
        // Visa.
        400_000..=499_999 => matches!(length, 13 | 16 | 19),
        // Discover, UnionPay and RuPay.
        601_100..=601_199 | 620_000..=629_999 | 644_000..=659_999 => (16..=19).contains(&length),
        600_000..=609_999 | 508_000..=508_999 | 817_000..=829_999 => length == 16,
        810_000..=816_999 => (16..=19).contains(&length),
        // Verve and Troy.
        506_000..=507_999 => (16..=19).contains(&length),
        979_200..=979_299 => length == 16,
        // Maestro.
        501_800..=501_899 | 502_000..=502_099 | 503_800..=503_899 | 560_000..=589_999 => true,
        60_400..=60_499 | 630_400..=630_499 | 639_000..=639_099 | 675_900..=676_399 => true,
        _ => false,
    }
}

/// The lengths of card numbers.
pub(super) const LENGTHS: RangeInclusive<usize> = 12..=19;

/// How far around a number a digest is looked for: SHA-512 has 128 digits.
const DIGEST: usize = 128;

/// How cards are printed: ISO/IEC 7810 leaves it to the networks.
const SHAPES: [&[usize]; 5] =
    [&[4, 4, 4, 4, 3], &[4, 4, 4, 4, 2], &[4, 4, 4, 4], &[4, 6, 5], &[4, 6, 4]];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::{Kind, tests::found};

    fn card(text: &str) -> bool {
        is_number(text.bytes().map(|b| b - b'0'), text.len())
    }

    #[test]
    fn the_networks_own_test_numbers_are_cards() {
        for number in [
            "4111111111111111",
            "4012888888881881",
            "4222222222222",
            "5555555555554444",
            "5105105105105100",
            "2223003122003222",
            "378282246310005",
            "371449635398431",
            "30569309025904",
            "38520000023237",
            "6011111111111117",
            "6011000990139424",
            "3530111333300000",
            "3566002020360505",
            "6200000000000005",
            "6759649826438453",
            "2200000000000004",
        ] {
            assert!(card(number), "{number}");
        }
    }

    #[test]
    fn a_wrong_check_digit_issuer_or_length_is_not_a_card() {
        for number in
            ["4111111111111112", "1111111111111117", "411111111111116", "0000000000000000"]
        {
            assert!(!card(number), "{number}");
        }
    }

    #[test]
    fn a_card_is_found_however_it_is_written() {
        for card in [
            "4111111111111111",
            "4111 1111 1111 1111",
            "4111-1111-1111-1111",
            "4111.1111.1111.1111",
            "4111\u{a0}1111\u{a0}1111\u{a0}1111",
            "4111–1111–1111–1111",
            "4111 - 1111 - 1111 - 1111",
            "41 11 11 11 11 11 11 11",
            "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
            "41111111 11111111",
            "4\u{200b}11111\u{200b}1111111111",
            "４１１１１１１１１１１１１１１１",
            "٤١١١ ١١١١ ١١١١ ١١١١",
            "4111_1111_1111_1111",
            "4111/1111/1111/1111",
            "3782 822463 10005",
            "3056 930902 5904",
            "4.111111111111111e+15",
            "4.111111111111111E15",
        ] {
            assert_eq!(found(card), [(Kind::Card, card)]);
        }
        for card in ["4111111111111111", "4111 1111 1111 1111", "3782-822463-10005"] {
            assert!(found(&format!("7 {card} 12")).contains(&(Kind::Card, card)), "{card}");
        }
        assert_eq!(found("0000004111111111111111"), [(Kind::Card, "4111111111111111")]);
        assert_eq!(found("1. 4111111111111111"), [(Kind::Card, "4111111111111111")]);
        assert_eq!(found("ORD4111111111111111X"), [(Kind::Card, "4111111111111111")]);
    }

    #[test]
    fn a_card_that_begins_in_what_looks_like_another_is_covered_to_its_end() {
        // The first four groups pass as well.
        let text = "4000 0004 4111 1111 1111 1111";
        assert_eq!(found(text), [(Kind::Card, text)]);
        assert_eq!(found("4485 0000 4111 1111 1111 1111").len(), 1);
    }

    #[test]
    fn a_card_that_was_turned_round_is_found() {
        for card in ["0000 0000 0001 3154", "50001-364892-2873", "1111111111111114"] {
            let turned: Vec<u8> = card.bytes().rev().filter(u8::is_ascii_digit).collect();
            let known = is_number(turned.iter().map(|digit| digit & 0x0f), turned.len());
            assert_eq!(found(card).contains(&(Kind::Card, card)), known, "{card}");
        }
        assert_eq!(found("1111111111111114"), [(Kind::Card, "1111111111111114")]);
        assert_eq!(found("1111 1111 1111 1114"), [(Kind::Card, "1111 1111 1111 1114")]);
        assert_eq!(found("id 1111111111111114"), []);
    }

    #[test]
    fn ids_digests_telephone_numbers_and_fractions_are_not_cards() {
        for text in [
            "4111111111111112",
            "41111111111111111111",
            "0.4111111111111111",
            "4.1e+18446744073709551615",
            "12.4111111111111111",
            "5f4dcc3b-4111-1111-9111-1111aa327de8",
            "d41d8cd98f4111111111111111ecf842",
            "5f4dcc3b-aa76-4d61-a327-630427373398",
            "+300 5143 303 7311",
            "+4222222222222",
            "a4222222222222",
            "192.168.100.200",
            "2026-11-21 08:02:39",
            "1763712159123",
            "001-518-640-0854",
            "+46 (0)8 928 571 38",
            "978-3-16-148410-0",
            "[4111,1111,1111,1111]",
        ] {
            assert!(found(text).iter().all(|(kind, _)| *kind != Kind::Card), "{text}");
        }
    }
}
