//! Conditions on items that a commit does not change.

use state::{Partition, Version};

use super::{Pair, create, replace, require};

pub(crate) async fn a_state_can_be_required_and_stays_as_it_is(on: &Pair, at: &Partition) {
    on.commit(at, &[create("held", "1")]).await;
    let held = on.item(at, "held").await;
    on.commit(at, &[require("held", Some(&held.version)), create("a", "1")]).await;
    on.commit(at, &[require("held", Some(&held.version))]).await;
    assert_eq!(on.item(at, "held").await, held);

    // Who read it before may still change it: nobody else has.
    on.commit(at, &[replace("held", "2", &held.version)]).await;
    on.conflict(at, &[require("held", Some(&held.version)), create("b", "1")]).await;
    on.conflict(at, &[require("held", None), create("b", "1")]).await;
    on.conflict(at, &[require("never-made", Some(&held.version)), create("b", "1")]).await;
    assert_eq!(on.keys(at).await, ["a", "held"]);
}

pub(crate) async fn an_absence_can_be_required_and_stays_one(on: &Pair, at: &Partition) {
    for name in ["a", "b", "c"] {
        on.commit(at, &[require("absent", None), create(name, "1")]).await;
    }
    on.commit(at, &[require("absent", None)]).await;
    assert_eq!(on.get(at, "absent").await, None);
    assert_eq!(on.keys(at).await, ["a", "b", "c"]);
    assert_eq!(on.other.list(at, "", None, 1).await.unwrap().len(), 1);
    assert_eq!(on.other.list(at, "abs", None, 9).await.unwrap(), []);
}

pub(crate) async fn what_was_required_to_be_absent_can_be_created(on: &Pair, at: &Partition) {
    on.commit(at, &[require("late", None), create("a", "1")]).await;
    on.commit(at, &[create("late", "1")]).await;
    assert_eq!(on.item(at, "late").await.value, b"1");
    on.conflict(at, &[require("late", None), create("b", "1")]).await;
    on.conflict(at, &[create("late", "2")]).await;
    assert_eq!(on.keys(at).await, ["a", "late"]);
}

pub(crate) async fn who_requires_an_absence_undoes_no_creation(on: &Pair, at: &Partition) {
    for round in 0..8 {
        let made = format!("made-{round}");
        on.commit(at, &[require(&made, None)]).await;
        let beside = |n| vec![require(&made, None), create(format!("beside-{round}-{n}"), "1")];
        let mut commits: Vec<_> = (0..6).map(beside).collect();
        commits.insert(round % 7, vec![create(&made, "1")]);
        on.race(at, commits).await;
        assert_eq!(on.item(at, &made).await.value, b"1");
    }
}

pub(crate) async fn of_two_that_require_the_others_absence_one_succeeds(on: &Pair, at: &Partition) {
    for round in 0..12 {
        let (left, right) = (format!("left-{round}"), format!("right-{round}"));
        if round % 2 == 0 {
            // What was required before may be kept in another way.
            on.commit(at, &[require(&left, None), require(&right, None)]).await;
        }
        let commits = vec![
            vec![require(&left, None), create(&right, "1")],
            vec![require(&right, None), create(&left, "1")],
        ];
        on.race(at, commits).await;
        let made = [on.get(at, &left).await, on.get(at, &right).await];
        assert!(made.iter().flatten().count() <= 1, "round {round}: both");
    }
}

pub(crate) async fn of_two_that_require_the_others_state_one_succeeds(on: &Pair, at: &Partition) {
    for round in 0..12 {
        let (left, right) = (format!("left-{round}"), format!("right-{round}"));
        on.commit(at, &[create(&left, "0"), create(&right, "0")]).await;
        let version = |item: state::Item| -> Version { item.version };
        let (l, r) = (version(on.item(at, &left).await), version(on.item(at, &right).await));
        let commits = vec![
            vec![require(&left, Some(&l)), replace(&right, "1", &r)],
            vec![require(&right, Some(&r)), replace(&left, "1", &l)],
        ];
        on.race(at, commits).await;
        let values = [on.item(at, &left).await.value, on.item(at, &right).await.value];
        let changed = values.iter().filter(|value| *value == b"1").count();
        assert!(changed <= 1, "round {round}: both");
    }
}

pub(crate) async fn many_may_require_the_same_at_once(on: &Pair, at: &Partition) {
    on.commit(at, &[create("held", "1")]).await;
    let held = on.item(at, "held").await;
    let commit = |number| {
        let held = require("held", Some(&held.version));
        vec![held, require("absent", None), create(format!("item-{number}"), "1")]
    };
    assert_eq!(on.race(at, (0..8).map(commit).collect()).await, 8);
    assert_eq!(on.item(at, "held").await, held);
    assert_eq!(on.keys(at).await.len(), 9);
}
