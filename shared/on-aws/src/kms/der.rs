//! From the form in which KMS gives a signature to the one that a token carries.

/// `r` and `s` of a DER `SEQUENCE` of two `INTEGER`s (RFC 3279, 2.2.3), 32 bytes each as in RFC 7518,
/// 3.4.
///
/// Nothing unless both are positive, fit into 32 bytes, are written in the one way that DER has for
/// them, and nothing else is there.
pub(super) fn fixed(der: &[u8]) -> Option<[u8; 64]> {
    let (both, b"") = element(SEQUENCE, der)? else { return None };
    let (r, rest) = element(INTEGER, both)?;
    let (s, b"") = element(INTEGER, rest)? else { return None };
    let mut fixed = [0; 64];
    let (left, right) = fixed.split_at_mut(32);
    put(left, positive(r)?)?;
    put(right, positive(s)?)?;
    Some(fixed)
}

/// The content of the first element, which has to be of this kind, and what follows it.
fn element(tag: u8, der: &[u8]) -> Option<(&[u8], &[u8])> {
    match der {
        // Two numbers of 33 bytes with their heads are 70 bytes: all lengths here are short ones.
        [found, length @ 0..0x80, rest @ ..] if *found == tag => {
            rest.split_at_checked(usize::from(*length))
        }
        _ => None,
    }
}

/// The digits of a number above zero, without the byte that keeps the first one from being a sign.
fn positive(integer: &[u8]) -> Option<&[u8]> {
    match integer {
        [0, digits @ ..] if matches!(digits, [0x80..=0xff, ..]) => Some(digits),
        [1..0x80, ..] => Some(integer),
        // Zero, negative, empty, or longer than it need be.
        _ => None,
    }
}

/// At the end of the place, with zeros before it.
fn put(place: &mut [u8], digits: &[u8]) -> Option<()> {
    let start = place.len().checked_sub(digits.len())?;
    place.get_mut(start..)?.copy_from_slice(digits);
    Some(())
}

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;

#[cfg(test)]
mod tests {
    use super::*;

    /// Of two integers whose content is this.
    fn der(r: &[u8], s: &[u8]) -> Vec<u8> {
        let integer = |content: &[u8]| [&[INTEGER, short(content)], content].concat();
        let both = [integer(r), integer(s)].concat();
        [&[SEQUENCE, short(&both)], &both[..]].concat()
    }

    fn short(content: &[u8]) -> u8 {
        u8::try_from(content.len()).unwrap()
    }

    /// Thirty-two bytes that end with these.
    fn padded(digits: &[u8]) -> Vec<u8> {
        [&vec![0; 32 - digits.len()], digits].concat()
    }

    #[test]
    fn numbers_of_every_length_fill_their_32_bytes() {
        let other = [0x11; 32];
        for length in 1..=32 {
            for first in [0x01, 0x7f, 0x80, 0xff] {
                let digits = [&[first], &vec![0; length - 1][..]].concat();
                let signed =
                    if first < 0x80 { digits.clone() } else { [&[0], &digits[..]].concat() };
                let (r, s) = (padded(&digits), padded(&other));
                assert_eq!(fixed(&der(&signed, &other)).unwrap()[..], [&r[..], &s].concat());
                assert_eq!(fixed(&der(&other, &signed)).unwrap()[..], [&s[..], &r].concat());
            }
        }
    }

    #[test]
    fn a_number_that_der_does_not_write_so_is_refused() {
        let long = [&[0x01][..], &[0; 32]].concat();
        let long_and_high = [&[0x00, 0x80][..], &[0; 32]].concat();
        let wrong: [(&str, &[u8]); 9] = [
            ("zero", &[0]),
            ("zero in two bytes", &[0, 0]),
            ("no bytes", &[]),
            ("minus one", &[0xff]),
            ("negative", &[0x80, 1]),
            ("a needless zero before it", &[0, 0x7f]),
            ("two zeros before it", &[0, 0, 0x80]),
            ("33 bytes", &long),
            ("33 bytes and a zero before them", &long_and_high),
        ];
        for (what, number) in wrong {
            assert_eq!(fixed(&der(number, &[1])), None, "r: {what}");
            assert_eq!(fixed(&der(&[1], number)), None, "s: {what}");
        }
    }

    #[test]
    fn whatever_is_too_much_or_too_little_is_refused() {
        let good = der(&[0, 0x80], &[1]);
        assert!(fixed(&good).is_some());
        for end in 0..good.len() {
            assert_eq!(fixed(&good[..end]), None, "the first {end} bytes");
        }
        assert_eq!(fixed(&[&good[..], &[0]].concat()), None, "a byte after the end");
        let mut third = [&good[..], &[INTEGER, 1, 1]].concat();
        third[1] += 3;
        assert_eq!(fixed(&third), None, "a third number");
        assert_eq!(fixed(&[0; 64]), None, "already of fixed length");
        for (place, value) in [(0, 0x31), (2, 0x03), (6, 0x04)] {
            let mut other = good.clone();
            other[place] = value;
            assert_eq!(fixed(&other), None, "a tag {value} at {place}");
        }
    }

    #[test]
    fn lengths_in_other_forms_than_ders_are_refused() {
        let both = [INTEGER, 1, 1, INTEGER, 1, 1];
        assert!(fixed(&[&[SEQUENCE, 6], &both[..]].concat()).is_some());
        for head in [&[SEQUENCE, 0x81, 6][..], &[SEQUENCE, 0x82, 0, 6]] {
            assert_eq!(fixed(&[head, &both].concat()), None, "a long form of a short length");
        }
        let endless = [&[SEQUENCE, 0x80], &both[..], &[0, 0]].concat();
        assert_eq!(fixed(&endless), None, "of indefinite length");
        let inside = [SEQUENCE, 7, INTEGER, 0x81, 1, 1, INTEGER, 1, 1];
        assert_eq!(fixed(&inside), None, "a long form within");
    }
}
