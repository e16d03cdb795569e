//! What waits for people does nothing and tells nothing: definitions where policy names approvers.

use crate::{
    corpus::{self, Case},
    setup::{Clinic, waiting_clinic},
    stand::{self, Answer, Mode},
};

#[test]
fn a_definition_waits_for_people_and_does_nothing_meanwhile() {
    stand::run(definitions_wait());
}

#[expect(clippy::print_stdout, reason = "the counts are to be seen")]
async fn definitions_wait() {
    let (one, other) = tokio::join!(waiting_clinic("one"), waiting_clinic("other"));
    let mut cases = corpus::cases("bypass");
    cases.retain(|case| ["ddl", "definitions"].contains(&&*case.family));
    let (mut waiting, mut wrong) = (0, Vec::new());
    for case in &cases {
        for mode in Mode::ALL {
            let (a, b) = tokio::join!(ask(&one, mode, case), ask(&other, mode, case));
            let place = format!("{} [{}]", case.name, mode.word());
            waiting += usize::from(a.verdict == WAITS);
            if a.is_answered() || a.differs(&b) {
                wrong.push(format!("{place}: {} {}\n  {}", a.verdict, a.shown, b.shown));
            }
            for (clinic, answer) in [(&one, &a), (&other, &b)] {
                let shown = clinic.canaries.find(&answer.shown, None);
                if let Some(canary) = shown.or_else(|| clinic.canaries.whole(&answer.aside)) {
                    wrong.push(format!("{place} leaks `{canary}`: {}", answer.shown));
                }
            }
        }
    }
    for clinic in [&one, &other] {
        assert!(!clinic.changed().await, "something was done");
        let records = clinic.side.records().await;
        let canary = |text: &String| clinic.canaries.whole(text);
        wrong.extend(records.iter().filter_map(canary).map(|found| format!("`{found}` on record")));
    }
    println!("{waiting} of {} definitions wait for people", cases.len() * Mode::ALL.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(waiting >= 26, "so few wait: {waiting}");
}

async fn ask(on: &Clinic, mode: Mode, case: &Case) -> Answer {
    on.side.ask(mode.word(), &case.text, &case.params).await
}

/// The word of the refusal that people have to be asked, with its stage.
const WAITS: &str = "approvals/parked";
