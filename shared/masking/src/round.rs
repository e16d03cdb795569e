//! A decimal number of any length brought down to a multiple, without going through a float.

/// `floor(x / step) * step` for a number written in decimal digits, as PostgreSQL prints integers and
/// numeric; what is not finite stays. `None` for any other text, and for a step of 0.
pub(crate) fn down(text: &str, step: u64) -> Option<String> {
    if matches!(text, "NaN" | "Infinity" | "-Infinity") {
        return Some(text.to_owned());
    }
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let (whole, fraction) = (values(whole)?, values(fraction)?);
    let over = remainder(&whole, step)?;
    let exact = over == 0 && fraction.iter().all(|digit| *digit == 0);
    let magnitude = match negative && !exact {
        // Down is away from zero there.
        true => add(whole, i128::from(step) - i128::from(over)),
        false => add(whole, -i128::from(over)),
    };
    let text: String = magnitude.iter().map(|digit| char::from(b'0' + digit)).collect();
    let text = text.trim_start_matches('0');
    Some(match (text, negative) {
        ("", _) => "0".to_owned(),
        (text, true) => format!("-{text}"),
        (text, false) => text.to_owned(),
    })
}

/// As [`down`] for a type whose least value is this: a multiple below it is not shown, that value is.
pub(crate) fn down_to(text: &str, step: u64, least: i64) -> Option<String> {
    let multiple: i128 = down(text, step)?.parse().ok()?;
    Some(multiple.max(least.into()).to_string())
}

/// The values of decimal digits, of which there is at least one.
fn values(text: &str) -> Option<Vec<u8>> {
    let value = |b: u8| b.checked_sub(b'0').filter(|value| *value < 10);
    if text.is_empty() { None } else { text.bytes().map(value).collect() }
}

fn remainder(digits: &[u8], step: u64) -> Option<u64> {
    digits.iter().try_fold(0_u64, |rest, digit| {
        // Wider than a step of 64 bits and one digit.
        let rest = u128::from(rest) * 10 + u128::from(*digit);
        u64::try_from(rest.checked_rem(step.into())?).ok()
    })
}

/// The digits of the sum, where it is not negative.
fn add(digits: Vec<u8>, mut carry: i128) -> Vec<u8> {
    let mut sum = Vec::with_capacity(digits.len() + LONGEST);
    for digit in digits.into_iter().rev() {
        carry += i128::from(digit);
        sum.push(last(carry));
        carry = carry.div_euclid(10);
    }
    while carry > 0 {
        sum.push(last(carry));
        carry /= 10;
    }
    sum.reverse();
    sum
}

fn last(number: i128) -> u8 {
    u8::try_from(number.rem_euclid(10)).unwrap_or_default()
}

/// Decimal digits of the greatest step.
const LONGEST: usize = 20;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_number_goes_down_to_the_next_multiple() {
        for (text, step, expected) in [
            ("0", 10, "0"),
            ("9", 10, "0"),
            ("10", 10, "10"),
            ("19.999", 10, "10"),
            ("20.000", 10, "20"),
            ("-0.5", 10, "-10"),
            ("-10", 10, "-10"),
            ("-10.01", 10, "-20"),
            ("-0.00", 10, "0"),
            ("7", 1000, "0"),
            ("-7", 1000, "-1000"),
            (
                "1234567890123456789012345678901234567890.5",
                7,
                "1234567890123456789012345678901234567887",
            ),
            ("NaN", 10, "NaN"),
            ("-Infinity", 10, "-Infinity"),
        ] {
            assert_eq!(down(text, step).as_deref(), Some(expected), "{text} by {step}");
        }
    }

    #[test]
    fn no_multiple_is_less_than_the_least_value_of_the_type() {
        let least = i32::MIN.into();
        assert_eq!(down_to("-2147483648", 1000, least).as_deref(), Some("-2147483648"));
        assert_eq!(down_to("-2147483000", 1000, least).as_deref(), Some("-2147483000"));
        assert_eq!(down_to("7", 5, least).as_deref(), Some("5"));
        assert_eq!(down_to("NaN", 5, least), None);
    }

    #[test]
    fn what_is_no_decimal_number_is_not_rounded() {
        for text in ["", "-", ".", "1.", ".5", "1e5", "+1", "--1", "1,000", "0x10", "١", "1 "] {
            assert_eq!(down(text, 10), None, "{text}");
        }
        assert_eq!(down("1", 0), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn integers_are_rounded_as_arithmetic_has_it(number: i64, step in 2_u64..=1_000_000_000_000) {
            let step_wide = i128::from(step);
            let expected = i128::from(number).div_euclid(step_wide) * step_wide;
            prop_assert_eq!(down(&number.to_string(), step), Some(expected.to_string()));
        }

        #[test]
        fn rounding_twice_is_rounding_once(text in "-?[0-9]{1,60}(\\.[0-9]{1,20})?", step in 2_u64..=1_000_000_000_000) {
            let once = down(&text, step).unwrap();
            prop_assert_eq!(down(&once, step), Some(once.clone()));
        }
    }
}
