//! Words that are too random to be anything but a key or token.

use std::ops::Range;

use super::{
    Finding, Kind, base64, encoded,
    view::{ALNUM, BASE64, BASE64_URL, View},
};

/// Looks at the runs of base64's letters in a word. `wrapped` is where the block of lines ends that
/// was passed last: an image, a certificate, a letter; tokens do not go over lines.
pub(super) fn find(
    view: &View<'_>,
    word: &Range<usize>,
    wrapped: &mut usize,
    found: &mut Vec<Finding>,
) {
    let mut at = word.start;
    while at < word.end {
        let end = view.run(at, BASE64 | BASE64_URL);
        if end - at >= SHORTEST && at >= *wrapped && is_mixed(view.part(at..end)) {
            let block = encoded::wrapped_end(view, at);
            if block > end + 2 {
                *wrapped = block;
            } else {
                segment(view, at..end, block, found);
            }
        }
        at = end + 1;
    }
}

/// The whole run with its padding, or else what stands between signs in it.
fn segment(view: &View<'_>, range: Range<usize>, padded: usize, found: &mut Vec<Finding>) {
    if is_public(view.part(range.clone())) {
        return;
    }
    let run = view.part(range.clone());
    if is_token(run) && !has_word(run) {
        return found.push(view.finding(Kind::Secret, range.start..padded));
    }
    let mut at = range.start;
    while at < range.end {
        let end = view.run(at, ALNUM);
        if end - at >= SHORTEST && is_mixed(view.part(at..end)) && is_token(view.part(at..end)) {
            found.push(view.finding(Kind::Secret, at..end));
        }
        at = end + 1;
    }
}

/// Capital and small letters and digits, two of each at least.
fn is_mixed(word: &[u8]) -> bool {
    let (mut upper, mut lower, mut digit) = (0usize, 0usize, 0usize);
    for byte in word {
        upper = upper.wrapping_add(usize::from(byte.is_ascii_uppercase()));
        lower = lower.wrapping_add(usize::from(byte.is_ascii_lowercase()));
        digit = digit.wrapping_add(usize::from(byte.is_ascii_digit()));
    }
    upper >= 2 && lower >= 2 && digit >= 2
}

fn is_token(word: &[u8]) -> bool {
    word.len() <= LONGEST
        && !is_hexadecimal(word)
        && changes(word)
        && entropy(word) >= 3.7
        && !is_text(word)
}

/// Whether a word stands in it between signs: a path or the name of something, with a token perhaps.
fn has_word(run: &[u8]) -> bool {
    let pieces = run.split(|byte| !byte.is_ascii_alphanumeric()).filter(|piece| piece.len() >= 4);
    let one = |piece: &[u8], is: fn(&u8) -> bool| piece.iter().all(is);
    pieces.into_iter().any(|piece| {
        one(piece, u8::is_ascii_lowercase)
            || one(piece, u8::is_ascii_uppercase)
            || one(piece, u8::is_ascii_digit)
    })
}

/// Whether its letters and digits change class nearly as often as drawn ones: 62 in a hundred, of
/// words and numbers that are put together at most half as many.
fn changes(word: &[u8]) -> bool {
    let class = |byte: u8| match byte {
        b'0'..=b'9' => 1,
        b'A'..=b'Z' => 2,
        b'a'..=b'z' => 3,
        _ => 0,
    };
    let (mut pairs, mut changes) = (0usize, 0usize);
    for pair in word.windows(2) {
        let [a, b] = *pair else { continue };
        let (a, b) = (class(a), class(b));
        if a != 0 && b != 0 {
            pairs += 1;
            changes += usize::from(a != b);
        }
    }
    changes * 100 >= pairs * 45
}

/// Shannon's entropy in bits a character, by how often each stands in it.
pub(super) fn entropy(word: &[u8]) -> f64 {
    let mut counts = [0u16; 256];
    for byte in word {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count = count.saturating_add(1);
        }
    }
    let all = word.len() as f64;
    let part = |count: &u16| {
        let share = f64::from(*count) / all;
        -share * share.log2()
    };
    counts.iter().filter(|count| **count > 0).map(part).sum()
}

/// Hexadecimal in both cases, as some write addresses and UUIDs.
fn is_hexadecimal(word: &[u8]) -> bool {
    let word = word.strip_prefix(b"0x").unwrap_or(word);
    word.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b'-')
}

/// Base64 of a text: it was looked into, and there was nothing.
fn is_text(word: &[u8]) -> bool {
    base64::decode(word).is_some_and(|decoded| encoded::is_text(&decoded))
}

/// What everybody may see: the digests of packages, keys of SSH, certificates and public keys.
fn is_public(run: &[u8]) -> bool {
    let digest = [b"sha1-".as_slice(), b"sha256-", b"sha384-", b"sha512-"];
    digest.iter().any(|name| run.starts_with(name))
        || run.starts_with(b"AAAA")
        || run.starts_with(b"MI")
        || run.starts_with(b"M") && base64::decode(run).is_some_and(|bytes| is_sequence(&bytes))
}

/// Whether bytes are one sequence of DER that begins with another, as public keys do.
fn is_sequence(bytes: &[u8]) -> bool {
    matches!(bytes, [0x30, length, 0x30, ..] if usize::from(*length) + 2 == bytes.len())
}

const SHORTEST: usize = 20;

/// What is longer is no token but a document.
const LONGEST: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::tests::found;

    #[test]
    fn a_random_word_is_a_secret() {
        for word in [
            "q7Fz1Lk9WbT4xYcN0sVh",
            "q7Fz1Lk9WbT/4xYcN0sVhGm2+RuEoJp8AdCi5BtXabc=",
            "V1StGXR8_Z5jdHi6B-myTq2",
            "sG9Xw2LpQ8vR4tYz7KbN1mDc3HfJ",
        ] {
            assert_eq!(found(word), [(Kind::Secret, word)]);
            assert_eq!(found(&format!("it is {word}, so")), [(Kind::Secret, word)]);
        }
        let path = "prefix_of_everything_q7Fz1Lk9WbT4xYcN0sVh";
        assert_eq!(found(path), [(Kind::Secret, "q7Fz1Lk9WbT4xYcN0sVh")]);
    }

    #[test]
    fn names_paths_digests_and_encoded_text_are_not_secrets() {
        for text in [
            "MyVeryLongClassName2HandlerFactory1",
            "IMG_20261121_080239_Portrait_Final.jpg",
            "/usr/share/Doc/Main1/usr/share/Doc/Main1/usr",
            "550E8400-E29B-41D4-A716-446655440000",
            "550e8400-e29b-41d4-A716-446655440000",
            "0x52908400098527886E0F7030069857D2E4169EE7",
            "01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "eyJpZCI6MTIzLCJuZXh0IjoiYWJjIn0=",
            "ThisIsAVeryLongIdentifierOfSomething",
            "20261121T080239.123456789Z",
            "arn:aws:lambda:eu-west-1:123456789012:function:My2Function",
            "sha256-RFWPLDbv2BY+rCkDzsE+0fr8ylGr2R2faWMhq4lfEQc=",
            "AAAAC3NzaC1lZDI1NTE5AAAAIJ3kq1Vb7Zc0pXr9sTnW2yLmQ4hG6fDa8uEoK5iRwBzN",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn entropy_is_counted_in_bits() {
        assert!(entropy(b"aaaa").abs() < 1e-9);
        assert!((entropy(b"abcd") - 2.0).abs() < 1e-9);
    }
}
