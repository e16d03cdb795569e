//! What stands in the place of a value: marks and tokens, in one shape that can be told from data.

/// The mark in the place of a value with this tag.
#[must_use]
pub fn mark(tag: &str) -> String {
    format!("[masked:{tag}]")
}

/// The token in the place of a value with this tag, from the HMAC of [`message`]: its first 96 bits,
/// enough that no two of a billion values share one by chance (odds of 1 in 10^11).
#[must_use]
pub fn token(tag: &str, mac: &[u8; 32]) -> String {
    let mut token = String::with_capacity(5 + tag.len() + DIGITS);
    token.push_str("tok_");
    token.push_str(tag);
    token.push('_');
    for byte in mac.iter().take(DIGITS / 2) {
        for half in [byte >> 4, byte & 0x0f] {
            token.extend(char::from_digit(half.into(), 16));
        }
    }
    token
}

/// What a token is the HMAC of. No tag holds the byte between the two, so that no two pairs of tag and
/// value make the same message.
#[must_use]
pub fn message(tag: &str, value: &str) -> Vec<u8> {
    [tag.as_bytes(), &[0], value.as_bytes()].concat()
}

/// The tag of a text that is one mark or one token and nothing else.
pub(crate) fn tag(text: &str) -> Option<&str> {
    if let Some(inner) = text.strip_prefix("[masked:") {
        return inner.strip_suffix(']');
    }
    let (tag, digits) = text.strip_prefix("tok_")?.rsplit_once('_')?;
    let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    (digits.len() == DIGITS && digits.bytes().all(hex)).then_some(tag)
}

/// Hexadecimal digits of a token.
const DIGITS: usize = 24;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_the_first_twelve_bytes_in_lower_case() {
        let mut mac = [0xff; 32];
        mac[0] = 0x0a;
        assert_eq!(token("ssn", &mac), format!("tok_ssn_0a{}", "f".repeat(22)));
    }

    #[test]
    fn a_mark_or_token_is_known_by_its_shape_alone() {
        assert_eq!(tag(&mark("card")), Some("card"));
        assert_eq!(tag(&token("us-ssn", &[7; 32])), Some("us-ssn"));
        for text in ["", "[masked:a", "masked:a]", "tok_a", "tok_a_", "tok_a_0123456789abcdef"] {
            assert_eq!(tag(text), None, "{text}");
        }
        let token = token("a", &[0xab; 32]);
        for text in [token.to_uppercase(), format!("{token}0"), format!(" {token}")] {
            assert_eq!(tag(&text), None, "{text}");
        }
    }

    #[test]
    fn no_two_pairs_of_tag_and_value_make_one_message() {
        assert_ne!(message("a", "bc"), message("ab", "c"));
    }
}
