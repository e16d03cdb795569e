//! SQLite: two handles on a file, two processes, and a process that is killed.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::Stdio,
    sync::Arc,
};

use local_emulator::{
    agent::Agent,
    binaries::Binaries,
    emulator::{Cloud, Emulator},
    process::Log,
    story,
};
use on_disk::Sqlite;
use state::{Error, Key, Partition, Store, Write};

use crate::{child, people, promises};

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_keeps_the_promises_of_a_store() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    // As functions open it.
    let open = || Sqlite::open(&path).unwrap().forgetting(Arc::new(host::SystemClock));
    promises::keep(open(), open()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_who_come_at_once_for_what_was_approved_one_is_served() {
    let binaries = Binaries::beside().unwrap();
    let emulator = Emulator::start(&binaries, Log::default(), &|_| ()).await.unwrap();
    let token = story::support(&emulator).unwrap();
    for cloud in Cloud::ALL {
        let agent = Agent::new(&story::client().unwrap(), &emulator.url(cloud), &token);
        let parked = agent.query("shop", "SELECT name FROM customers").await.unwrap();
        let store = Sqlite::open(emulator.ledger(cloud)).unwrap();
        people::agree_and_come_at_once(Arc::new(store), &agent, &parked).await;
    }
    emulator.stop().await;
}

#[tokio::test]
async fn two_processes_share_a_file() {
    if let Some(path) = child::variable(FILE) {
        return count(Path::new(&path), 100).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    let store = Sqlite::open(&path).unwrap();
    store.commit(&partition(), &[create("count", "0")]).await.unwrap();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            let environment = [(FILE, path.display().to_string())];
            scope.spawn(move || child::run("disk::two_processes_share_a_file", &environment));
        }
    });
    assert_eq!(value(&store).await, "200");
}

#[tokio::test]
async fn what_was_answered_survives_the_process_being_killed() {
    if let Some(path) = child::variable(FILE) {
        return count(Path::new(&path), u32::MAX).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    let store = Sqlite::open(&path).unwrap();
    store.commit(&partition(), &[create("count", "0")]).await.unwrap();
    let environment = [(FILE, path.display().to_string())];
    let test = "disk::what_was_answered_survives_the_process_being_killed";
    let mut process = child::command(test, &environment).stdout(Stdio::piped()).spawn().unwrap();
    let told = BufReader::new(process.stdout.take().unwrap()).lines();
    let mut answered = 0;
    for line in told.map_while(Result::ok) {
        answered = line.strip_prefix("answered ").map_or(answered, |n| n.parse().unwrap());
        if answered == 60 {
            process.kill().unwrap();
        }
    }
    process.wait().unwrap();
    let held: u32 = value(&store).await.parse().unwrap();
    // One more may have been written without its answer having got out.
    assert!(answered >= 60 && (held == answered || held == answered + 1), "{held} {answered}");
}

/// Adds up to one number in steps of one, and tells of every step that was answered.
async fn count(path: &Path, steps: u32) {
    let store = Sqlite::open(path).unwrap();
    for _ in 0..steps {
        loop {
            let item = store.read(&partition(), &[key("count")]).await.unwrap().remove(0).unwrap();
            let count = String::from_utf8(item.value).unwrap().parse::<u32>().unwrap() + 1;
            let (key, value) = (key("count"), count.to_string().into_bytes());
            let version = item.version;
            let write = Write::Replace { key, value, version, expires_at: None };
            match store.commit(&partition(), &[write]).await {
                Ok(()) => break writeln!(std::io::stdout(), "\nanswered {count}").unwrap(),
                Err(Error::Conflict) => {}
                Err(error) => panic!("{error:?}"),
            }
        }
    }
}

async fn value(store: &Sqlite) -> String {
    let item = store.read(&partition(), &[key("count")]).await.unwrap().remove(0).unwrap();
    String::from_utf8(item.value).unwrap()
}

fn partition() -> Partition {
    Partition::new("shared").unwrap()
}

fn key(name: &str) -> Key {
    Key::new(name).unwrap()
}

fn create(name: &str, value: &str) -> Write {
    Write::Create { key: key(name), value: value.as_bytes().to_vec(), expires_at: None }
}

const FILE: &str = "POSTERN_CONFORMANCE_FILE";
