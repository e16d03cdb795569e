//! A store that does not answer, answers too late, or has somebody else in front.

use ::audit::{Error, State, conclude, status};

use super::{Book, done, tells};
use crate::{
    stand::{OPEN, Stand, agent, asking},
    store::Mood,
};

#[tokio::test]
async fn an_intent_that_cannot_be_written_leaves_nothing() {
    let (stand, book) = (Stand::new(OPEN), Book::new());
    let who = agent("ada").known();
    book.store.always(Mood::Down);
    let begun = stand.begin(&agent("ada"), &asking("select 1").keyed("k"));
    let id = begun.id.clone();
    assert!(matches!(book.intend(begun).await.err(), Some(Error::Unavailable(_))));
    assert_eq!(book.store.committed(), 1, "nothing is tried twice without knowing");
    assert_eq!(book.items(&who, "").await, []);
    assert_eq!(status(&who, &id, &book.ledger).await.unwrap(), None);
}

#[tokio::test]
async fn a_ledger_that_cannot_be_read_is_not_written() {
    let (stand, book) = (Stand::new(OPEN), Book::new());
    book.store.reads(&[Mood::Down]);
    let begun = stand.begin(&agent("ada"), &asking("select 1"));
    assert!(matches!(book.intend(begun).await.err(), Some(Error::Unavailable(_))));
    assert_eq!(book.store.committed(), 0);
}

#[tokio::test]
async fn a_record_that_was_written_without_an_answer_is_found_and_not_written_twice() {
    let (stand, book) = (Stand::new(OPEN), Book::new());
    let who = agent("ada").known();
    for mood in [Mood::Silent, Mood::Doubled] {
        book.store.commits(&[mood, mood]);
        // The key would be taken by the request itself, were it asked about again.
        let keyed = asking("select 1").keyed(&format!("{mood:?}"));
        let (_, open) = book.intend(stand.begin(&agent("ada"), &keyed)).await.unwrap();
        let before = book.lines(&who).await.len();
        let receipt = conclude(open, done(), Some(b"[]")).await.unwrap();
        let lines = book.lines(&who).await;
        assert_eq!(lines.len(), before + 1, "{mood:?}");
        assert!(tells(&receipt, before, &lines[before]), "{mood:?}: {receipt}");
    }
    let report = book.report(&who).await.unwrap();
    assert_eq!((report.records, report.concluded), (4, 2));
}

#[tokio::test]
async fn without_an_answer_to_the_second_question_nothing_is_released() {
    let (stand, book) = (Stand::new(OPEN), Book::new());
    let (_, open) = book.intend(stand.begin(&agent("ada"), &asking("select 1"))).await.unwrap();
    book.store.commits(&[Mood::Silent]);
    book.store.reads(&[Mood::Sound, Mood::Down]);
    let withheld = conclude(open, done(), Some(b"[]")).await;
    assert!(matches!(withheld, Err(Error::Unavailable(_))), "{withheld:?}");
    let report = book.report(&agent("ada").known()).await.unwrap();
    assert_eq!(report.concluded, 1, "the record is there all the same, and holds");
}

#[tokio::test]
async fn whoever_was_second_reads_again_and_comes_next() {
    let (stand, book) = (Stand::new(OPEN), Book::new());
    book.store.commits(&[Mood::Conflict, Mood::Conflict, Mood::Conflict]);
    drop(book.intend(stand.begin(&agent("ada"), &asking("select 1"))).await.unwrap());
    assert_eq!(book.store.committed(), 4);
    assert_eq!(book.report(&agent("ada").known()).await.unwrap().records, 1);
}

#[tokio::test]
async fn whoever_is_always_second_is_told_so() {
    let (stand, book) = (Stand::new(OPEN), Book::new());
    book.store.always(Mood::Conflict);
    let begun = stand.begin(&agent("ada"), &asking("select 1"));
    assert!(matches!(book.intend(begun).await.err(), Some(Error::Busy)));
    assert_eq!(book.lines(&agent("ada").known()).await.len(), 0);
}

#[tokio::test]
async fn an_outcome_that_cannot_be_written_leaves_the_request_open() {
    let (stand, book) = (Stand::new(OPEN), Book::new());
    let who = agent("ada").known();
    let begun = stand.begin(&agent("ada"), &asking("select 1"));
    let id = begun.id.clone();
    let (witnessed, open) = book.intend(begun).await.unwrap();
    book.store.always(Mood::Down);
    assert!(matches!(witnessed.transaction("7".into()).await, Err(Error::Unavailable(_))));
    assert!(matches!(conclude(open, done(), None).await, Err(Error::Unavailable(_))));
    let state = status(&who, &id, &book.ledger).await.unwrap().unwrap().state;
    assert_eq!(state, State::Running);
    assert_eq!(book.report(&who).await.unwrap().open, [id.to_string()].into());
}
