//! Two databases that differ in tagged cells only answer alike, statement by statement, whatever is
//! asked of them.
//!
//! `POSTERN_STATEMENTS=100000 cargo test --locked --workspace --test bypass interference -- --nocapture`
//! sends many, and says every 10,000 how it stands; `POSTERN_SEED` chooses others.

use crate::{
    generator::Generator,
    leaks::Canaries,
    setup::{Clinic, clinic, shown_clinic},
    stand::{self, Answer, Mode},
};

#[test]
fn databases_that_differ_in_tagged_cells_only_answer_alike() {
    stand::run(async {
        let (one, other) = tokio::join!(clinic("one"), clinic("other"));
        both_answer([one, other], 300).await;
    });
}

/// What `last4`, `round-N`, `year` and `token` show is the same of both.
#[test]
fn databases_that_differ_in_what_no_mask_shows_answer_alike() {
    stand::run(async {
        let (one, other) = tokio::join!(shown_clinic("one"), shown_clinic("other"));
        both_answer([one, other], 200).await;
    });
}

async fn both_answer([one, other]: [Clinic; 2], usual: u64) {
    let count = number("POSTERN_STATEMENTS").unwrap_or(usual);
    let mut generator = Generator::new(number("POSTERN_SEED").unwrap_or(4));
    let mut tally = Tally::default();
    for sent in 1..=count {
        let text = generator.statement();
        let ask = async |mode: Mode| {
            tokio::join!(
                one.side.ask(mode.word(), &text, &[]),
                other.side.ask(mode.word(), &text, &[])
            )
        };
        let answers = tokio::join!(ask(Mode::Result), ask(Mode::Source), ask(Mode::Schema));
        for (mode, (a, b)) in
            [(Mode::Result, answers.0), (Mode::Source, answers.1), (Mode::Schema, answers.2)]
        {
            let canaries = [(&one.canaries, &a), (&other.canaries, &b)];
            let leaked = canaries.into_iter().find_map(|(canaries, answer)| seen(canaries, answer));
            tally.note(mode, &text, [&a, &b], leaked);
        }
        if sent == count || sent % 10_000 == 0 {
            tally.tell(sent);
        }
    }
}

fn seen(canaries: &Canaries, answer: &Answer) -> Option<String> {
    let shown = canaries.find(&answer.shown, answer.rows.as_ref());
    shown.or_else(|| canaries.whole(&answer.aside))
}

#[derive(Default)]
struct Tally {
    answered: [usize; 3],
    failed: [usize; 3],
    wrong: Vec<String>,
}

impl Tally {
    fn note(&mut self, mode: Mode, text: &str, [a, b]: [&Answer; 2], leaked: Option<String>) {
        let at = Mode::ALL.iter().position(|known| *known == mode).unwrap();
        self.answered[at] += usize::from(a.is_answered());
        self.failed[at] += usize::from(a.verdict == "targets/statement");
        let place = mode.word();
        if a.differs(b) {
            let both = format!("{} {}\n  {} {}", a.verdict, a.shown, b.verdict, b.shown);
            self.wrong.push(format!("[{place}] tells them apart: {text}\n  {both}"));
        }
        if let Some(canary) = leaked {
            self.wrong.push(format!("[{place}] shows `{canary}`: {text}"));
        }
    }

    #[expect(clippy::print_stdout, reason = "the rate is to be seen")]
    fn tell(&self, count: u64) {
        for (at, mode) in Mode::ALL.into_iter().enumerate() {
            println!(
                "mode {}: {} of {count} statements answered, {} failed on the target",
                mode.word(),
                self.answered[at],
                self.failed[at]
            );
        }
        let asked = count * Mode::ALL.len() as u64;
        println!("leak rate: {} of {asked}", self.wrong.len());
        assert!(self.wrong.is_empty(), "{}", self.wrong.join("\n"));
        // What is refused tells nothing for a reason that is no merit of the masks.
        assert!(self.answered[1] as u64 * 2 > count, "too few are answered: {:?}", self.answered);
    }
}

#[expect(clippy::disallowed_methods, reason = "only tests are told how much to do so")]
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}
