//! Long words: where keys and tokens stand, and text that is encoded.

use std::ops::Range;

use super::{
    Finding, Hints, Kind, aws, azure,
    bits::Bits,
    encoded, github, jwt, plain, private_key, random, vendor,
    view::{OPENING, TOKEN, View, is, is_word},
};

/// Looks at every word of at least twelve characters.
pub(super) fn find(view: &View<'_>, hints: Hints, depth: u8, found: &mut Vec<Finding>) {
    let mut keys = aws::Keys::default();
    let (mut from, mut taken, mut wrapped, mut passed) = (0, 0, 0, 0);
    let short = view.bytes().len() < SHORT;
    let mut words = (!short).then(|| Bits::of(view.bytes(), is_word));
    while let Some(word) =
        words.as_mut().map_or_else(|| next(view, from), |words| words.run(from, TOKEN))
    {
        from = word.end;
        if plain::uuid(view, word.start) == Some(word.end) {
            continue;
        }
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
        if word.len() >= SHORTEST {
            random::find(view, &word, &mut passed, found);
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

/// The next word of a short text: every twelfth character is of one, or there is none.
fn next(view: &View<'_>, from: usize) -> Option<Range<usize>> {
    let bytes = view.bytes();
    let mut start = from;
    loop {
        let last = start + TOKEN - 1;
        let word = bytes.get(start..=last)?;
        match word.iter().rposition(|byte| !is_word(*byte)) {
            Some(other) => start += other + 1,
            None => return Some(start..view.while_from(last, is_word)),
        }
    }
}

/// In fewer characters it does not pay to judge all of them.
const SHORT: usize = 96;

/// An id of AWS has 20 characters, everything else more.
const SHORTEST: usize = 20;
