//! What is revoked by one write: every other commit requires the item in the state it was read in.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use state::{Error, Partition, Version, Write};
use tokio::{task::JoinSet, time::sleep};

use super::{Pair, create, replace, require};

pub(crate) async fn nobody_of_64_commits_after_the_first_revocation(on: &Pair, at: &Partition) {
    revoked_under(on, at, None).await;
}

pub(crate) async fn nobody_of_64_commits_after_a_later_revocation(on: &Pair, at: &Partition) {
    on.commit(at, &[create("revoked", "somebody else")]).await;
    let before = on.item(at, "revoked").await.version;
    revoked_under(on, at, Some(before)).await;
}

/// 64 go on committing under the state that they know, until one of them is refused after the item
/// has been written. What stands when the write has returned is all that ever will.
async fn revoked_under(on: &Pair, at: &Partition, before: Option<Version>) {
    let (done, returned) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let mut running = JoinSet::new();
    for number in 0..64 {
        let store = Arc::clone(if number % 2 == 0 { &on.one } else { &on.other });
        let (at, before) = (at.clone(), before.clone());
        let (done, returned) = (Arc::clone(&done), Arc::clone(&returned));
        running.spawn(async move {
            for turn in 0.. {
                let late = returned.load(SeqCst);
                let name = format!("did:{number}:{turn}");
                let writes = [require("revoked", before.as_ref()), create(name, "1")];
                match store.commit(&at, &writes).await {
                    Ok(()) if late => panic!("{number} committed after the revocation"),
                    Ok(()) => _ = done.fetch_add(1, SeqCst),
                    Err(Error::Conflict) if late => return,
                    // A store may give up where so many hold on to one state.
                    Err(Error::Conflict | Error::Unavailable(_)) => {}
                    Err(error) => panic!("{error:?}"),
                }
                sleep(Duration::from_millis(1 + number * 16)).await;
            }
        });
    }
    while done.load(SeqCst) < 24 {
        sleep(Duration::from_millis(1)).await;
    }
    let write = match &before {
        None => create("revoked", "them all"),
        Some(version) => replace("revoked", "them all", version),
    };
    revoke(on, at, &write).await;
    returned.store(true, SeqCst);
    let stood = on.keys(at).await;
    running.join_all().await;
    assert_eq!(on.keys(at).await, stood, "what was under way is refused as well");
    assert_eq!(on.item(at, "revoked").await.value, b"them all");
}

/// Nobody changes the item meanwhile, so that the write succeeds at last, whoever goes on.
async fn revoke(on: &Pair, at: &Partition, write: &Write) {
    for _ in 0..100 {
        match on.one.commit(at, std::slice::from_ref(write)).await {
            Ok(()) => return,
            Err(Error::Unavailable(_)) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
    panic!("those who require a state keep others from changing it");
}
