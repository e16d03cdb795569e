//! The labelled texts of Presidio's own research.

use std::{ops::Range, path::PathBuf};

use masking::detect::{Kind, scan};

/// A text, and what somebody labelled in it.
#[derive(serde::Deserialize)]
pub(crate) struct Sample {
    pub(crate) full_text: String,
    spans: Vec<Span>,
}

#[derive(serde::Deserialize)]
struct Span {
    entity_type: String,
    start_position: usize,
    end_position: usize,
}

/// A label of a kind that we have, in bytes.
pub(crate) struct Label {
    pub(crate) kind: Kind,
    pub(crate) range: Range<usize>,
}

impl Sample {
    pub(crate) fn labels(&self) -> Vec<Label> {
        let label = |span: &Span| {
            Some(Label { kind: kind_of(&span.entity_type)?, range: self.bytes_of(span) })
        };
        self.spans.iter().filter_map(label).collect()
    }

    /// Whether one finding of the label's kind covers all of it.
    pub(crate) fn is_covered(&self, label: &Label) -> bool {
        let around =
            |range: &Range<usize>| range.start <= label.range.start && label.range.end <= range.end;
        scan(&self.full_text).iter().any(|one| one.kind == label.kind && around(&one.range))
    }

    /// The corpus counts characters.
    fn bytes_of(&self, span: &Span) -> Range<usize> {
        let text = &self.full_text;
        let byte = |n: usize| text.char_indices().nth(n).map_or(text.len(), |(at, _)| at);
        byte(span.start_position)..byte(span.end_position)
    }
}

/// All of them. Without the corpora there is no result, and that is a failure.
pub(crate) fn samples() -> Vec<Sample> {
    #[expect(clippy::disallowed_methods, reason = "only tests look for the corpora")]
    let named = std::env::var("POSTERN_CORPORA").map(PathBuf::from);
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpora");
    let folder = named.unwrap_or_else(|_| beside());
    assert!(folder.is_dir(), "no corpora at {folder:?}; POSTERN_CORPORA says where they are");
    let file = folder.join("detectors/presidio-research/synth_dataset_v2.json");
    let samples: Vec<Sample> = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    assert_eq!(samples.len(), 1500);
    samples
}

fn kind_of(label: &str) -> Option<Kind> {
    match label {
        "CREDIT_CARD" => Some(Kind::Card),
        "EMAIL_ADDRESS" => Some(Kind::Email),
        "IBAN_CODE" => Some(Kind::Iban),
        "PHONE_NUMBER" => Some(Kind::Phone),
        "US_SSN" => Some(Kind::Ssn),
        _ => None,
    }
}
