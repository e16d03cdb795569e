//! Many at once.

use std::sync::Arc;

use state::{Error, Partition};

use super::{Pair, create, key, replace};

pub(crate) async fn of_64_that_create_the_same_item_one_succeeds(on: &Pair, at: &Partition) {
    let commit = |number: u8| vec![create("one", [number]), create(format!("by-{number}"), "1")];
    assert_eq!(on.race(at, (0..64).map(commit).collect()).await, 1);
    let winner = on.item(at, "one").await.value[0];
    assert_eq!(on.keys(at).await, [format!("by-{winner}"), "one".to_owned()]);
}

pub(crate) async fn of_32_that_replace_the_same_state_one_succeeds(on: &Pair, at: &Partition) {
    on.commit(at, &[create("one", "start")]).await;
    let version = on.item(at, "one").await.version;
    let commit = |number: u8| vec![replace("one", [number], &version)];
    assert_eq!(on.race(at, (0..32).map(commit).collect()).await, 1);
    assert_eq!(on.item(at, "one").await.value.len(), 1);
}

pub(crate) async fn no_addition_to_a_counter_is_lost(on: &Pair, at: &Partition) {
    on.commit(at, &[create("count", [0])]).await;
    let mut adding = tokio::task::JoinSet::new();
    for number in 0..4 {
        let store = Arc::clone(if number % 2 == 0 { &on.one } else { &on.other });
        let at = at.clone();
        adding.spawn(async move {
            let mut added = 0;
            while added < 5 {
                let item = store.read(&at, &[key("count")]).await.unwrap().remove(0).unwrap();
                let write = replace("count", [item.value[0] + 1], &item.version);
                match store.commit(&at, &[write]).await {
                    Ok(()) => added += 1,
                    Err(Error::Conflict) => {}
                    Err(error) => panic!("{error:?}"),
                }
            }
        });
    }
    adding.join_all().await;
    assert_eq!(on.item(at, "count").await.value, [20]);
}
