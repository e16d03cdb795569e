//! How much the detectors find of what is there, and of what is not: on texts that nobody here wrote,
//! beside Presidio's patterns, and on a hundred thousand ids, digests, times and amounts.

// Marked, so that clippy takes helpers for tests as well.
#[cfg(test)]
mod labelled;
#[cfg(test)]
mod plain;
#[cfg(test)]
mod scores;

/// What was reviewed. A change of either is a change for the better or the worse; neither goes unseen.
#[cfg(test)]
const SCORES: &str = include_str!("scores.txt");
#[cfg(test)]
const PLAIN: &str = include_str!("plain.txt");

#[test]
fn precision_and_recall_are_what_was_reviewed() {
    let table = scores::table(&labelled::samples(), include_str!("presidio.txt"));
    assert!(table == SCORES, "this is not what was reviewed:\n{table}");
}

#[test]
fn ids_digests_times_and_amounts_are_taken_for_nothing_more_often_than_reviewed() {
    let table = plain::table();
    assert!(table == PLAIN, "this is not what was reviewed:\n{table}");
}

#[test]
fn what_presidio_labelled_is_covered_to_its_last_character() {
    let mut missed = Vec::new();
    for sample in labelled::samples() {
        for label in sample.labels() {
            let whole = |kind| !matches!(kind, masking::detect::Kind::Phone);
            if whole(label.kind) && !sample.is_covered(&label) {
                missed.push((label.kind, sample.full_text.get(label.range).map(str::to_owned)));
            }
        }
    }
    assert_eq!(missed, []);
}
