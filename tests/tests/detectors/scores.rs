//! Precision and recall by kind, as a table.

use std::{collections::BTreeMap, fmt::Write as _};

use masking::detect::{Kind, scan};

use crate::labelled::Sample;

/// How one kind fared. A finding and a label meet when they share a character and the kind.
#[derive(Default)]
struct Score {
    labelled: usize,
    met: usize,
    found: usize,
    right: usize,
}

/// Ours, and beside it what `presidio.py` measured of Presidio.
pub(crate) fn table(samples: &[Sample], presidio: &str) -> String {
    let mut scores: BTreeMap<Kind, Score> = BTreeMap::new();
    for sample in samples {
        add(sample, &mut scores);
    }
    let theirs: BTreeMap<&str, Vec<usize>> = presidio.lines().filter_map(measured).collect();
    let mut table = HEAD.to_owned();
    for (kind, Score { labelled, met, found, right }) in &scores {
        let (recall, precision) = (percent(*met, *labelled), percent(*right, *found));
        let theirs = match theirs.get(kind.name()).map(Vec::as_slice) {
            Some([labelled, met, found, right]) => {
                (percent(*met, *labelled), percent(*right, *found))
            }
            _ => ("-".to_owned(), "-".to_owned()),
        };
        writeln!(
            table,
            "{:<8}{labelled:>9}{found:>7}{recall:>9}{precision:>11}{:>14}{:>11}",
            kind.name(),
            theirs.0,
            theirs.1
        )
        .unwrap();
    }
    table
}

fn add(sample: &Sample, scores: &mut BTreeMap<Kind, Score>) {
    let (labels, found) = (sample.labels(), scan(&sample.full_text));
    for label in &labels {
        let score = scores.entry(label.kind).or_default();
        score.labelled += 1;
        let met = |one: &masking::detect::Finding| {
            one.kind == label.kind && share(&one.range, &label.range)
        };
        score.met += usize::from(found.iter().any(met));
    }
    for one in found {
        let score = scores.entry(one.kind).or_default();
        score.found += 1;
        let right =
            labels.iter().any(|label| label.kind == one.kind && share(&one.range, &label.range));
        score.right += usize::from(right);
    }
}

fn share(one: &std::ops::Range<usize>, other: &std::ops::Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

/// A line of Presidio's: the kind, and its labelled, met, found and right.
fn measured(line: &str) -> Option<(&str, Vec<usize>)> {
    let mut words = line.split_whitespace();
    let kind = words.next().filter(|word| !word.starts_with('#'))?;
    Some((kind, words.map(|word| word.parse().unwrap()).collect()))
}

fn percent(part: usize, of: usize) -> String {
    if of == 0 { "-".into() } else { format!("{:.1} %", part as f64 * 100.0 / of as f64) }
}

const HEAD: &str = "\
Of what Presidio's research labelled (1,500 texts): recall is how many labels a finding of the kind
meets, precision how many findings meet a label. Presidio's own are from presidio.txt.

kind     labelled  found   recall  precision  its: recall  precision
";
