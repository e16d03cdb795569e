//! What people find at their desk, over a store in memory.

mod desk;
mod store;

use std::sync::atomic::Ordering::SeqCst;

use approvals::{Phase, Verdict};
use request::{RequestId, Source};

use crate::{Error, asked, lately, past, queue, retract, sheet};
use desk::{Stand, Wish, person};

fn names(requests: &[&RequestId]) -> Vec<String> {
    requests.iter().map(ToString::to_string).collect()
}

/// What somebody of `dba` finds in the history: each request, and how far it is.
async fn history(on: &Stand) -> Vec<(String, Phase)> {
    let past = past(&person("dba-1", &["dba"]), &on.desk).await.unwrap();
    past.all.into_iter().map(|past| (past.request, past.phase)).collect()
}

#[tokio::test]
async fn what_waits_is_found_behind_hundreds_that_do_not() {
    let stand = Stand::new();
    stand
        .park_many(230, &Wish { phase: Phase::Withdrawn, ends: 1_000_000, ..Wish::default() })
        .await;
    stand.park_many(230, &Wish { group: "kitchen", ends: 2_000_000, ..Wish::default() }).await;
    let last = stand.park(&Wish::default()).await;
    let found = queue(&person("dba-1", &["dba"]), &stand.desk).await.unwrap();
    let requests: Vec<_> = found.all.into_iter().map(|entry| entry.request).collect();
    assert_eq!((requests, found.more), (names(&[&last]), false));
}

#[tokio::test]
async fn a_list_that_is_cut_says_so() {
    let stand = Stand::new();
    let dba = person("dba-1", &["dba"]);
    stand.park_many(200, &Wish::default()).await;
    let found = queue(&dba, &stand.desk).await.unwrap();
    assert_eq!((found.all.len(), found.more), (200, false));
    stand.park_many(1, &Wish::default()).await;
    let found = queue(&dba, &stand.desk).await.unwrap();
    assert_eq!((found.all.len(), found.more), (200, true));
}

#[tokio::test]
async fn nobody_looks_for_ever_and_says_so() {
    let stand = Stand::new();
    for _ in 0..2000 {
        stand.sign(1_000_000).await;
    }
    stand.park(&Wish::default()).await;
    let found = queue(&person("dba-1", &["dba"]), &stand.desk).await.unwrap();
    assert_eq!((found.all.len(), found.more), (0, true));
}

#[tokio::test]
async fn a_list_holds_the_beginning_of_a_statement_and_says_that_it_goes_on() {
    let stand = Stand::new();
    let long = format!("\n\n  select '{}'", "é".repeat(30_000));
    stand.park(&Wish { statement: &long, ends: 1, ..Wish::default() }).await;
    stand.park(&Wish { statement: &long, ends: 1_000_000, ..Wish::default() }).await;
    stand.park(&Wish { statement: " select 1 \n", ..Wish::default() }).await;
    let found = queue(&person("dba-1", &["dba"]), &stand.desk).await.unwrap().all;
    let [long, short] = &found[..] else { panic!("{} wait", found.len()) };
    assert_eq!(long.statement, format!("select '{}", "é".repeat(392)));
    assert!(long.cut);
    assert_eq!((short.statement.as_str(), short.cut), ("select 1", false));
}

#[tokio::test]
async fn a_decision_on_record_is_told_as_one_whatever_cannot_be_read_afterwards() {
    let stand = Stand::new();
    let request = stand.park(&Wish::default()).await;
    stand.store.blinds.store(true, SeqCst);
    let decided = stand.says("dba-1", Verdict::Approve, &request).await.unwrap();
    assert_eq!(decided.phase, Phase::Granted);
    assert!(decided.approval.missing(decided.sealed.document()).is_empty());
    assert_eq!(stand.heard.all(), [Phase::Granted], "whoever waits is woken");
}

#[tokio::test]
async fn the_history_has_one_line_for_each_request_as_far_as_it_is_now() {
    let stand = Stand::new();
    let mut requests = Vec::new();
    for nth in 0..4 {
        let request = stand.park(&Wish::default()).await;
        let dba = format!("dba-{nth}");
        stand.says(&dba, Verdict::Approve, &request).await.unwrap();
        requests.push(request);
    }
    let [granted, refused, used, retracted] = &requests[..] else { panic!("four are parked") };
    stand.says("dba-9", Verdict::Refuse, refused).await.unwrap();
    stand.uses(used).await;
    let third = person("dba-3", &["dba"]);
    retract(retracted, &third, &Source::default(), &stand.desk).await.unwrap();
    let expected = [(refused, Phase::Refused), (used, Phase::Used), (granted, Phase::Granted)];
    let expected = expected.map(|(request, phase)| (request.to_string(), phase));
    assert_eq!(history(&stand).await, expected);

    let mine = lately(&person("dba-9", &["dba"]), 5, &stand.desk).await.unwrap().all;
    assert_eq!(mine.len(), 1);
    assert_eq!(mine[0].said, ["approve: dba-1", "refuse: dba-9"]);

    let new = stand.park(&Wish::default()).await;
    let sheet = sheet(&new, &third, &Source::default(), &stand.desk).await.unwrap();
    let like: Vec<_> = sheet.like.into_iter().map(|past| (past.request, past.phase)).collect();
    assert_eq!(like, expected, "the same of those that are alike");
}

#[tokio::test]
async fn the_history_of_others_is_passed_over_and_not_in_the_way() {
    let stand = Stand::new();
    let first = stand.park(&Wish::default()).await;
    stand.says("dba-1", Verdict::Refuse, &first).await.unwrap();
    for _ in 0..210 {
        let other = stand.park(&Wish { group: "kitchen", ..Wish::default() }).await;
        let cook = person("cook-1", &["kitchen"]);
        let found = asked(&other, &cook, &stand.desk.ledger).await.unwrap();
        let digest = found.waiting.sealed().digest();
        let said = approvals::Said { digest, verdict: Verdict::Refuse, comment: None };
        crate::decide(&other, said, &cook, &Source::default(), &stand.desk).await.unwrap();
    }
    assert_eq!(history(&stand).await, [(first.to_string(), Phase::Refused)]);
}

#[tokio::test]
async fn to_be_asked_is_looked_up_without_a_record() {
    let stand = Stand::new();
    let request = stand.park(&Wish::default()).await;
    let before = stand.steps();
    let found = asked(&request, &person("dba-1", &["dba"]), &stand.desk.ledger).await.unwrap();
    assert_eq!(found.waiting.ticket().request, request);
    let cook = asked(&request, &person("cook-1", &["kitchen"]), &stand.desk.ledger).await;
    assert!(matches!(cook, Err(Error::Missing)));
    assert_eq!(stand.steps(), before);
}

#[tokio::test]
async fn records_name_those_groups_of_a_person_that_were_asked() {
    let stand = Stand::new();
    let request = stand.park(&Wish::default()).await;
    let both = person("dba-1", &["dba", "night-shift"]);
    sheet(&request, &both, &Source::default(), &stand.desk).await.unwrap();
    let ada = person("ada", &["dba", "night-shift"]);
    let own = asked(&request, &ada, &stand.desk.ledger).await.unwrap();
    let digest = own.waiting.sealed().digest();
    let said = approvals::Said { digest, verdict: Verdict::Approve, comment: None };
    let barred = crate::decide(&request, said, &ada, &Source::default(), &stand.desk).await;
    assert_eq!(barred.err().unwrap().word(), "chain");
    let records = stand.records();
    assert!(records.contains("shown") && records.contains("barred"), "{records}");
    assert!(!records.contains("night-shift"), "{records}");
}

#[tokio::test]
async fn whoever_was_ended_since_they_logged_in_finds_and_decides_nothing() {
    let stand = Stand::new();
    let request = stand.park(&Wish::default()).await;
    let dba = person("dba-1", &["dba"]);
    let login = dba.get().login().auth_time.unwrap();
    for (since, ended) in [(login - 1, false), (login, true), (login + 60, true)] {
        stand.end(&dba, since).await;
        let word = |error: Error| error.word();
        let expected = if ended { Err("ended") } else { Ok(()) };
        let found = asked(&request, &dba, &stand.desk.ledger).await;
        assert_eq!(found.map(drop).map_err(word), expected);
        let source = Source::default();
        let shown = sheet(&request, &dba, &source, &stand.desk).await;
        assert_eq!(shown.map(drop).map_err(word), expected);
        assert_eq!(queue(&dba, &stand.desk).await.map(drop).map_err(word), expected);
        assert_eq!(past(&dba, &stand.desk).await.map(drop).map_err(word), expected);
        assert_eq!(lately(&dba, 5, &stand.desk).await.map(drop).map_err(word), expected);
    }
    let said = stand.says("dba-1", Verdict::Approve, &request).await;
    assert_eq!(said.err().map(|error| error.word()), Some("ended"));
    assert!(
        stand.says("dba-2", Verdict::Approve, &request).await.is_ok(),
        "others are not touched"
    );
}
