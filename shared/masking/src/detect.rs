//! Recognises personal data and secrets by their content, whatever the column is called.
//!
//! A detector proposes only what a validator confirms: a check digit, a checksum, a registered
//! length, a header that decodes, a word that nobody would write. The text is looked at as a reader would read it: other digits,
//! other dashes and invisible characters count as what they look like, and what base64, hex,
//! percent and backslash escapes hide is looked at too.
//!
//! *Invariant:* what [`cover`] returns holds nothing that [`scan`] would still find.

mod assigned;
mod aws;
mod azure;
mod base64;
mod card;
mod chain;
mod email;
mod encoded;
mod github;
mod grammar;
mod iban;
mod json;
mod jwt;
mod kind;
mod login;
mod masks;
mod names;
mod number;
mod phone;
mod plain;
mod private_key;
mod random;
mod search;
mod ssn;
mod token;
mod unescape;
mod unicode;
mod vendor;
mod view;

use std::{borrow::Cow, collections::BTreeMap, ops::Range};

use serde::Serialize;

pub use kind::Kind;
use names::Named;

/// Where something stands in a text. It does not hold the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub kind: Kind,
    /// Its bytes, from one character boundary to another.
    pub range: Range<usize>,
}

/// How many findings of each kind were covered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Counts(BTreeMap<Kind, u64>);

impl Counts {
    /// Counts one more.
    pub fn add(&mut self, kind: Kind) {
        let count = self.0.entry(kind).or_default();
        *count = count.saturating_add(1);
    }

    /// Counts those of another text as well.
    pub(crate) fn append(&mut self, others: &Self) {
        for (kind, more) in others.iter() {
            let count = self.0.entry(kind).or_default();
            *count = count.saturating_add(more);
        }
    }

    /// How many there were of one kind.
    #[must_use]
    pub fn of(&self, kind: Kind) -> u64 {
        self.0.get(&kind).copied().unwrap_or_default()
    }

    /// How many there were.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.values().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// Whether there was none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The kinds that were found, in the order of their names, with their counts.
    pub fn iter(&self) -> impl Iterator<Item = (Kind, u64)> {
        self.0.iter().map(|(kind, count)| (*kind, *count))
    }
}

/// What is in this text, in its order; no two findings overlap.
#[must_use]
pub fn scan(text: &str) -> Vec<Finding> {
    look(text, Hints::default(), DEPTH)
}

/// Replaces each finding by `[masked:KIND]` and counts it.
///
/// Repeating this changes nothing: what is left of a text may itself be a finding once its
/// neighbour is gone, so the text is gone over until nothing is found.
#[must_use]
pub fn cover<'a>(text: &'a str, counts: &mut Counts) -> Cow<'a, str> {
    let mut covered = Cow::Borrowed(text);
    for _ in 0..ROUNDS {
        let found = scan(&covered);
        if found.is_empty() {
            return covered;
        }
        covered = Cow::Owned(replaced(&covered, &found, counts));
    }
    // Nothing honest needs that many rounds; what does is not shown at all.
    match scan(&covered).first() {
        Some(finding) => Cow::Owned(mask(finding.kind, counts)),
        None => covered,
    }
}

/// As [`cover`], for one JSON document: string values and keys are looked at as what they spell, and
/// every byte that is not covered stays as it is. A number that is a card becomes a string. What is
/// not JSON is covered as plain text.
#[must_use]
pub fn cover_json<'a>(text: &'a str, counts: &mut Counts) -> Cow<'a, str> {
    json::cover(text, counts)
}

/// Whether the text is one JSON number (RFC 8259, section 6) and nothing else.
pub(crate) fn is_number(text: &str) -> bool {
    grammar::number_length(text.as_bytes()) == Some(text.len())
}

/// What the surroundings of a text say about it.
#[derive(Clone, Copy, Default)]
struct Hints {
    /// An AWS access key id is near.
    aws: bool,
    /// What the name of the field says.
    named: Option<Named>,
}

/// Looks at a text, and at what it hides up to `depth` layers down.
fn look(text: &str, hints: Hints, depth: u8) -> Vec<Finding> {
    settled(text, search::search(text, hints, depth))
}

/// Sorts findings and merges those that overlap; the longer one names the whole.
fn settled(text: &str, mut found: Vec<Finding>) -> Vec<Finding> {
    if found.is_empty() {
        return found;
    }
    if found.iter().any(|finding| finding.kind.is_vague()) {
        found = without_vague(found);
    }
    found.sort_by_key(|finding| (finding.range.start, finding.range.end));
    let mut settled: Vec<Finding> = Vec::with_capacity(found.len());
    for mut next in found {
        next.range.start = text.floor_char_boundary(next.range.start);
        next.range.end = text.ceil_char_boundary(next.range.end);
        match settled.last_mut() {
            Some(last) if next.range.start < last.range.end => {
                let longer = next.range.len() > last.range.len();
                if (last.kind.is_vague(), longer) > (next.kind.is_vague(), false) {
                    last.kind = next.kind;
                }
                last.range.end = last.range.end.max(next.range.end);
            }
            _ => settled.push(next),
        }
    }
    settled
}

/// Leaves out what is found vaguely where most of it is found as something that has a name.
fn without_vague(found: Vec<Finding>) -> Vec<Finding> {
    let (vague, mut named): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|finding| finding.kind.is_vague());
    named.sort_by_key(|finding| finding.range.end);
    let known = |one: &Finding| {
        let from = named.partition_point(|named| named.range.end <= one.range.start);
        let first = named.get(from).map(|named| &named.range);
        first.is_some_and(|named| named.start < one.range.end && named.len() * 2 >= one.range.len())
    };
    let kept: Vec<_> = vague.into_iter().filter(|one| !known(one)).collect();
    named.extend(kept);
    named
}

fn replaced(text: &str, found: &[Finding], counts: &mut Counts) -> String {
    let mut out = String::with_capacity(text.len());
    let mut kept = 0;
    for finding in found {
        out.push_str(text.get(kept..finding.range.start).unwrap_or_default());
        out.push_str(&mask(finding.kind, counts));
        kept = finding.range.end;
    }
    out.push_str(text.get(kept..).unwrap_or_default());
    out
}

fn mask(kind: Kind, counts: &mut Counts) -> String {
    counts.add(kind);
    format!("[masked:{kind}]")
}

/// How many layers of encoding are taken off.
const DEPTH: u8 = 3;

/// How often a text is gone over at most.
const ROUNDS: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found in a text, and how it is written there.
    pub(super) fn found(text: &str) -> Vec<(Kind, &str)> {
        let written = |finding: Finding| (finding.kind, text.get(finding.range).unwrap());
        scan(text).into_iter().map(written).collect()
    }

    /// The same for a text in which nothing else may be found that has a name.
    pub(super) fn found_only(kind: Kind, text: &str) -> Vec<&str> {
        let mut found = found(text);
        found.retain(|(kind, _)| *kind != Kind::Secret);
        assert!(found.iter().all(|(other, _)| *other == kind), "{found:?}");
        found.into_iter().map(|(_, written)| written).collect()
    }

    #[test]
    fn each_finding_is_replaced_by_its_kind_and_counted() {
        let mut counts = Counts::default();
        let text = "ann@example.com, bob@example.com paid with 4111 1111 1111 1111";
        assert_eq!(
            cover(text, &mut counts),
            "[masked:email], [masked:email] paid with [masked:card]"
        );
        assert_eq!(counts.iter().collect::<Vec<_>>(), [(Kind::Card, 1), (Kind::Email, 2)]);
        assert_eq!((counts.total(), counts.of(Kind::Jwt)), (3, 0));
        assert_eq!(serde_json::to_string(&counts).unwrap(), r#"{"card":1,"email":2}"#);
    }

    #[test]
    fn a_text_without_findings_is_not_copied() {
        let mut counts = Counts::default();
        assert!(matches!(cover("nothing to see", &mut counts), Cow::Borrowed("nothing to see")));
        assert!(counts.is_empty());
    }

    #[test]
    fn twice_the_text_is_twice_the_work() {
        let random =
            "q7Fz1Lk9WbT4xYcN0sVhGm2RuEoJp8AdCi5BtXq7Fz1Lk9WbT4xYcN0sVhGm2RuEoJp8AdCi5BtXab";
        let lines = format!("{random}\n");
        for piece in [
            "@",
            "4 ",
            "1-",
            "-",
            "-----BEGIN ",
            "a://b:c@",
            "a@b.co",
            "password=",
            "token: a1",
            "eyJ",
            "eyJhbGciOiJub25lIn0.",
            "xoxb-",
            "AKIA",
            "Q~",
            "MIIE",
            "gh",
            "tel 1 ",
            "+1",
            "(",
            "&#",
            "%25",
            "\\u00",
            "H4sI",
            "hooks.slack.com/services/T",
            "DE89",
            "2026-11-21 ",
            "4111111111111111",
            "550e8400-",
            "6",
            "a1B",
            random,
            &lines,
        ] {
            let work = |length: usize| {
                let text = piece.repeat(length / piece.len());
                view::work::during(|| scan(&text)) as f64 / text.len() as f64
            };
            let (once, twice) = (work(8_000), work(16_000));
            assert!(twice <= once * 1.1 + 1.0, "{piece}: {once:.1} and {twice:.1} a byte");
        }
    }

    #[test]
    fn findings_that_overlap_are_one() {
        // The address ends in what could be a card of its own.
        let text = "4111111111111111@example.com";
        assert_eq!(found(text), [(Kind::Email, text)]);
    }
}
