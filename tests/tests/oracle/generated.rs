//! The resolver against the server over statements that nobody wrote.

use std::collections::BTreeMap;

use crate::{
    calls::Called,
    clinic,
    compare::{Verdict, judge, kind},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::print_stdout, reason = "the counts are to be seen")]
async fn names_of_statements_nobody_wrote_are_what_postgresql_takes_them_for() {
    let server = clinic::server().await;
    let (known, asker) = (clinic::known(&server, "clinic").await, server.asker("clinic").await);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for statement in clinic::generated(11, COUNT) {
        let (verdict, called) = judge(&statement, &asker, &known).await;
        *counts.entry(verdict.kind().into()).or_default() += 1;
        if let Some(called) = &called {
            *counts.entry(kind(called)).or_default() += 1;
        }
        match (verdict, called) {
            (Verdict::Differs(what), _) | (_, Some(Called::Differs(what))) => {
                wrong.push(format!("{what}: {}", statement.text));
            }
            _ => {}
        }
    }
    println!("{counts:?}");
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    // What the server makes no view of, or vetting refuses, was not compared.
    let same = |word: &str| counts.get(word).copied().unwrap_or_default();
    let called = same("calls same") + same("calls nothing");
    assert!(same("same") * 10 > COUNT * 9 && called * 10 > COUNT * 9, "{counts:?}");
}

/// How many.
const COUNT: usize = 600;
