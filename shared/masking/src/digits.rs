//! Other digits in the place of digits: format-preserving encryption (FF1, NIST SP 800-38G).

use aes::Aes256;
use credentials::MaskKey;
use fpe::ff1::{FF1, FlexibleNumeralString};
use zeroize::Zeroizing;

/// Digits of one tag under one key. Equal texts become equal texts, and no two texts become one.
pub(crate) struct Digits {
    cipher: FF1<Aes256>,
    tag: String,
}

impl Digits {
    /// Under a key of its own, so that nothing that is seen of tokens tells about digits.
    pub(crate) fn new(tag: &str, key: &MaskKey) -> Option<Self> {
        let own = Zeroizing::new(key.hmac(b"fpe"));
        let cipher = FF1::new(own.as_slice(), RADIX).ok()?;
        Some(Self { cipher, tag: tag.to_owned() })
    }

    /// The text with its digits replaced and everything else kept. `None` for a text with fewer than
    /// six, which could be tried out one by one, or with more than any number that people are given.
    pub(crate) fn replace(&self, text: &str) -> Option<String> {
        let digits: Vec<u16> = text.chars().filter_map(digit).collect();
        if !(FEWEST..=MOST).contains(&digits.len()) {
            return None;
        }
        let digits = FlexibleNumeralString::from(digits);
        let others = Vec::from(self.cipher.encrypt(self.tag.as_bytes(), &digits).ok()?);
        fill(text, &others)
    }
}

fn fill(text: &str, others: &[u16]) -> Option<String> {
    let mut others = others.iter();
    let other = |c: char| match digit(c) {
        Some(_) => char::from_digit((*others.next()?).into(), RADIX),
        None => Some(c),
    };
    text.chars().map(other).collect()
}

fn digit(c: char) -> Option<u16> {
    c.to_digit(RADIX).and_then(|digit| u16::try_from(digit).ok())
}

const RADIX: u32 = 10;
/// SP 800-38G, section 5.1: a domain of at least a million.
const FEWEST: usize = 6;
/// Of ours: the work grows with the square of their number.
const MOST: usize = 64;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn digits(tag: &str) -> Digits {
        Digits::new(tag, &MaskKey::new(Zeroizing::new([7; 32]))).unwrap()
    }

    fn back(digits: &Digits, text: &str) -> String {
        let others = text.chars().filter_map(digit).collect::<Vec<_>>().into();
        let plain = digits.cipher.decrypt::<FlexibleNumeralString>(digits.tag.as_bytes(), &others);
        fill(text, &Vec::from(plain.unwrap())).unwrap()
    }

    /// FF1 sample 8 of NIST: AES-256 with a tweak.
    #[test]
    fn it_reckons_as_nist_has_it() {
        let key = [
            0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6, 0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf,
            0x4f, 0x3c, 0xef, 0x43, 0x59, 0xd8, 0xd5, 0x80, 0xaa, 0x4f, 0x7f, 0x03, 0x6d, 0x6f,
            0x04, 0xfc, 0x6a, 0x94,
        ];
        let cipher = FF1::new(&key, RADIX).unwrap();
        let digits = Digits { cipher, tag: "9876543210".into() };
        assert_eq!(digits.replace("0123456789").as_deref(), Some("1001623463"));
    }

    #[test]
    fn few_digits_and_very_many_are_not_replaced() {
        let digits = digits("card");
        for text in ["", "no digits", "12345", "1-2-3-4-5", "١٢٣٤٥٦٧", &"1".repeat(65)] {
            assert_eq!(digits.replace(text), None, "{text}");
        }
        assert!(digits.replace("123456").is_some());
        assert!(digits.replace(&"1".repeat(64)).is_some());
    }

    #[test]
    fn other_tags_have_other_digits() {
        let number = "4111 1111 1111 1111";
        assert_ne!(digits("card").replace(number), digits("iban").replace(number));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn everything_but_digits_stays_and_the_key_brings_them_back(
            text in "[a-z é-]{0,4}([0-9][ -]?){6,20}[a-z é]{0,4}",
        ) {
            let digits = digits("card");
            let other = digits.replace(&text).unwrap();
            let frame = |text: &str| -> String {
                text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect()
            };
            prop_assert_eq!(frame(&other), frame(&text));
            prop_assert_eq!(back(&digits, &other), text);
        }
    }
}
