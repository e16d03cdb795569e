//! Every statement of the bypass corpus, behind the gate: no canary in anything that anybody can
//! read, nothing changed, and the same answer whatever the canaries are.

use std::collections::BTreeMap;

use crate::{
    corpus::{self, Case, Expected},
    setup::{Clinic, OPEN, clinic},
    stand::{self, Answer, Mode},
};

/// What was counted for one mode.
#[derive(Default)]
struct Counts {
    refused: usize,
    answered: usize,
    leaks: usize,
    changes: usize,
    differences: usize,
}

/// What was found, line by line.
#[derive(Default)]
struct Found {
    counts: BTreeMap<&'static str, Counts>,
    wrong: Vec<String>,
    verdicts: Vec<String>,
}

#[test]
fn no_bypass_shows_changes_or_tells_anything() {
    stand::run(nothing_leaks());
}

async fn nothing_leaks() {
    let (one, other) = tokio::join!(clinic("one"), clinic("other"));
    assert!(one.canaries.len() > 700, "{}", one.canaries.len());
    let mut found = Found::default();
    let family = family();
    for case in corpus::cases("bypass") {
        if family.as_ref().is_some_and(|family| *family != case.family) {
            continue;
        }
        let (first, second) = tokio::join!(asked(&one, &case), asked(&other, &case));
        for (mode, pair) in Mode::ALL.into_iter().zip(first.iter().zip(&second)) {
            found.judge(&case, mode, [&one, &other], [pair.0, pair.1]);
        }
    }
    for clinic in [&one, &other] {
        let (records, log) = (clinic.side.records().await, clinic.side.server_log());
        for (what, texts) in [("record", records), ("line of the server's log", log)] {
            for text in texts {
                if let Some(canary) = clinic.canaries.whole(&text) {
                    found.wrong.push(format!("`{canary}` in a {what}: {text}"));
                }
            }
        }
    }
    found.tell();
}

#[test]
fn where_nothing_is_tagged_the_same_statements_show_canaries() {
    stand::run(without_tags());
}

/// What is not found where nothing hides it would not be found where something does.
#[expect(clippy::print_stdout, reason = "the counts are to be seen")]
async fn without_tags() {
    let clinic = clinic("one").await;
    let shown = ["casts", "encodings", "row-forms", "splitting-over-rows", "text-functions"];
    let (mut answered, mut found) = (0, 0);
    for case in corpus::cases("bypass").iter().filter(|case| shown.contains(&&*case.family)) {
        let answer = clinic.side.ask(OPEN, &case.text, &case.params).await;
        answered += usize::from(answer.is_answered());
        let canary = clinic.canaries.find(&answer.shown, answer.rows.as_ref());
        found += usize::from(canary.is_some());
    }
    println!("without tags: {answered} answered, {found} of them with a canary");
    assert!(found * 2 > answered && answered > 80, "{found} of {answered}");
}

/// The answers in each mode, and whether something changed. Reads are sent side by side; should one
/// of them change anything, each is sent again by itself.
async fn asked(on: &Clinic, case: &Case) -> Vec<(Answer, bool)> {
    let writes = Mode::ALL.into_iter().any(|mode| case.expected(mode) == Expected::Written);
    if !writes {
        let ask = |mode: Mode| on.side.ask(mode.word(), &case.text, &case.params);
        let [one, two, three] = Mode::ALL.map(ask);
        let (one, two, three) = tokio::join!(one, two, three);
        if !on.changed().await {
            return [one, two, three].into_iter().map(|answer| (answer, false)).collect();
        }
        on.restore().await;
    }
    let mut answers = Vec::new();
    for mode in Mode::ALL {
        let answer = on.side.ask(mode.word(), &case.text, &case.params).await;
        let changed = on.changed().await;
        if changed {
            on.restore().await;
        }
        answers.push((answer, changed));
    }
    answers
}

/// The one family to send, for whoever works on it.
#[expect(clippy::disallowed_methods, reason = "only tests are told what to do so")]
fn family() -> Option<String> {
    std::env::var("POSTERN_FAMILY").ok()
}

impl Found {
    fn judge(&mut self, case: &Case, mode: Mode, on: [&Clinic; 2], asked: [&(Answer, bool); 2]) {
        let counts = self.counts.entry(mode.word()).or_default();
        let (answer, place) =
            (&asked[0].0, format!("{}/{} [{}]", case.family, case.name, mode.word()));
        if answer.is_answered() {
            counts.answered += 1;
        } else {
            counts.refused += 1;
        }
        let expected = case.expected(mode);
        let as_expected = answer.is_answered() == (expected != Expected::Refused);
        if !as_expected {
            let verdict = &answer.verdict;
            self.verdicts.push(format!("{place}: {verdict}, not {expected:?}: {}", answer.shown));
        }
        for (clinic, (answer, changed)) in on.into_iter().zip(asked) {
            let shown = clinic.canaries.find(&answer.shown, answer.rows.as_ref());
            if let Some(canary) = shown.or_else(|| clinic.canaries.whole(&answer.aside)) {
                counts.leaks += 1;
                self.wrong.push(format!("{place} leaks `{canary}`: {}", answer.shown));
            }
            if *changed && expected != Expected::Written {
                counts.changes += 1;
                self.wrong.push(format!("{place} changes something"));
            }
        }
        if asked[0].0.differs(&asked[1].0) {
            counts.differences += 1;
            let both = format!("{}\n    {}", asked[0].0.shown, asked[1].0.shown);
            self.wrong.push(format!("{place} tells the two apart:\n    {both}"));
        }
    }

    #[expect(clippy::print_stdout, reason = "the counts are to be seen")]
    /// Prints the counts, and fails with all that is wrong at once.
    fn tell(self) {
        for (mode, c) in &self.counts {
            let Counts { refused, answered, leaks, changes, differences } = c;
            println!(
                "mode {mode}: {refused} refused, {answered} answered, {leaks} leaks, \
                 {changes} changes, {differences} tell canaries apart"
            );
        }
        let all = [self.wrong, self.verdicts].concat();
        assert!(all.is_empty(), "{} differences:\n{}", all.len(), all.join("\n"));
    }
}
