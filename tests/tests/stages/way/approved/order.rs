//! Ledgers of requests that waited, in another order than they were written in: whoever checks one takes
//! nobody's word for it that people had agreed before a statement ran.

use approvals::Verdict;
use request::Source;
use serde_json::{Value, json};

use super::{Waiting, person};
use crate::{
    audit::{checked, numbered},
    stand::{Agent, NOW, agent},
};

const EARLY: &str = "it ran before the last step that people took about it";
const WITHOUT: &str = "it ran without the approval that was asked for";

/// The records of a request that three people approved and this agent then ran.
async fn ran(who: &Agent) -> Vec<Value> {
    let waiting = Waiting::new().await.approved().await;
    waiting.comes(who).await.ok().unwrap();
    records(&waiting).await
}

/// All records, each chain in its order, and nothing wrong with them.
async fn records(waiting: &Waiting) -> Vec<Value> {
    waiting.events().await;
    let lines = waiting.scene.book.lines(&agent("ada").known()).await;
    lines.iter().map(|line| serde_json::from_slice(line).unwrap()).collect()
}

/// The records at these places, in this order, as one chain with its hashes right.
fn ordered(records: &[Value], order: &[usize]) -> Vec<Vec<u8>> {
    numbered(order.iter().map(|at| records[*at].clone()).collect())
}

/// What is wrong with these lines; nothing, if they prove what they say.
fn fault(lines: &[Vec<u8>]) -> String {
    checked(lines).err().map(|fault| fault.to_string()).unwrap_or_default()
}

#[tokio::test]
async fn what_ran_before_everybody_had_agreed_is_found() {
    let records = ran(&agent("ada")).await;
    // Asked, approved by three, the intent and the outcome.
    assert_eq!(fault(&ordered(&records, &[0, 1, 2, 3, 4, 5])), "");
    for order in [[0, 4, 5, 1, 2, 3], [0, 1, 4, 5, 2, 3], [0, 1, 2, 4, 5, 3], [0, 1, 2, 4, 3, 5]] {
        let told = fault(&ordered(&records, &order));
        assert!(told.contains(EARLY), "{order:?}: {told}");
    }
    let told = fault(&ordered(&records, &[4, 5, 0, 1, 2, 3]));
    assert!(told.contains(EARLY), "before anybody was asked: {told}");
}

#[tokio::test]
async fn an_approval_that_was_not_there_when_it_ran_is_found_wherever_it_stands() {
    let waiting = Waiting::new().await.approved().await;
    let dba = person("dba-2", &["dba"]);
    decisions::retract(&waiting.request, &dba, &Source::default(), &waiting.desk()).await.unwrap();
    waiting.says(&dba, Verdict::Approve).await.unwrap();
    waiting.comes(&agent("ada")).await.ok().unwrap();
    let records = records(&waiting).await;
    // Asked, approved by three, taken back by one and said again, the intent and the outcome.
    assert_eq!(fault(&ordered(&records, &[0, 1, 2, 3, 4, 5, 6, 7])), "");
    for (order, expected) in [
        (&[0, 1, 2, 3, 4, 6, 7, 5][..], EARLY),
        (&[0, 1, 2, 3, 4, 6, 7], WITHOUT),
        // Nobody takes back what was used.
        (&[0, 1, 2, 3, 6, 7, 4, 5], EARLY),
        (&[0, 1, 2, 3, 6, 7, 4], WITHOUT),
    ] {
        let told = fault(&ordered(&records, order));
        assert!(told.contains(expected), "{order:?}: {told}");
    }
}

#[tokio::test]
async fn who_comes_too_late_changes_nothing_about_what_ran() {
    let waiting = Waiting::new().await.approved().await;
    waiting.comes(&agent("ada")).await.ok().unwrap();
    let late = waiting.says(&person("dba-3", &["dba"]), Verdict::Refuse).await;
    assert_eq!(late.err().unwrap().word(), "used");
    let events = waiting.events().await;
    assert_eq!(events.last().unwrap()["what"], "barred");
}

#[tokio::test]
async fn in_another_session_than_it_was_parked_in_the_clocks_say_what_was_before() {
    let records = ran(&agent("ada").claim("jti", json!("t-2"))).await;
    let parked = records.iter().find(|record| record["unmapped"]["event"]["what"] == "asked");
    let home = parked.unwrap()["unmapped"]["chain"].clone();
    let (asked, taken): (Vec<_>, Vec<_>) =
        records.into_iter().partition(|record| record["unmapped"]["chain"] == home);
    assert_eq!((asked.len(), taken.len()), (4, 2));
    let at = |time: u64| {
        let mut taken = taken.clone();
        taken[0]["time"] = json!(time);
        fault(&[numbered(asked.clone()), numbered(taken)].concat())
    };
    for (time, early) in
        [(NOW.0 + 60_000, false), (NOW.0, false), (NOW.0 - 5_000, false), (NOW.0 - 5_001, true)]
    {
        let told = at(time);
        assert_eq!(told.contains(EARLY), early, "{time}: {told}");
        assert_eq!(told.is_empty(), !early, "{time}: {told}");
    }
}
