//! Knows a mask when it sees one, so that none is written back as if it were a value.

use std::str::Chars;

/// What a token begins with.
const TOKEN: &str = "tok_";
/// The most letters that a tag has.
const TAG_LIMIT: usize = 32;
/// The hexadecimal digits of a token.
const TOKEN_DIGITS: usize = 24;
/// What a text stands between where it is one of several, or quoted.
const BETWEEN: [char; 9] = ['"', '\'', ',', '{', '}', '[', ']', '(', ')'];

/// Whether a text holds what only a mask leaves behind: `[masked:`, a token, or a text of its own that
/// is `****` and four characters, be it all of the text or an element of an array or document in it.
///
/// Takes time in proportion to the length of the text.
#[must_use]
pub fn holds_mark(text: &str) -> bool {
    let behind = |at: usize| text.as_bytes().get(at..).unwrap_or_default();
    let token = text.match_indices(TOKEN).any(|(at, _)| ends_as_token(behind(at + TOKEN.len())));
    token || text.contains("[masked:") || is_last_four(text) || has_last_four(text)
}

/// Whether this, which stands behind [`TOKEN`], makes a token of it.
fn ends_as_token(bytes: &[u8]) -> bool {
    let in_tag = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-';
    let tag = bytes.iter().take(TAG_LIMIT).take_while(|b| in_tag(b)).count();
    let Some((b'_', digits)) = bytes.get(tag..).and_then(<[u8]>::split_first) else {
        return false;
    };
    let digits = digits.get(..TOKEN_DIGITS);
    tag > 0 && digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

fn is_last_four(text: &str) -> bool {
    text.strip_prefix("****").is_some_and(|rest| rest.chars().count() == 4)
}

/// `****` and four characters between two of [`BETWEEN`], or one of them and an end of the text.
fn has_last_four(text: &str) -> bool {
    let mut before = None;
    let mut rest = text.chars();
    loop {
        if before.is_none_or(|c| BETWEEN.contains(&c)) && ends_after_four(rest.clone()) {
            return true;
        }
        match rest.next() {
            None => return false,
            next => before = next,
        }
    }
}

fn ends_after_four(mut rest: Chars<'_>) -> bool {
    rest.by_ref().take(4).filter(|c| *c == '*').count() == 4
        && (0..4).all(|_| one(&mut rest))
        && rest.next().is_none_or(|c| BETWEEN.contains(&c))
}

/// Goes past one character as JSON writes it.
fn one(rest: &mut Chars<'_>) -> bool {
    match rest.next() {
        None => false,
        Some('\\') => match rest.next() {
            Some('u') => rest.by_ref().take(4).filter(char::is_ascii_hexdigit).count() == 4,
            escaped => escaped.is_some(),
        },
        Some(c) => !BETWEEN.contains(&c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGITS: &str = "0123456789abcdef01234567";

    #[test]
    fn every_mask_is_known_within_a_text() {
        assert!(
            holds_mark("[masked:ssn]")
                && holds_mark("a [masked:")
                && holds_mark("{\"a\":\"[masked:x]\"}")
        );
        assert!(holds_mark(&format!("tok_ssn_{DIGITS}")));
        assert!(holds_mark(&format!("xtok_tok_a-9_{DIGITS}0")));
        assert!(
            holds_mark(&format!("tok_tok_{DIGITS}")) && holds_mark(&format!("tok_a-tok_{DIGITS}"))
        );
        assert!(holds_mark(&format!("tok_{}_{DIGITS}", "a".repeat(TAG_LIMIT))));
        assert!(holds_mark(&format!("tok_a_{}", DIGITS.to_uppercase())));
    }

    #[test]
    fn the_last_four_are_a_mask_only_by_themselves() {
        for text in [
            "****1234",
            "****äöüß",
            "****a\"b\\",
            "\"****1234\"",
            "[1,\"****\\\"1\\u001f2\"]",
            "{****1234,x}",
        ] {
            assert!(holds_mark(text), "{text}");
        }
        for text in [
            "****123",
            "****12345",
            "*****1234",
            "see ****1234 there",
            "a****1234",
            "\"****12\"",
            "********",
        ] {
            assert_eq!(holds_mark(text), text == "********", "{text}");
        }
    }

    #[test]
    fn what_only_resembles_a_mask_is_a_value() {
        let short = "0123456789abcdef0123456";
        let long_tag = format!("tok_{}_{DIGITS}", "a".repeat(TAG_LIMIT + 1));
        for text in [
            "",
            "masked:ssn",
            "[mask:ssn]",
            "tok_",
            "tok_ssn",
            &format!("tok__{DIGITS}"),
            &format!("tok_ssn_{short}"),
            &format!("tok_SSN_{DIGITS}"),
            &long_tag,
        ] {
            assert!(!holds_mark(text), "{text}");
        }
    }

    #[test]
    fn a_text_full_of_beginnings_takes_no_longer_than_it_is_long() {
        let texts = ["tok_", "*", "****", "\"****", "tok_a_0", "[masked"];
        assert!(texts.iter().all(|text| !holds_mark(&text.repeat(1 << 16))));
    }
}
