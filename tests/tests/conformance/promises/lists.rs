//! Ranges of keys.

use state::{Key, Partition};

use super::{Pair, create, key, require};

pub(crate) async fn a_list_holds_what_starts_with_the_prefix_in_order(on: &Pair, at: &Partition) {
    // By bytes: punctuation, digits, `:`, capitals, `_`, small letters.
    let sorted = ["a-1", "a.1", "a0", "a1", "a10", "a2", "a:1", "aA", "a_1", "aa", "b"];
    let mut writes: Vec<_> = sorted.iter().map(|name| create(*name, *name)).collect();
    writes.reverse();
    on.commit(at, &writes).await;
    assert_eq!(on.keys(at).await, sorted);

    let names = async |prefix: &str, limit| {
        let items = on.other.list(at, prefix, None, limit).await.unwrap();
        let same = items.iter().all(|(key, item)| key.as_str().as_bytes() == item.value);
        assert!(same, "a value under a key that is not its own");
        items.into_iter().map(|(key, _)| key.as_str().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("a1", 9).await, ["a1", "a10"]);
    assert_eq!(names("a", 3).await, ["a-1", "a.1", "a0"]);
    assert_eq!(names("aa", 9).await, ["aa"]);
    for nothing in ["A", "c", "a1000", "' or '1' eq '1", "~", "ä"] {
        assert!(names(nothing, 9).await.is_empty(), "{nothing}");
    }
    assert!(names("a", 0).await.is_empty());
}

pub(crate) async fn a_list_goes_on_after_a_key(on: &Pair, at: &Partition) {
    let names = ["a", "a-", "a-1", "a.", "aa", "b", "b1"];
    on.commit(at, &names.map(|name| create(name, "1"))).await;
    // Rows that only say that there is nothing do not count.
    on.commit(at, &[require("a-0", None), require("a-2", None)]).await;
    for prefix in ["", "a", "a-", "b"] {
        for after in ["-", "a", "a-0", "a-1", "aZ", "aa", "b", "z"] {
            for limit in [1, 2, 9] {
                let listed = on.other.list(at, prefix, Some(&key(after)), limit).await.unwrap();
                let listed: Vec<_> = listed.iter().map(|(key, _)| key.as_str()).collect();
                let fits = |name: &&str| name.starts_with(prefix) && *name > after;
                let expected: Vec<_> = names.into_iter().filter(fits).take(limit).collect();
                assert_eq!(listed, expected, "`{prefix}` after `{after}`, {limit} of them");
            }
        }
    }
}

/// 1300 items of 1.2 KB: more than the 1 MB of DynamoDB's pages and the 1000 rows of a table's.
pub(crate) async fn a_list_is_whole_beyond_a_page_of_the_service(on: &Pair, at: &Partition) {
    let names: Vec<String> = (0..1300).map(|number| format!("item:{number:05}")).collect();
    for names in names.chunks(100) {
        let writes: Vec<_> = names.iter().map(|name| create(name, vec![7; 1200])).collect();
        on.commit(at, &writes).await;
    }
    assert_eq!(on.keys(at).await, names);
    assert_eq!(on.other.list(at, "item:", None, 1100).await.unwrap().len(), 1100);

    let mut walked: Vec<Key> = Vec::new();
    loop {
        let page = on.other.list(at, "item:", walked.last(), 300).await.unwrap();
        if page.is_empty() {
            break;
        }
        walked.extend(page.into_iter().map(|(key, _)| key));
    }
    let walked: Vec<_> = walked.iter().map(Key::as_str).collect();
    assert_eq!(walked, names);
}
