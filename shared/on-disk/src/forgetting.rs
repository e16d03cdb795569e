//! What is over is forgotten, some of it with every commit, and nothing else is.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use request::{Clock, Millis};
use rusqlite::Connection;
use state::{Key, Partition, Store, Write};

use crate::{Sqlite, statements::FORGET};

/// A clock that is moved by hand.
#[derive(Default)]
struct Hand(AtomicU64);

impl Clock for Hand {
    fn now(&self) -> Millis {
        Millis(self.0.load(Ordering::SeqCst) * 1000)
    }
}

/// A store in a folder of its own, and its clock.
struct Stand {
    folder: tempfile::TempDir,
    clock: Arc<Hand>,
    store: Sqlite,
}

impl Stand {
    fn new() -> Self {
        let (folder, clock) = (tempfile::tempdir().unwrap(), Arc::new(Hand::default()));
        let store = Sqlite::open(folder.path().join("state")).unwrap();
        let store = store.forgetting(clock.clone());
        Self { folder, clock, store }
    }

    async fn commit(&self, partition: &str, writes: &[Write]) {
        self.store.commit(&named(partition), writes).await.unwrap();
    }

    /// The keys that are left in this partition.
    async fn left(&self, partition: &str) -> Vec<String> {
        let items = self.store.list(&named(partition), "", None, 1000).await.unwrap();
        items.into_iter().map(|(key, _)| key.as_str().to_owned()).collect()
    }

    fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("state")
    }
}

fn named(partition: &str) -> Partition {
    Partition::new(partition).unwrap()
}

fn until(key: &str, expires_at: Option<u64>) -> Write {
    Write::Create { key: Key::new(key).unwrap(), value: b"x".to_vec(), expires_at }
}

#[tokio::test]
async fn the_next_commit_forgets_what_is_over_wherever_it_lies() {
    let stand = Stand::new();
    stand
        .commit("a", &[until("over", Some(10)), until("now", Some(11)), until("ever", None)])
        .await;
    stand.commit("b", &[until("over", Some(10)), until("later", Some(12))]).await;
    stand.clock.0.store(11, Ordering::SeqCst);
    assert_eq!(stand.left("a").await, ["ever", "now", "over"], "reading forgets nothing");
    stand.commit("c", &[until("any", None)]).await;
    assert_eq!(stand.left("a").await, ["ever", "now"]);
    assert_eq!(stand.left("b").await, ["later"]);
}

#[tokio::test]
async fn what_is_renewed_in_the_very_commit_is_not_over() {
    let stand = Stand::new();
    stand.commit("a", &[until("k", Some(10))]).await;
    stand.clock.0.store(60, Ordering::SeqCst);
    let key = Key::new("k").unwrap();
    let found = stand.store.read(&named("a"), std::slice::from_ref(&key)).await.unwrap();
    let version = found.into_iter().flatten().next().unwrap().version;
    let renewed = Write::Replace { key, value: b"y".to_vec(), version, expires_at: Some(90) };
    stand.commit("a", &[renewed]).await;
    assert_eq!(stand.left("a").await, ["k"]);
}

#[tokio::test]
async fn a_commit_that_fails_forgets_nothing() {
    let stand = Stand::new();
    stand.commit("a", &[until("k", Some(10)), until("ever", None)]).await;
    stand.clock.0.store(60, Ordering::SeqCst);
    let again = stand.store.commit(&named("a"), &[until("ever", None)]).await;
    assert!(matches!(again, Err(state::Error::Conflict)), "{again:?}");
    assert_eq!(stand.left("a").await, ["ever", "k"]);
}

#[tokio::test]
async fn one_commit_forgets_a_hundred_and_those_after_it_the_rest() {
    let stand = Stand::new();
    for partition in ["a", "b", "c"] {
        let many: Vec<_> = (0..90).map(|n| until(&format!("k{n:02}"), Some(10))).collect();
        stand.commit(partition, &many).await;
    }
    stand.clock.0.store(60, Ordering::SeqCst);
    for left in [170, 70, 0] {
        stand.commit("d", &[until(&format!("d{left}"), None)]).await;
        let mut found = 0;
        for partition in ["a", "b", "c"] {
            found += stand.left(partition).await.len();
        }
        assert_eq!(found, left);
    }
}

#[tokio::test]
async fn without_a_clock_nothing_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(folder.path().join("state")).unwrap();
    store.commit(&named("a"), &[until("k", Some(1))]).await.unwrap();
    store.commit(&named("a"), &[until("l", Some(1))]).await.unwrap();
    assert_eq!(store.list(&named("a"), "", None, 9).await.unwrap().len(), 2);
}

/// How SQLite would look for what is over.
fn plan(path: &Path) -> String {
    let file = Connection::open(path).unwrap();
    let mut plan = file.prepare(&format!("EXPLAIN QUERY PLAN {FORGET}")).unwrap();
    let steps = plan.query_map([1, 1], |row| row.get::<_, String>(3)).unwrap();
    steps.map(Result::unwrap).collect::<Vec<_>>().join("; ")
}

#[tokio::test]
async fn what_is_over_is_found_without_a_walk_through_the_ledger() {
    let stand = Stand::new();
    let plan = plan(&stand.path());
    assert!(
        plan.contains("INDEX items_over (expires_at<?)") && !plan.contains("SCAN items"),
        "{plan}"
    );
}

#[test]
fn a_file_from_before_there_was_an_index_gets_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    drop(Sqlite::open(&path).unwrap());
    Connection::open(&path).unwrap().execute_batch("DROP INDEX items_over").unwrap();
    assert!(!plan(&path).contains("INDEX items_over"));
    assert!(Sqlite::open_read_only(&path).is_ok(), "to look only, it is good as it is");
    drop(Sqlite::open(&path).unwrap());
    assert!(plan(&path).contains("INDEX items_over"));
}
