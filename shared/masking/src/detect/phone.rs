//! Telephone numbers: international (E.164), of the North American plan, and what is named as one.

use std::ops::Range;

use super::{
    Hints,
    names::Named,
    number::{self, Group},
    view::View,
};

/// A telephone number that begins with the first of these groups.
pub(super) fn from(
    view: &View<'_>,
    groups: &[Group],
    previous: Option<&Group>,
) -> Option<Range<usize>> {
    let first = groups.first()?;
    if view.before(first.range.start) == b'+' {
        return international(view, first.range.start);
    }
    let lengths = |at: usize| groups.get(at).map(|group| group.range.len());
    match lengths(0)? {
        1 | 3 if (lengths(1), lengths(2), lengths(3)) == (Some(3), Some(3), Some(4)) => {
            let prefix = view.part(first.range.clone());
            let known = prefix == b"1" || prefix == b"001";
            known
                .then(|| american(view, groups.get(1..)?, Some(first), false))?
                .map(|found| first.range.start..found.end)
                .or_else(|| american(view, groups, previous, true))
        }
        3 => american(view, groups, previous, true),
        3..=5 if groups.len() > 1 => with_zeros(view, first),
        _ => None,
    }
}

/// `(212) 555-0123`: the area in brackets, which stand for a `+` of their own.
pub(super) fn bracketed(view: &View<'_>, area: &Range<usize>) -> Option<Range<usize>> {
    let start = area.start.checked_sub(1)?;
    if view.at(start) != b'(' || view.at(area.end) != b')' || area.len() != 3 {
        return None;
    }
    let exchange = area.end + 1 + usize::from(view.at(area.end + 1) == b' ');
    let sign = exchange + 3;
    let end = sign + 5;
    let written = matches!(view.at(sign), b'-' | b'.' | b' ')
        && is_code(view.part(area.clone()))
        && is_code(view.part(exchange..sign))
        && all_digits(view.part(sign + 1..end), 4)
        && is_free(view, start)
        && !view.at(end).is_ascii_digit();
    written.then(|| start..extension(view, end))
}

/// A number that the words before or after it, or the name of its field, call one: seven to fifteen
/// digits however they are cut.
pub(super) fn announced(view: &View<'_>, start: usize, hints: Hints) -> Option<Range<usize>> {
    let bracket = usize::from(view.before(start) == b'(');
    let from = start - bracket;
    let plus = from - usize::from(view.before(from) == b'+');
    let told = hints.named == Some(Named::Phone) || is_called(view, plus);
    let date = (view.at(start + 4), view.at(start + 7)) == (b'-', b'-');
    if !told || date || !is_free(view, plus) {
        return None;
    }
    let read = Read::of(view, start, LONGEST)?;
    let enough = (SHORTEST..=LONGEST).contains(&read.digits.len());
    enough.then(|| plus..extension(view, read.end))
}

/// Whether a field of this name holds telephone numbers.
pub(super) fn named(field: &str) -> bool {
    let is = |word: &[u8]| FIELDS.iter().any(|name| word.eq_ignore_ascii_case(name));
    let ends = |words: &[&str]| words.iter().any(|word| field.ends_with(word));
    field.split(|c: char| !c.is_ascii_alphabetic()).any(|word| is(word.as_bytes()))
        || ["phone", "mobile"].iter().any(|word| field.starts_with(word))
        || ends(&["phone", "Phone", "Mobile", "Fax"])
}

/// `+`, a country that has that code, and as many digits as its numbers have.
fn international(view: &View<'_>, first: usize) -> Option<Range<usize>> {
    let plus = first.checked_sub(1)?;
    is_free(view, plus).then_some(())?;
    let most = if view.at(first) == b'1' { AMERICAN } else { LONGEST };
    let read = Read::of(view, first, most)?;
    // `+45000000.00` is an amount.
    let amount = matches!(view.at(read.end), b'.' | b',') && view.at(read.end + 1).is_ascii_digit()
        || read.groups == 2 && view.at(first + read.head) == b'.' && read.head > 3;
    (read.is_international() && !amount).then(|| plus..extension(view, read.end))
}

/// `0046 8 …`: the same with the two zeros that stand for the `+` in most of the world.
fn with_zeros(view: &View<'_>, first: &Group) -> Option<Range<usize>> {
    let start = first.range.start;
    if view.part(start..start + 2) != b"00" || !is_free(view, start) {
        return None;
    }
    let read = Read::of(view, start + 2, LONGEST)?;
    (read.is_international() && read.groups > 1).then(|| start..extension(view, read.end))
}

/// Area, exchange and number: `212-555-0123`.
fn american(
    view: &View<'_>,
    groups: &[Group],
    previous: Option<&Group>,
    free: bool,
) -> Option<Range<usize>> {
    let [area, exchange, number, rest @ ..] = groups else { return None };
    let lengths = (area.range.len(), exchange.range.len(), number.range.len());
    let glue = exchange.glue;
    if lengths != (3, 3, 4) || glue != number.glue || !matches!(glue, b'-' | b'.' | b' ') {
        return None;
    }
    let codes =
        is_code(view.part(area.range.clone())) && is_code(view.part(exchange.range.clone()));
    let (start, end) = (area.range.start, number.range.end);
    let longer =
        matches!(view.at(end), b'-' | b'.' | b'/' | b'_') && view.at(end + 1).is_ascii_digit();
    // Between blanks such groups may belong to anything.
    let alone = glue != b' ' || (rest.is_empty() && (!free || previous.is_none()));
    (codes && alone && !longer && (!free || is_free(view, start)))
        .then(|| start..extension(view, end))
}

/// The codes of areas and exchanges begin with 2 to 9, and `N11` is a service.
fn is_code(digits: &[u8]) -> bool {
    matches!(digits, [b'2'..=b'9', second, third]
        if second.is_ascii_digit() && third.is_ascii_digit() && (*second, *third) != (b'1', b'1'))
}

fn all_digits(part: &[u8], length: usize) -> bool {
    part.len() == length && part.iter().all(u8::is_ascii_digit)
}

/// Whether nothing stands before that a number or a word could be the end of.
fn is_free(view: &View<'_>, start: usize) -> bool {
    let before = view.before(start);
    !(before.is_ascii_alphanumeric()
        || matches!(before, b'.' | b'+' | b'-' | b'_' | b'/' | b'$' | b'#'))
}

/// Where an extension ends that may follow: `x45`, ` ext. 45`.
fn extension(view: &View<'_>, end: usize) -> usize {
    let blank = end + usize::from(view.at(end) == b' ');
    let digits = match view.part(blank..blank + 3) {
        [b'x' | b'X', ..] => blank + 1,
        b"ext" | b"Ext" => view.while_within(blank + 3, 2, |byte| matches!(byte, b'.' | b' ')),
        _ => return end,
    };
    let last = view.while_within(digits, 6, |byte| byte.is_ascii_digit());
    if last > digits { last } else { end }
}

/// The digits of a number and how they are written.
struct Read {
    digits: Vec<u8>,
    /// How many digits the first group has.
    head: usize,
    groups: usize,
    end: usize,
}

impl Read {
    /// Reads whole groups, at most so many digits in all.
    fn of(view: &View<'_>, start: usize, most: usize) -> Option<Self> {
        let mut read = Self { digits: Vec::with_capacity(most), head: 0, groups: 0, end: start };
        let mut at = start;
        loop {
            let end = view.while_within(at, most + 1, |byte| byte.is_ascii_digit());
            if end == at || read.digits.len() + (end - at) > most {
                break;
            }
            if read.groups == 0 {
                read.head = end - at;
            }
            read.digits.extend_from_slice(view.part(at..end));
            (read.groups, read.end) = (read.groups + 1, end);
            at = view.while_within(end, 3, |byte| {
                matches!(byte, b' ' | b'-' | b'.' | b'(' | b')' | b'/')
            });
        }
        (read.groups > 0).then_some(read)
    }

    /// Whether the digits begin with the code of a country and are as many as its numbers have.
    fn is_international(&self) -> bool {
        let code = |length: usize| {
            let digits = self.digits.get(..length)?;
            Some(digits.iter().fold(0u16, |code, digit| code * 10 + u16::from(digit & 0x0f)))
        };
        let length = self.digits.len();
        match (code(1), code(2), code(3)) {
            (Some(1), ..) => length == AMERICAN && matches!(self.digits.get(1), Some(b'2'..=b'9')),
            (Some(7), ..) => length == 11,
            (_, Some(two), _) if TWO.contains(&two) => (9..=LONGEST).contains(&length),
            (_, _, Some(three)) => THREE.contains(&three) && (9..=LONGEST).contains(&length),
            _ => false,
        }
    }
}

/// Whether the words before or the one after call it a telephone number.
pub(super) fn is_called(view: &View<'_>, start: usize) -> bool {
    let gap =
        |byte: u8| matches!(byte, b' ' | b':' | b'=' | b'"' | b'\'' | b'(' | b'.' | b'\n' | b'#');
    // Most numbers follow something else.
    let before = view.before(start);
    if !gap(before) && !before.is_ascii_alphabetic() {
        return false;
    }
    let mut end = view.while_before(start, 4, gap);
    for _ in 0..3 {
        let word = view.while_before(end, WORD, |byte| byte.is_ascii_alphabetic());
        let part = view.part(word..end);
        if part.len() < 2 {
            return false;
        }
        if is_word_for_it(part) && !view.part(word.saturating_sub(7)..word).ends_with(b"masked:") {
            return true;
        }
        if !BETWEEN.iter().any(|between| part.eq_ignore_ascii_case(between)) {
            return false;
        }
        end = view.while_before(word, 2, |byte| byte == b' ');
    }
    false
}

fn is_word_for_it(word: &[u8]) -> bool {
    WORDS.iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// How many digits a number of the North American plan has, with its country.
const AMERICAN: usize = 11;
/// E.164 allows no more.
const LONGEST: usize = 15;
/// Within one place.
const SHORTEST: usize = number::FEWEST;
const WORD: usize = 12;

const WORDS: [&[u8]; 11] = [
    b"call",
    b"cell",
    b"cellphone",
    b"fax",
    b"mobile",
    b"phone",
    b"sms",
    b"tel",
    b"telefon",
    b"telephone",
    b"whatsapp",
];

/// The names of fields; a `call` and a `cell` may have numbers of their own.
const FIELDS: [&[u8]; 8] =
    [b"fax", b"mobile", b"msisdn", b"phone", b"phones", b"tel", b"telefon", b"telephone"];

/// What stands between the word and the number: `call me at`, `phone number is`.
const BETWEEN: [&[u8]; 8] = [b"at", b"is", b"me", b"no", b"number", b"on", b"to", b"us"];

/// The codes of two digits that the ITU has assigned (E.164, list of 2016 and amendments).
const TWO: [u16; 44] = [
    20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56,
    57, 58, 60, 61, 62, 63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98,
];

/// And those of three.
const THREE: [u16; 171] = [
    211, 212, 213, 216, 218, 220, 221, 222, 223, 224, 225, 226, 227, 228, 229, 230, 231, 232, 233,
    234, 235, 236, 237, 238, 239, 240, 241, 242, 243, 244, 245, 246, 247, 248, 249, 250, 251, 252,
    253, 254, 255, 256, 257, 258, 260, 261, 262, 263, 264, 265, 266, 267, 268, 269, 290, 291, 297,
    298, 299, 350, 351, 352, 353, 354, 355, 356, 357, 358, 359, 370, 371, 372, 373, 374, 375, 376,
    377, 378, 379, 380, 381, 382, 383, 385, 386, 387, 389, 420, 421, 423, 500, 501, 502, 503, 504,
    505, 506, 507, 508, 509, 590, 591, 592, 593, 594, 595, 596, 597, 598, 599, 670, 672, 673, 674,
    675, 676, 677, 678, 679, 680, 681, 682, 683, 685, 686, 687, 688, 689, 690, 691, 692, 800, 808,
    850, 852, 853, 855, 856, 870, 878, 880, 881, 882, 883, 886, 888, 960, 961, 962, 963, 964, 965,
    966, 967, 968, 970, 971, 972, 973, 974, 975, 976, 977, 979, 992, 993, 994, 995, 996, 998, 999,
];

#[cfg(test)]
mod tests {
    use crate::detect::{Counts, Kind, cover_json, tests::found};

    #[test]
    fn international_numbers_are_found_however_they_are_cut() {
        for number in [
            "+14155550123",
            "+1 415 555 0123",
            "+1-903-140-4508x769",
            "+49 30 901820",
            "+46 (0)8 928 571 38",
            "+41 (0)96 471 07 95",
            "+447700 921 916",
            "+447700677662",
            "+353 1 679 6000",
            "+81-3-3224-9999",
            "001-518-640-0854",
            "0046 8 928 571 38",
            "+４９ ３０ ９０１８２０",
        ] {
            assert_eq!(found(number), [(Kind::Phone, number)], "{number}");
            assert_eq!(found(&format!("from {number}, at noon")), [(Kind::Phone, number)]);
        }
    }

    #[test]
    fn numbers_of_the_north_american_plan_are_found() {
        for number in [
            "905-674-3793",
            "(579)888-3058",
            "(602) 272-9781",
            "(898)666-3621x0135",
            "345-899-3560 ext. 4587",
            "415.555.0123",
            "415 555 0123",
            "1-415-555-0123",
        ] {
            assert_eq!(found(number), [(Kind::Phone, number)], "{number}");
        }
    }

    #[test]
    fn words_and_names_tell_of_numbers_of_any_form() {
        for (before, number) in [
            ("Phone: ", "0490 75 40 81"),
            ("phone:\n", "467 3395"),
            ("call me at ", "0494 92 82 32"),
            ("Fax: ", "9498777106"),
            ("Mobile: ", "03.93.92.16.85"),
            ("tel. ", "(08) 8747 6301"),
        ] {
            let text = format!("{before}{number}");
            let covered: Vec<_> =
                found(&text).into_iter().filter(|(kind, _)| *kind == Kind::Phone).collect();
            assert_eq!(covered, [(Kind::Phone, number)], "{text}");
        }
        let text = r#"{"phone":"467 3395","mobileNumber":"0494928232","id":"4673395"}"#;
        let expected =
            r#"{"phone":"[masked:phone]","mobileNumber":"[masked:phone]","id":"4673395"}"#;
        assert_eq!(cover_json(text, &mut Counts::default()), expected);
    }

    #[test]
    fn ids_amounts_times_and_versions_are_not_numbers() {
        for text in [
            "4155550123",
            "1763712159123",
            "2026-11-21 08:02:39+0000",
            "2026-11-21T08:02:39.123456+01:00",
            "Sat, 21 Nov 2026 08:02:39 +0100 2026",
            "+45000000.00",
            "+12345678",
            "1e+1555501234",
            "192.168.100.200",
            "415-155-0123",
            "115-555-0123",
            "12-415-555-0123",
            "415-555-0123-9999",
            "100 200 3000 4000",
            "[masked:phone] 0490754081",
            "user+14155550123",
            "call 12",
            "tel -1000000",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
