//! Single writes, and several that stand or fall together.

use state::{Partition, Version, Write};

use super::{Pair, create, key, partition, replace};

pub(crate) async fn what_one_wrote_the_other_reads(on: &Pair, at: &Partition) {
    for round in 0..10 {
        let name = format!("item-{round}");
        on.commit(at, &[create(&name, [round])]).await;
        assert_eq!(on.item(at, &name).await.value, [round]);
    }
    let first = on.item(at, "item-0").await;
    on.commit(at, &[replace("item-0", "new", &first.version)]).await;
    assert_eq!(on.item(at, "item-0").await.value, b"new");
}

pub(crate) async fn items_come_in_the_order_of_the_keys_asked_for(on: &Pair, at: &Partition) {
    on.commit(at, &[create("a", "A"), create("b", "B"), create("c", "C")]).await;
    let asked = ["c", "none", "a", "c"].map(key);
    let items = on.other.read(at, &asked).await.unwrap();
    let values: Vec<_> = items.into_iter().map(|item| item.map(|item| item.value)).collect();
    assert_eq!(values, [Some(b"C".to_vec()), None, Some(b"A".to_vec()), Some(b"C".to_vec())]);
    assert!(on.other.read(at, &[]).await.unwrap().is_empty());

    let many: Vec<_> = (0..150).map(|number| key(format!("none-{number}"))).collect();
    let items = on.other.read(at, &many).await.unwrap();
    assert_eq!(items, vec![None; 150]);
}

pub(crate) async fn an_item_is_created_once(on: &Pair, at: &Partition) {
    on.commit(at, &[create("a", "first")]).await;
    let before = on.item(at, "a").await;
    on.conflict(at, &[create("a", "second")]).await;
    on.conflict(at, &[create("a", "first")]).await;
    assert_eq!(on.item(at, "a").await, before);
}

pub(crate) async fn an_item_is_replaced_in_the_state_it_was_read_in_only(
    on: &Pair,
    at: &Partition,
) {
    on.commit(at, &[create("a", "1")]).await;
    let stale = on.item(at, "a").await;
    on.commit(at, &[replace("a", "2", &stale.version)]).await;
    let fresh = on.item(at, "a").await;

    on.conflict(at, &[replace("a", "3", &stale.version)]).await;
    assert_eq!(on.item(at, "a").await, fresh);
    assert_eq!(fresh.value, b"2");

    on.conflict(at, &[replace("never-made", "1", &fresh.version)]).await;
    assert_eq!(on.get(at, "never-made").await, None);
}

pub(crate) async fn a_version_changes_with_every_write(on: &Pair, at: &Partition) {
    on.commit(at, &[create("a", "same")]).await;
    let mut seen = vec![on.item(at, "a").await.version];
    for _ in 0..5 {
        on.commit(at, &[replace("a", "same", seen.last().unwrap())]).await;
        let now = on.item(at, "a").await.version;
        assert!(!seen.contains(&now), "{now:?} stood for another state before");
        seen.push(now);
    }
}

pub(crate) async fn an_unknown_version_is_a_conflict(on: &Pair, at: &Partition) {
    on.commit(at, &[create("a", "1")]).await;
    for strange in ["", "0", "-1", "99", "one", "W/\"x\"\r\nX: y", "'"] {
        let strange = Version(strange.to_owned());
        on.conflict(at, &[replace("a", "2", &strange)]).await;
        on.conflict(at, &[create("b", "2"), super::require("a", Some(&strange))]).await;
    }
    assert_eq!(on.item(at, "a").await.value, b"1");
    assert_eq!(on.get(at, "b").await, None);
}

pub(crate) async fn one_write_that_fails_undoes_all_others(on: &Pair, at: &Partition) {
    on.commit(at, &[create("there", "1"), create("changed", "1")]).await;
    let stale = on.item(at, "changed").await;
    on.commit(at, &[replace("changed", "2", &stale.version)]).await;
    let (there, changed) = (on.item(at, "there").await, on.item(at, "changed").await);

    let failing: [fn(&Version) -> Write; 4] = [
        |_| create("there", "x"),
        |stale| replace("changed", "x", stale),
        |stale| super::require("changed", Some(stale)),
        |_| super::require("there", None),
    ];
    for fails in failing {
        for place in [0, 2, 4] {
            let mut writes: Vec<_> = (0..4).map(|n| create(format!("new-{n}"), "x")).collect();
            writes.insert(place, fails(&stale.version));
            if !writes.iter().any(|write| write.key() == &key("there")) {
                writes.push(replace("there", "x", &there.version));
            }
            on.conflict(at, &writes).await;
            assert_eq!(on.keys(at).await, ["changed", "there"]);
            assert_eq!(on.item(at, "there").await, there);
            assert_eq!(on.item(at, "changed").await, changed);
        }
    }
}

pub(crate) async fn partitions_know_nothing_of_each_other(on: &Pair, at: &Partition) {
    let beside = partition(&format!("{}-2", at.as_str()));
    on.commit(at, &[create("a", "here")]).await;
    assert_eq!(on.get(&beside, "a").await, None);
    assert!(on.keys(&beside).await.is_empty());

    on.commit(&beside, &[create("a", "there")]).await;
    assert_eq!(on.item(at, "a").await.value, b"here");
    assert_eq!(on.item(&beside, "a").await.value, b"there");
}

pub(crate) async fn what_is_over_is_there_as_it_was_or_gone(on: &Pair, at: &Partition) {
    let over = Write::Create { key: key("over"), value: b"1".to_vec(), expires_at: Some(1) };
    on.commit(at, &[over, create("beside", "1")]).await;
    on.commit(at, &[create("after", "1")]).await;
    let over = on.get(at, "over").await;
    assert!(over.is_none_or(|item| item.value == b"1"), "a store may forget it, and that is all");
    assert_eq!(on.item(at, "beside").await.value, b"1");
}

pub(crate) async fn an_expiry_hides_nothing_before_its_time(on: &Pair, at: &Partition) {
    for (name, expires_at) in [("soon", 4_102_444_800), ("latest", u64::MAX), ("none", 0)] {
        let expires_at = (expires_at > 0).then_some(expires_at);
        let write = Write::Create { key: key(name), value: b"1".to_vec(), expires_at };
        on.commit(at, &[write]).await;
        let item = on.item(at, name).await;
        let (key, version) = (key(name), item.version);
        on.commit(at, &[Write::Replace { key, value: b"2".to_vec(), version, expires_at }]).await;
        assert_eq!(on.item(at, name).await.value, b"2");
    }
}
