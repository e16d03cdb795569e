//! The detectors on labelled texts that nobody here wrote.

use std::{collections::BTreeMap, ops::Range, path::PathBuf};

use masking::detect::{Kind, scan};

#[derive(serde::Deserialize)]
struct Sample {
    full_text: String,
    spans: Vec<Span>,
}

#[derive(serde::Deserialize)]
struct Span {
    entity_type: String,
    start_position: usize,
    end_position: usize,
}

/// How one kind fared.
#[derive(Debug, Default, PartialEq)]
struct Score {
    labelled: usize,
    covered: usize,
    found: usize,
    wrong: Vec<String>,
    missed: Vec<String>,
}

#[test]
fn what_presidio_labelled_is_found_and_hardly_anything_else() {
    let mut scores: BTreeMap<Kind, Score> = BTreeMap::new();
    for sample in presidio() {
        score(&sample, &mut scores);
    }
    for (kind, floor) in [(Kind::Card, 136), (Kind::Email, 49), (Kind::Iban, 21), (Kind::Ssn, 16)] {
        let score = scores.remove(&kind).unwrap_or_default();
        assert!(score.covered >= floor && score.wrong.is_empty(), "{kind}: {score:#?}");
    }
    assert_eq!(scores, BTreeMap::new(), "kinds that the corpus does not hold");
}

fn score(sample: &Sample, scores: &mut BTreeMap<Kind, Score>) {
    let text = &sample.full_text;
    let label = |span: &Span| Some((kind_of(&span.entity_type)?, bytes_of(text, span)));
    let labels: Vec<_> = sample.spans.iter().filter_map(label).collect();
    let found = scan(text);
    for (kind, label) in &labels {
        let score = scores.entry(*kind).or_default();
        score.labelled += 1;
        if found.iter().any(|f| f.kind == *kind && contains(&f.range, label)) {
            score.covered += 1;
        } else {
            score.missed.extend(text.get(label.clone()).map(str::to_owned));
        }
    }
    for finding in found {
        let score = scores.entry(finding.kind).or_default();
        score.found += 1;
        if !labels.iter().any(|(kind, label)| *kind == finding.kind && *label == finding.range) {
            score.wrong.extend(text.get(finding.range).map(str::to_owned));
        }
    }
}

fn kind_of(label: &str) -> Option<Kind> {
    match label {
        "CREDIT_CARD" => Some(Kind::Card),
        "EMAIL_ADDRESS" => Some(Kind::Email),
        "IBAN_CODE" => Some(Kind::Iban),
        "US_SSN" => Some(Kind::Ssn),
        _ => None,
    }
}

/// The corpus counts characters.
fn bytes_of(text: &str, span: &Span) -> Range<usize> {
    let byte = |n: usize| text.char_indices().nth(n).map_or(text.len(), |(at, _)| at);
    byte(span.start_position)..byte(span.end_position)
}

fn contains(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

#[expect(clippy::disallowed_methods, clippy::expect_used, reason = "a test's own settings")]
fn presidio() -> Vec<Sample> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora");
    let folder = std::env::var("POSTERN_CORPORA").map_or(beside, PathBuf::from);
    let file = folder.join("detectors/presidio-research/synth_dataset_v2.json");
    let bytes = std::fs::read(&file).expect("POSTERN_CORPORA says where the labelled texts are");
    serde_json::from_slice(&bytes).expect("the labelled texts are JSON")
}
