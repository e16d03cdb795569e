//! What is over is deleted by whoever comes round, a page of the table after the other, and nothing else.

use on_azure::Tables;
use request::Millis;
use state::{Key, Partition, Store, Write};

use super::{Cloud, create_table, tables};
use crate::child;

const NOW: Millis = Millis(1_800_000_000_000);

async fn put(table: &Tables, partition: &str, key: &str, expires_at: Option<u64>) {
    let key = Key::new(key).unwrap();
    let write = Write::Create { key, value: b"x".to_vec(), expires_at };
    table.commit(&Partition::new(partition).unwrap(), &[write]).await.unwrap();
}

/// The keys of this partition.
async fn left(table: &Tables, partition: &str) -> Vec<String> {
    let partition = Partition::new(partition).unwrap();
    let items = table.list(&partition, "", None, 1000).await.unwrap();
    items.into_iter().map(|(key, _)| key.as_str().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_deletes_what_has_been_over_for_an_hour_wherever_it_lies() {
    if !child::inside() {
        let test = "azure::sweep::a_sweep_deletes_what_has_been_over_for_an_hour_wherever_it_lies";
        return child::run(test, &Cloud::start().environment());
    }
    create_table("swept").await;
    let (table, now) = (tables("swept"), NOW.seconds());
    for partition in ["a", "b"] {
        put(&table, partition, "ever", None).await;
        put(&table, partition, "for-an-hour", Some(now - 3600)).await;
        put(&table, partition, "latest", Some(u64::MAX)).await;
        put(&table, partition, "longer", Some(now - 3601)).await;
        put(&table, partition, "soon", Some(now + 60)).await;
    }
    // An absence that somebody demanded is a row as well, and no item.
    let gone = Write::Require { key: Key::new("gone").unwrap(), version: None };
    table.commit(&Partition::new("a").unwrap(), &[gone]).await.unwrap();

    assert_eq!(table.sweep(NOW).await.unwrap(), 2);
    for partition in ["a", "b"] {
        assert_eq!(left(&table, partition).await, ["ever", "for-an-hour", "latest", "soon"]);
    }
    assert_eq!(table.sweep(NOW).await.unwrap(), 0);

    renewed(&table).await;
    many(&table).await;
}

/// Whoever writes it anew keeps it.
async fn renewed(table: &Tables) {
    let (at, key) = (Partition::new("a").unwrap(), Key::new("for-an-hour").unwrap());
    let found = table.read(&at, std::slice::from_ref(&key)).await.unwrap().pop().flatten();
    let version = found.unwrap().version;
    let value = b"y".to_vec();
    let renewed = Write::Replace { key, value, version, expires_at: Some(NOW.seconds() + 60) };
    table.commit(&at, &[renewed]).await.unwrap();
    let later = Millis(NOW.0 + 1000);
    assert_eq!(table.sweep(later).await.unwrap(), 1, "that of the other partition");
    assert_eq!(left(table, "a").await, ["ever", "for-an-hour", "latest", "soon"]);
}

/// More than one page, by two at once: each row is deleted once.
async fn many(table: &Tables) {
    let key = |number: usize| Key::new(format!("k{number:03}")).unwrap();
    for partition in ["c", "d", "e", "f", "g", "h", "i"] {
        let over =
            |number| Write::Create { key: key(number), value: b"x".to_vec(), expires_at: Some(1) };
        let writes: Vec<_> = (0..90).map(over).collect();
        table.commit(&Partition::new(partition).unwrap(), &writes).await.unwrap();
    }
    let other = tables("swept");
    let (one, two) = tokio::join!(table.sweep(NOW), other.sweep(NOW));
    match (one, two) {
        (Ok(one), Ok(two)) => assert_eq!(one + two, 7 * 90),
        // A busy server is no answer in time: what is left is for the next sweep, whoever counts.
        (one, two) => {
            let (mut done, mut tries) = (false, 0);
            while !done {
                tries += 1;
                assert!(tries < 10, "{one:?} {two:?}");
                done = matches!(table.sweep(NOW).await, Ok(0));
            }
        }
    }
    assert!(left(table, "c").await.is_empty() && left(table, "i").await.is_empty());
}
