//! What ordinary analysts ask must pass: the rate at which it is refused, for each mode.

use crate::{
    corpus::{self, Case},
    setup::shop,
    stand::{self, Answer, Mode, Side},
};

#[test]
fn ordinary_questions_are_answered_and_alike_in_every_mode() {
    stand::run(questions());
}

async fn questions() {
    let shop = shop().await;
    let cases = corpus::cases("analyst");
    let mut refused: [Vec<(&Case, Answer)>; 3] = Default::default();
    let mut wrong = Vec::new();
    for case in &cases {
        plain(&shop, case).await;
        let ask = |mode: Mode| shop.ask(mode.word(), &case.text, &case.params);
        let [one, two, three] = Mode::ALL.map(ask);
        let answers: [Answer; 3] = tokio::join!(one, two, three).into();
        // By provenance, whatever is computed beside something tagged is masked. Where masks are put
        // before, modes have nothing to differ in.
        let masked = &answers[1..];
        let rows: Vec<_> = masked.iter().filter_map(rows).collect();
        if !case.tagged && rows.windows(2).any(|pair| pair[0] != pair[1]) {
            let shown = answers.each_ref().map(|answer| answer.shown.as_str()).join("\n  ");
            wrong
                .push(format!("{}/{} is answered differently:\n  {shown}", case.family, case.name));
        }
        for (list, answer) in refused.iter_mut().zip(answers) {
            if !answer.is_answered() {
                list.push((case, answer));
            }
        }
    }
    for (mode, refused) in Mode::ALL.into_iter().zip(&refused) {
        wrong.extend(told(mode, cases.len(), refused));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The rows, in no order: what is asked for does not always tell one.
fn rows(answer: &Answer) -> Option<Vec<String>> {
    let rows = answer.rows.as_ref()?.as_array()?;
    let mut rows: Vec<String> = rows.iter().map(ToString::to_string).collect();
    rows.sort();
    Some(rows)
}

/// It runs on the database itself: a question that nobody could ask proves nothing.
async fn plain(on: &Side, case: &Case) {
    let ran = match case.params.is_empty() {
        true => {
            let whole = format!("BEGIN READ ONLY; {};\nROLLBACK", case.text);
            on.behind.batch_execute(&whole).await
        }
        false => on.behind.prepare(&case.text).await.map(drop),
    };
    ran.unwrap_or_else(|error| panic!("{}: {error:?}", case.name));
}

/// Prints the rate and the refusals; gives what is too much.
#[expect(clippy::print_stdout, reason = "the rate is to be seen")]
fn told(mode: Mode, all: usize, refused: &[(&Case, Answer)]) -> Option<String> {
    // By provenance, what computes with a tagged column is rightly refused.
    let rightly = |case: &Case| mode == Mode::Result && case.tagged;
    let falsely: Vec<_> = refused.iter().filter(|(case, _)| !rightly(case)).collect();
    let rate = 100.0 * falsely.len() as f64 / all as f64;
    println!(
        "mode {}: {} of {all} ordinary questions refused, {} of them falsely: {rate:.1} %",
        mode.word(),
        refused.len(),
        falsely.len()
    );
    let lines: Vec<String> = falsely
        .iter()
        .map(|(case, answer)| {
            format!("  {}/{}: {} {}", case.family, case.name, answer.verdict, answer.shown)
        })
        .collect();
    println!("{}", lines.join("\n"));
    let bound = mode != Mode::Result && rate > MOST;
    bound.then(|| {
        format!("mode {}: {rate:.1} %, more than {MOST}:\n{}", mode.word(), lines.join("\n"))
    })
}

/// Per cent.
const MOST: f64 = 5.0;
