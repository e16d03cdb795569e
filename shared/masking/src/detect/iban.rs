//! International bank account numbers: a country, its length, and the check digits of ISO 7064.

use std::ops::Range;

use super::view::View;

/// The IBAN whose check digits begin at `digits`, if there is one.
pub(super) fn at(view: &View<'_>, digits: usize) -> Option<Range<usize>> {
    let start = digits.checked_sub(2)?;
    let [first, second] = *view.part(start..digits) else { return None };
    let country = [first.to_ascii_uppercase(), second.to_ascii_uppercase()];
    let length = length(country)?;
    if view.before(start).is_ascii_alphanumeric() && !announced(view, start) {
        return None;
    }
    let written = Written::read(view, start, length)?;
    if view.at(written.end).is_ascii_alphanumeric() {
        return None;
    }
    (written.plausible() && remainder(&written.characters) == 1).then_some(start..written.end)
}

/// The word `IBAN` may stand directly before.
fn announced(view: &View<'_>, start: usize) -> bool {
    view.part(start.saturating_sub(4)..start).eq_ignore_ascii_case(b"iban")
}

/// The characters of an IBAN, and how they were written.
struct Written {
    characters: Vec<u8>,
    end: usize,
    /// After how many characters something stood between.
    cuts: Vec<usize>,
}

impl Written {
    fn read(view: &View<'_>, start: usize, length: usize) -> Option<Self> {
        let mut characters = Vec::with_capacity(length);
        let (mut at, mut cuts) = (start, Vec::new());
        while characters.len() < length {
            let byte = view.at(at);
            if byte.is_ascii_alphanumeric() {
                characters.push(byte);
                at += 1;
            } else if matches!(byte, b' ' | b'-' | b'.' | b'_')
                && cuts.last() != Some(&characters.len())
            {
                cuts.push(characters.len());
                at += 1;
            } else {
                return None;
            }
        }
        Some(Self { characters, end: at, cuts })
    }

    /// Prose such as `at 10 people` has one chance in 97 to pass the check digits, so a number that
    /// is cut must be cut into fours or be digits throughout, and its letters are of one case.
    fn plausible(&self) -> bool {
        let account = self.characters.get(4..).unwrap_or_default();
        let digits = account.iter().filter(|byte| byte.is_ascii_digit()).count();
        let one_case = !self.characters.iter().any(u8::is_ascii_lowercase)
            || !self.characters.iter().any(u8::is_ascii_uppercase);
        let fours = self.cuts.iter().all(|cut| cut.is_multiple_of(4));
        let whole =
            self.characters.get(2..4).is_some_and(|check| check.iter().all(u8::is_ascii_digit));
        whole && one_case && digits >= 5 && (fours || digits == account.len())
    }
}

/// The remainder by 97 of the number that ISO 7064 makes of it: the first four characters go to the
/// end, and letters count from 10.
fn remainder(characters: &[u8]) -> u32 {
    let (head, account) = characters.split_at(characters.len().min(4));
    account.iter().chain(head).fold(0, |sum, byte| match byte {
        b'0'..=b'9' => (sum * 10 + u32::from(byte - b'0')) % 97,
        _ => (sum * 100 + u32::from(byte.to_ascii_uppercase() - b'A') + 10) % 97,
    })
}

/// How long the IBANs of a country are, by SWIFT's registry (release 99).
fn length(country: [u8; 2]) -> Option<usize> {
    Some(match &country {
        b"NO" => 15,
        b"BE" => 16,
        b"DK" | b"FI" | b"FK" | b"FO" | b"GL" | b"NL" | b"SD" => 18,
        b"MK" | b"SI" => 19,
        b"AT" | b"BA" | b"EE" | b"KZ" | b"LT" | b"LU" | b"MN" | b"XK" => 20,
        b"CH" | b"HR" | b"LI" | b"LV" => 21,
        b"BG" | b"BH" | b"CR" | b"DE" | b"GB" | b"GE" | b"IE" | b"ME" | b"RS" | b"VA" => 22,
        b"AE" | b"GI" | b"IL" | b"IQ" | b"OM" | b"SO" | b"TL" => 23,
        b"AD" | b"CZ" | b"ES" | b"MD" | b"PK" | b"RO" | b"SA" | b"SE" | b"SK" | b"TN" => 24,
        b"VG" => 24,
        b"LY" | b"PT" | b"ST" => 25,
        b"IS" | b"TR" => 26,
        b"BI" | b"DJ" | b"FR" | b"GR" | b"IT" | b"MC" | b"MR" | b"SM" => 27,
        b"AL" | b"AZ" | b"BY" | b"CY" | b"DO" | b"GT" | b"HN" | b"HU" | b"LB" | b"NI" => 28,
        b"PL" | b"SV" => 28,
        b"BR" | b"EG" | b"PS" | b"QA" | b"UA" => 29,
        b"JO" | b"KW" | b"MU" | b"YE" => 30,
        b"MT" | b"SC" => 31,
        b"LC" => 32,
        b"RU" => 33,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::detect::{Kind, scan};

    fn found(text: &str) -> bool {
        scan(text)
            .iter()
            .any(|finding| finding.kind == Kind::Iban && finding.range == (0..text.len()))
    }

    #[test]
    fn the_registrys_examples_are_found_printed_and_electronic() {
        for iban in [
            "GB29NWBK60161331926819",
            "GB29 NWBK 6016 1331 9268 19",
            "DE89370400440532013000",
            "DE89 370 400 44 0532 013 000",
            "NO9386011117947",
            "BE68539007547034",
            "FR1420041010050500013M02606",
            "MT84MALT011000012345MTLCAST001S",
            "nl91abna0417164300",
            "SC18SSCB11010000000000001497USD",
            "CH93 0076 2011 6238 5295 7",
            "KZ86125KZT5004100100",
            "LC55HEMM000100010012001200023015",
            "PL61109010140000071219812874",
        ] {
            assert!(found(iban), "{iban}");
        }
    }

    #[test]
    fn a_wrong_digit_country_or_length_is_not_an_iban() {
        for text in [
            "GB29NWBK60161331926818",
            "XX29NWBK60161331926819",
            "GB29NWBK6016133192681",
            "GB29NWBK601613319268190",
            "AGB29NWBK60161331926819",
            "Gb29NwBK60161331926819",
        ] {
            assert!(!scan(text).iter().any(|finding| finding.kind == Kind::Iban), "{text}");
        }
    }
}
