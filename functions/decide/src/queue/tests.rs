//! Messages that are not done, each for its own reason.

use std::sync::Arc;

use audit::Ledger;
use decisions::Desk;
use on_disk::Sqlite;
use request::{Digest, Later, RequestId};
use serde_json::json;
use state::{Item, Key, Partition, Store, Write};

use super::{Error, People, Queue};
use crate::notify::Notifiers;

/// A store that is gone.
struct Gone;

impl Store for Gone {
    fn read<'a>(
        &'a self,
        _: &'a Partition,
        _: &'a [Key],
    ) -> Later<'a, Result<Vec<Option<Item>>, state::Error>> {
        Box::pin(async { Err(state::Error::Unavailable("gone".into())) })
    }

    fn list<'a>(
        &'a self,
        _: &'a Partition,
        _: &'a str,
        _: Option<&'a Key>,
        _: usize,
    ) -> Later<'a, Result<Vec<(Key, Item)>, state::Error>> {
        Box::pin(async { Err(state::Error::Unavailable("gone".into())) })
    }

    fn commit<'a>(
        &'a self,
        _: &'a Partition,
        _: &'a [Write],
    ) -> Later<'a, Result<(), state::Error>> {
        Box::pin(async { Err(state::Error::Unavailable("gone".into())) })
    }
}

fn queue(store: Arc<dyn Store>) -> Queue {
    let clock = Arc::new(host::SystemClock);
    let desk = Desk { ledger: Arc::new(Ledger::new(store, Arc::clone(&clock) as _)), waker: None };
    let nobody = Notifiers::new(Vec::new(), || panic!("no secret is wanted"), clock).unwrap();
    Queue::new(desk, People::new(nobody))
}

fn messages() -> [String; 4] {
    let kinds = [
        json!({"kind": "ask", "token": "t"}),
        json!({"kind": "parked"}),
        json!({"kind": "waits"}),
        json!({"kind": "report", "state": "done"}),
    ];
    kinds.map(|mut message| {
        let about = json!({"digest": Digest::of(b"a"), "expires": 4_000_000_000_000_u64,
            "partition": "p_1", "request": RequestId::fresh()});
        message.as_object_mut().unwrap().extend(about.as_object().unwrap().clone());
        message.to_string()
    })
}

#[tokio::test]
async fn what_never_waited_does_not_get_better_by_trying_again() {
    let folder = tempfile::tempdir().unwrap();
    let queue = queue(Arc::new(Sqlite::open(folder.path().join("s.db")).unwrap()));
    for message in messages() {
        let taken = queue.take(message.as_bytes()).await;
        assert!(matches!(taken, Err(Error::Poison)), "{message}: {taken:?}");
    }
    for message in ["", "{}", "hello"] {
        assert!(matches!(queue.take(message.as_bytes()).await, Err(Error::Poison)));
    }
}

#[tokio::test]
async fn while_the_store_is_gone_messages_come_again() {
    let queue = queue(Arc::new(Gone));
    for message in messages() {
        let taken = queue.take(message.as_bytes()).await;
        assert!(matches!(taken, Err(Error::Unavailable(_))), "{message}: {taken:?}");
    }
}
