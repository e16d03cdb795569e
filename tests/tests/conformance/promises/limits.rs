//! How much a store takes, and that it takes all of that.

use state::{Error, Partition, VALUE_LIMIT, WRITES_LIMIT, Write};

use super::{Pair, create, key, partition, replace};

pub(crate) async fn a_commit_holds_a_hundred_writes(on: &Pair, at: &Partition) {
    let names: Vec<String> = (0..WRITES_LIMIT).map(|number| format!("item-{number:03}")).collect();
    let writes: Vec<_> = names.iter().map(|name| create(name, name.as_str())).collect();
    on.commit(at, &writes).await;
    assert_eq!(on.keys(at).await, names);

    let items = on.other.list(at, "", None, WRITES_LIMIT).await.unwrap();
    let mut writes: Vec<_> =
        items.iter().map(|(key, item)| replace(key.as_str(), "new", &item.version)).collect();
    on.commit(at, &writes).await;
    assert_eq!(on.item(at, "item-099").await.value, b"new");

    // All of these are stale by now; the last one alone would be enough.
    writes.rotate_left(1);
    on.conflict(at, &writes).await;
}

pub(crate) async fn a_value_holds_as_much_as_was_promised(on: &Pair, at: &Partition) {
    for length in [0, 1, 65_535, 65_536, 65_537, VALUE_LIMIT] {
        let name = format!("of-{length}");
        let value: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
        on.commit(at, &[create(&name, value.clone())]).await;
        let item = on.item(at, &name).await;
        assert!(item.value == value, "a value of {length} bytes came back as another");

        // What is left of a longer value must not shine through.
        on.commit(at, &[replace(&name, "short", &item.version)]).await;
        assert_eq!(on.item(at, &name).await.value, b"short");
    }
}

pub(crate) async fn every_key_that_can_be_made_is_taken(on: &Pair, at: &Partition) {
    let alphabet = "ABCXYZabcxyz0129-_.:";
    let mut names: Vec<String> = alphabet.chars().map(String::from).collect();
    names.extend([alphabet.to_owned(), "k".repeat(256), "..".into(), "a:b:c".into(), "-.".into()]);
    names.sort();
    let writes: Vec<_> = names.iter().map(|name| create(name, name.as_str())).collect();
    let places = [at.clone(), partition(alphabet), partition(&"p".repeat(128)), partition("..")];
    for at in &places {
        on.commit(at, &writes).await;
        assert_eq!(on.keys(at).await, names);
        for name in &names {
            assert_eq!(on.item(at, name).await.value, name.as_bytes());
        }
    }
}

pub(crate) async fn what_no_store_takes_is_refused(on: &Pair, at: &Partition) {
    let long = vec![0; VALUE_LIMIT + 1];
    let many: Vec<_> = (0..=WRITES_LIMIT).map(|number| create(format!("{number}"), "1")).collect();
    let refused: [&[Write]; 4] = [
        &[],
        &[create("a", "1"), create("b", long)],
        &many,
        &[create("a", "1"), Write::Require { key: key("a"), version: None }],
    ];
    for writes in refused {
        let answer = on.one.commit(at, writes).await;
        assert!(matches!(answer, Err(Error::Refused(_))), "{answer:?}");
    }
    assert!(on.keys(at).await.is_empty());
}

/// 100 values of 64 KiB, more than the 4 MB that DynamoDB and Table Storage take. SQLite takes it.
pub(crate) async fn a_commit_that_is_too_long_is_refused_whole(on: &Pair, at: &Partition) {
    let long = |number| create(format!("item-{number:03}"), vec![7; 65_536]);
    let writes: Vec<_> = (0..WRITES_LIMIT).map(long).collect();
    let expected = match on.one.commit(at, &writes).await {
        Ok(()) => WRITES_LIMIT,
        Err(Error::Refused(_)) => 0,
        answer => panic!("{answer:?}"),
    };
    assert_eq!(on.keys(at).await.len(), expected);
}
