//! Long words: where keys and tokens stand, and text that is encoded.

use std::ops::Range;

use super::{
    Finding, Hints, Kind, aws, azure, encoded, github, jwt,
    masks::Block,
    plain, private_key, random, vendor,
    view::{BASE64, BASE64_URL, OPENING, TOKEN, View, is},
};

/// What was found in the words so far.
#[derive(Default)]
pub(super) struct Words {
    runs: Runs,
    keys: aws::Keys,
    /// Up to where a token was found.
    taken: usize,
    /// Up to where lines were joined, and passed over.
    wrapped: usize,
    passed: usize,
    found: Vec<Finding>,
}

/// The words of a text as its blocks go by.
#[derive(Clone, Copy, Default)]
struct Runs {
    /// Where the word begins that goes on beyond the block before.
    open: usize,
}

impl Runs {
    /// Hands over every word of at least twelve characters that ends in this block.
    fn of(&mut self, block: &Block, mut act: impl FnMut(Range<usize>)) {
        let others = !block.now.word;
        let mut ends = places(block);
        while ends != 0 {
            let start = self.start(block, others & !(u64::MAX << ends.trailing_zeros()));
            act(start..block.place(ends));
            ends &= ends.wrapping_sub(1);
        }
        self.open = self.start(block, others);
    }

    /// Where the word begins that stands behind the last of these bytes.
    fn start(self, block: &Block, others: u64) -> usize {
        match others.checked_ilog2() {
            Some(last) => block.start + last as usize + 1,
            // It goes through all of them.
            None => self.open,
        }
    }
}

impl Words {
    /// Looks at every word of at least twelve characters that ends in this block.
    pub(super) fn block(&mut self, view: &View<'_>, block: &Block, depth: u8) {
        let mut runs = self.runs;
        runs.of(block, |word| {
            if !is_nothing(view, block, &word) {
                self.word(view, &word, depth);
            }
        });
        self.runs = runs;
    }

    fn word(&mut self, view: &View<'_>, word: &Range<usize>, depth: u8) {
        let long = word.len() >= SHORTEST;
        let found = &mut self.found;
        if long {
            prefixes(view, word, &mut self.keys, &mut self.taken, found);
        }
        if word.len() >= aws::SECRET {
            self.keys.secrets_in(view, word);
            azure::find(view, word, found);
        }
        if depth > 0 {
            encoded::find(view, word, depth, &mut self.wrapped, found);
        }
        if long {
            random::find(view, word, &mut self.passed, found);
        }
    }

    /// Adds what was found, and the secrets that the whole text tells to be some.
    pub(super) fn end(mut self, view: &View<'_>, hints: Hints, found: &mut Vec<Finding>) {
        found.append(&mut self.found);
        self.keys.settle(view, hints, found);
    }
}

/// Whether no detector looks at any word of the only block of a text.
pub(super) fn has_none(view: &View<'_>, block: &Block) -> bool {
    let mut none = true;
    Runs::default().of(block, |word| none &= is_nothing(view, block, &word));
    none
}

/// Whether nothing is made of a word: of a UUID, and of a short one that is cut in the middle.
fn is_nothing(view: &View<'_>, block: &Block, word: &Range<usize>) -> bool {
    if word.len() < SHORTEST {
        has_dot_amid(block, word) || has_joint_amid(view.part(word.clone()))
    } else {
        plain::uuid(view, word.start) == Some(word.end)
    }
}

/// Whether a dot stands in the middle of a short word, as far as the block tells in which it ends.
fn has_dot_amid(block: &Block, word: &Range<usize>) -> bool {
    let Some(first) = word.start.checked_sub(block.start) else { return false };
    let amid = first + word.len() - TOKEN..first + TOKEN;
    let dots = block.now.dot >> amid.start;
    dots & ((1 << amid.len()) - 1) != 0
}

/// Whether something stands in the middle of a short word that is of no base64, so that neither side
/// of it is long enough to encode something.
fn has_joint_amid(word: &[u8]) -> bool {
    let amid = word.get(word.len() - TOKEN..TOKEN).unwrap_or_default();
    amid.iter().any(|byte| !is(*byte, BASE64 | BASE64_URL))
}

/// The bytes behind words of at least twelve characters.
pub(super) fn places(block: &Block) -> u64 {
    let both = u128::from(block.now.word) << 64 | u128::from(block.before.word);
    // Of each byte: whether it is the last of 2, 4, 8 and 12 that are of a word.
    let two = both & both << 1;
    let four = two & two << 2;
    let eight = four & four << 4;
    let twelve = eight & eight << 4;
    (twelve >> 63) as u64 & !block.now.word
}

/// Hands each place where a token may begin to the detector that knows its first letter, except
/// inside of what is `taken` already: nothing is read to its end twice.
fn prefixes(
    view: &View<'_>,
    word: &Range<usize>,
    keys: &mut aws::Keys,
    taken: &mut usize,
    found: &mut Vec<Finding>,
) {
    let mut headers = jwt::Headers::default();
    for (at, byte) in word.clone().zip(view.part(word.clone())) {
        if !is(*byte, OPENING) || at < *taken {
            continue;
        }
        let known = match byte {
            b'A' => keys.id_at(view, at).map(|range| (Kind::AwsKey, range)),
            b'M' | b'b' => private_key::bare(view, at).map(|range| (Kind::PrivateKey, range)),
            b'Q' => azure::application_secret(view, at).map(|range| (Kind::AzureKey, range)),
            b'e' => headers.token_at(view, at).map(|range| (Kind::Jwt, range)),
            b'g' => github::at(view, at).map(|range| (Kind::GithubToken, range)),
            b's' | b'w' => vendor::slack_hook(view, at).map(|range| (Kind::SlackToken, range)),
            _ => None,
        };
        if let Some((kind, range)) = known.or_else(|| vendor::at(view, at)) {
            *taken = range.end;
            found.push(view.finding(kind, range));
        }
    }
}

/// An id of AWS has 20 characters, everything else more.
const SHORTEST: usize = 20;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::detect::masks;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn dots_amid_are_those_that_are_read_byte_by_byte(text in "[ab~ .]{0,150}") {
            let view = View::of(text.as_bytes());
            let mut words = Runs::default();
            masks::each(text.as_bytes(), |block| words.of(block, |word| {
                if word.len() < SHORTEST {
                    let amid = view.part(word.end - TOKEN..word.start + TOKEN);
                    let known = word.start >= block.start && amid.contains(&b'.');
                    assert_eq!(has_dot_amid(block, &word), known);
                    assert!(!known || has_joint_amid(view.part(word)));
                }
            }));
        }

        #[test]
        fn words_are_those_that_are_read_byte_by_byte(
            runs in prop::collection::vec((0..40usize, 0..3usize), 0..20), long in 0..300usize,
        ) {
            let mut text = Vec::new();
            for (word, gap) in runs {
                text.extend(b"aZ0-_.=~/+"[..word % 10].repeat(1 + word / 10));
                text.extend(&b" ,\xe9"[..gap]);
            }
            text.extend(vec![b'x'; long]);
            let mut expected = Vec::new();
            let mut start = 0;
            for (at, byte) in text.iter().copied().chain([b' ']).enumerate() {
                if !byte.is_ascii_alphanumeric() && !b"+/-_.=~".contains(&byte) {
                    expected.extend((at - start >= TOKEN).then_some(start..at));
                    start = at + 1;
                }
            }
            let (mut words, mut found) = (Runs::default(), Vec::new());
            masks::each(&text, |block| words.of(block, |word| found.push(word)));
            prop_assert_eq!(found, expected);
        }
    }
}
