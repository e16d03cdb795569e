//! Long words: where keys and tokens stand, and text that is encoded.

use std::ops::Range;

use super::{
    Finding, Hints, Kind, aws, azure, encoded, github, jwt, private_key,
    view::{OPENING, TOKEN, View, WORD, is},
};

/// Looks at every word of at least twelve characters.
pub(super) fn find(view: &View<'_>, hints: Hints, depth: u8, found: &mut Vec<Finding>) {
    let mut keys = aws::Keys::default();
    let (mut from, mut taken, mut wrapped) = (0, 0, 0);
    while let Some(word) = next(view, from) {
        from = word.end;
        if word.len() >= SHORTEST {
            prefixes(view, &word, &mut keys, &mut taken, found);
        }
        if word.len() >= aws::SECRET {
            keys.secrets_in(view, &word);
            azure::find(view, &word, found);
        }
        if depth > 0 {
            encoded::find(view, &word, depth, &mut wrapped, found);
        }
    }
    keys.settle(view, hints, found);
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
        let (kind, range) = match byte {
            b'A' => (Kind::AwsKey, keys.id_at(view, at)),
            b'M' | b'b' => (Kind::PrivateKey, private_key::bare(view, at)),
            b'Q' => (Kind::AzureKey, azure::application_secret(view, at)),
            b'e' => (Kind::Jwt, headers.token_at(view, at)),
            b'g' => (Kind::GithubToken, github::at(view, at)),
            _ => continue,
        };
        if let Some(range) = range {
            *taken = range.end;
            found.push(view.finding(kind, range));
        }
    }
}

/// The next word. Most words are short: looking at every twelfth character skips them.
fn next(view: &View<'_>, from: usize) -> Option<Range<usize>> {
    let bytes = view.bytes();
    let mut start = from;
    loop {
        let last = start + TOKEN - 1;
        let word = bytes.get(start..=last)?;
        match word.iter().rposition(|byte| !is(*byte, WORD)) {
            Some(other) => start += other + 1,
            None => return Some(start..view.run(last, WORD)),
        }
    }
}

/// An id of AWS has 20 characters, everything else more.
const SHORTEST: usize = 20;
