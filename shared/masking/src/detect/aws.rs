//! AWS: access key ids, and the secrets that belong to them.

use std::ops::Range;

use super::{
    Finding, Hints, Kind,
    view::{BASE64, View},
};

/// The ids and the possible secrets of one text.
#[derive(Default)]
pub(super) struct Keys {
    ids: Vec<usize>,
    secrets: Vec<Range<usize>>,
}

impl Keys {
    /// An access key id: a prefix of IAM's and sixteen characters.
    pub(super) fn id_at(&mut self, view: &View<'_>, at: usize) -> Option<Range<usize>> {
        let end = at + ID;
        let id = view.part(at..end);
        let known = id.get(..4).is_some_and(|prefix| PREFIXES.contains(&prefix));
        let whole = id.len() == ID && id.iter().all(|byte| is_id(*byte));
        if !known || !whole || is_id(view.before(at)) || is_id(view.at(end)) {
            return None;
        }
        self.ids.push(at);
        Some(at..end)
    }

    /// Notes what has the shape of a secret access key: 40 characters of base64's.
    pub(super) fn secrets_in(&mut self, view: &View<'_>, word: &Range<usize>) {
        let mut at = word.start;
        while at < word.end {
            let end = view.run(at, BASE64);
            if end - at == SECRET && is_mixed(view.part(at..end)) {
                self.secrets.push(at..end);
            }
            at = end.max(at) + 1;
        }
    }

    /// A secret is one when an id is near or its name says so, or when it is too random to be
    /// anything else.
    pub(super) fn settle(self, view: &View<'_>, hints: Hints, found: &mut Vec<Finding>) {
        for secret in self.secrets {
            // Ids stand in the order of the text.
            let from = self.ids.partition_point(|id| id + ID + NEAR < secret.start);
            let near = self.ids.get(from).is_some_and(|id| *id < secret.end + NEAR);
            if hints.aws
                || near
                || named(view, secret.start)
                || is_random(view.part(secret.clone()))
            {
                found.push(view.finding(Kind::AwsKey, secret));
            }
        }
    }
}

/// Whether the words before call it a secret.
fn named(view: &View<'_>, start: usize) -> bool {
    let words = view.part(start.saturating_sub(REACH)..start);
    words.windows(6).any(|window| window.eq_ignore_ascii_case(b"secret"))
}

/// Capital and small letters and digits, unlike a digest in hexadecimal.
fn is_mixed(secret: &[u8]) -> bool {
    secret.iter().any(u8::is_ascii_uppercase)
        && secret.iter().any(u8::is_ascii_lowercase)
        && secret.iter().any(u8::is_ascii_digit)
}

/// Whether hardly a character stands in it more than twice or thrice: 40 random ones of 64 have 30
/// different ones, give or take three; names and paths have fewer than 24.
fn is_random(secret: &[u8]) -> bool {
    let different = secret.iter().fold(0u128, |set, byte| set | 1 << (byte & 0x7f)).count_ones();
    let digits = secret.iter().filter(|byte| byte.is_ascii_digit()).count();
    different >= 26 && digits >= 2
}

fn is_id(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

/// Long-term, temporary, bearer and context-specific keys, as IAM's guide lists them.
const PREFIXES: [&[u8]; 4] = [b"AKIA", b"ASIA", b"ABIA", b"ACCA"];
const ID: usize = 20;
/// How long a secret is.
pub(super) const SECRET: usize = 40;

/// How far from an id a secret is looked for.
const NEAR: usize = 512;
const REACH: usize = 48;

#[cfg(test)]
mod tests {
    use crate::detect::{Kind, tests::found_only};

    const ID: &str = "AKIAIOSFODNN7EXAMPLE";
    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    fn found(text: &str) -> Vec<&str> {
        found_only(Kind::AwsKey, text)
    }

    #[test]
    fn an_id_and_the_secret_near_it_are_found_in_either_order() {
        assert_eq!(found(ID), [ID]);
        assert_eq!(found(&format!("{ID},{SECRET}")), [ID, SECRET]);
        assert_eq!(found(&format!("{SECRET} belongs to {ID}")), [SECRET, ID]);
        assert_eq!(found(&format!("aws_secret_access_key={SECRET}")), [SECRET]);
    }

    #[test]
    fn forty_random_characters_alone_are_a_secret() {
        let random = "q7Fz1Lk9WbT/4xYcN0sVhGm2+RuEoJp8AdCi5BtX";
        assert_eq!(found(random), [random]);
    }

    #[test]
    fn digests_paths_and_longer_words_are_not() {
        for text in [
            "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "/usr/share/Doc/Main1/usr/share/Doc/Main1/usr",
            "AKIAIOSFODNN7EXAMPLEX",
            "XAKIAIOSFODNN7EXAMPLE",
            "AKIAIOSFODNN7exampl",
            SECRET,
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }
}
