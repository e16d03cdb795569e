//! Numbers that are ids and times, recognised first because databases are full of them.

use super::view::{DIGIT, View, is};

/// Where the UUID or the time ends that this digit belongs to, or begins.
pub(super) fn id_or_time(view: &View<'_>, digit: usize) -> Option<usize> {
    if view.at(digit + 4) == b'-' && view.at(digit + 7) == b'-' {
        return date(view, digit);
    }
    // The dash behind the first eight digits of a UUID, some of which may be letters.
    let dash = digit + 1 + first_dash(view.chunk(digit + 1)?)?;
    uuid(view, dash.checked_sub(8)?)
}

/// Where the first dash of eight bytes is. All at once: where one is, a borrow goes through.
fn first_dash(bytes: &[u8; 8]) -> Option<usize> {
    let others = u64::from_le_bytes(*bytes) ^ 0x2d2d_2d2d_2d2d_2d2d;
    let dashes = others.wrapping_sub(0x0101_0101_0101_0101) & !others & HIGHEST;
    (dashes != 0).then_some(dashes.trailing_zeros() as usize / 8)
}

/// Where the UUID ends that is here (RFC 9562: its version is 1 to 8 and its variant 8 to b).
pub(super) fn uuid(view: &View<'_>, start: usize) -> Option<usize> {
    let word = view.part(start..start + 36);
    let [version, variant] = [*word.get(14)?, *word.get(19)?];
    let known = matches!(version, b'1'..=b'8')
        && matches!(variant, b'8' | b'9' | b'a'..=b'b' | b'A'..=b'B');
    let alone =
        !view.before(start).is_ascii_alphanumeric() && !view.at(start + 36).is_ascii_alphanumeric();
    (known && alone && has_form_of_uuid(word)).then_some(start + 36)
}

/// Whether these are five groups of hexadecimal digits, as long as those of a UUID.
pub(super) fn has_form_of_uuid(word: &[u8]) -> bool {
    let dashes = [8, 13, 18, 23].iter().all(|at| word.get(*at) == Some(&b'-'));
    // Without a branch: four dashes are there, and nothing else that is no digit.
    dashes
        && word.len() == 36
        && word.iter().fold(0u8, |sum, byte| sum.wrapping_add(not_hex(*byte))) == 4
}

/// 1 for a dash, 0 for a hexadecimal digit, and more for anything else.
fn not_hex(byte: u8) -> u8 {
    let digit = byte.wrapping_sub(b'0') < 10;
    let letter = (byte | 0x20).wrapping_sub(b'a') < 6;
    let other = if byte == b'-' { 1 } else { 5 };
    if digit | letter { 0 } else { other }
}

/// Where a date ends that begins here, with its time of day and the offset of its zone if they are
/// there. No card begins with the digits of these years.
fn date(view: &View<'_>, start: usize) -> Option<usize> {
    let end = start + 10;
    let [year @ .., day, digit] = view.chunk::<10>(start)?;
    let [b'1' | b'2', b'9' | b'0', _, _, _, month, _, _] = *year else { return None };
    // Months to 19 and days to 39 are no cards either.
    let plausible = matches!(month, b'0' | b'1') && day.is_ascii_digit() && digit.is_ascii_digit();
    if !plausible || *day > b'3' || !has_form(year, DATE) || goes_on(view, start, end) {
        return None;
    }
    match view.at(end) {
        b' ' | b'T' => Some(time(view, end + 1).unwrap_or(end)),
        _ => Some(end),
    }
}

/// Whether more digits may stand directly at one of its ends.
fn goes_on(view: &View<'_>, start: usize, end: usize) -> bool {
    let more = |byte: u8| is(byte, DIGIT) || matches!(byte, b'-' | b'_' | b'.' | b'/');
    more(view.before(start)) || more(view.at(end))
}

/// Where a time of day ends: hours, minutes, seconds and their parts, and the offset.
fn time(view: &View<'_>, start: usize) -> Option<usize> {
    let mut end = start + 8;
    if !has_form(view.chunk(start)?, TIME) {
        return None;
    }
    let digit = |at: usize| is(view.at(at), DIGIT);
    if view.at(end) == b'.' {
        end = view.while_within(end + 1, 9, |byte| is(byte, DIGIT));
    }
    if matches!(view.at(end), b'+' | b'-') && digit(end + 1) && digit(end + 2) {
        end += 3;
        if view.at(end) == b':' && digit(end + 1) && digit(end + 2) {
            end += 3;
        }
    }
    (!digit(end)).then_some(end)
}

/// Whether eight bytes are written as others: a digit for each zero, and the same signs. All at once:
/// what differs too much from its zero or sign has its highest bit set when room is added.
fn has_form(text: &[u8; 8], form: &[u8; 8]) -> bool {
    let room = form.map(|byte| if byte == b'0' { 0x7f - 9 } else { 0x7f });
    let [text, form, room] = [*text, *form, room].map(u64::from_le_bytes);
    let differs = text ^ form;
    let low = differs & !HIGHEST;
    (differs | low.wrapping_add(room)) & HIGHEST == 0
}

/// The highest bit of each of eight bytes.
const HIGHEST: u64 = 0x8080_8080_8080_8080;

const DATE: &[u8; 8] = b"0000-00-";
const TIME: &[u8; 8] = b"00:00:00";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::detect::{Kind, tests::found};

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn the_first_dash_is_the_one_that_is_read_first(
            bytes in prop::array::uniform8(prop_oneof![Just(b'-'), 44..47u8, any::<u8>()]),
        ) {
            prop_assert_eq!(first_dash(&bytes), bytes.iter().position(|byte| *byte == b'-'));
        }
    }

    fn passed(text: &str) -> Option<usize> {
        let view = View::of(text.as_bytes());
        let digit = text.find(|c: char| c.is_ascii_digit())?;
        id_or_time(&view, digit)
    }

    #[test]
    fn ids_and_times_are_passed_over_whole() {
        for text in [
            "018f3c2a-7b1d-7c3e-9f00-1234567890ab",
            "f47ac10b-58cc-4372-a567-0e02b2c3d479",
            "2026-11-21",
            "2026-11-21 08:02:39",
            "2026-11-21T08:02:39.123456789+01:00",
            "2026-11-21 08:02:39.123456+00",
        ] {
            assert_eq!(passed(text), Some(text.len()), "{text}");
        }
        for text in ["4111-11-11 11:11", "2026-11-21-1", "12026-11-21", "2026-11-211"] {
            assert_eq!(passed(text), None, "{text}");
        }
    }

    #[test]
    fn what_follows_an_id_or_a_time_is_found() {
        for before in ["2026-11-21 08:02:39", "2026-11-21", "018f3c2a-7b1d-7c3e-9f00-1234567890ab"]
        {
            let text = format!("{before} 4111 1111 1111 1111");
            assert_eq!(found(&text), [(Kind::Card, "4111 1111 1111 1111")]);
        }
    }
}
