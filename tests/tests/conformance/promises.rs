//! The promises of `state::Store`, one function for each.

mod budgets;
mod limits;
mod lists;
mod races;
mod requires;
mod revocations;
mod writes;

use std::sync::Arc;

use state::{Error, Item, Key, Partition, Store, Version, Write};

/// Two handles on the same state, as two functions have them.
pub(crate) struct Pair {
    /// Where most is written.
    pub(crate) one: Arc<dyn Store>,
    /// Where it is read again.
    pub(crate) other: Arc<dyn Store>,
}

/// Asks all of them and names those that are broken.
pub(crate) async fn keep(one: impl Store + 'static, other: impl Store + 'static) {
    let pair = Arc::new(Pair { one: Arc::new(one), other: Arc::new(other) });
    let mut broken = Vec::new();
    macro_rules! ask {
        ($($module:ident::$promise:ident,)*) => {$(
            let (asked, at) = (Arc::clone(&pair), partition(stringify!($promise)));
            let kept = tokio::spawn(async move { $module::$promise(&asked, &at).await });
            if kept.await.is_err() {
                broken.push(stringify!($promise));
            }
        )*};
    }
    ask! {
        writes::what_one_wrote_the_other_reads,
        writes::items_come_in_the_order_of_the_keys_asked_for,
        writes::an_item_is_created_once,
        writes::an_item_is_replaced_in_the_state_it_was_read_in_only,
        writes::a_version_changes_with_every_write,
        writes::an_unknown_version_is_a_conflict,
        writes::one_write_that_fails_undoes_all_others,
        writes::partitions_know_nothing_of_each_other,
        writes::what_is_over_is_there_as_it_was_or_gone,
        writes::an_expiry_hides_nothing_before_its_time,
        requires::a_state_can_be_required_and_stays_as_it_is,
        requires::an_absence_can_be_required_and_stays_one,
        requires::what_was_required_to_be_absent_can_be_created,
        requires::who_requires_an_absence_undoes_no_creation,
        requires::of_two_that_require_the_others_absence_one_succeeds,
        requires::of_two_that_require_the_others_state_one_succeeds,
        requires::many_may_require_the_same_at_once,
        lists::a_list_holds_what_starts_with_the_prefix_in_order,
        lists::a_list_goes_on_after_a_key,
        lists::a_list_is_whole_beyond_a_page_of_the_service,
        limits::a_commit_holds_a_hundred_writes,
        limits::a_value_holds_as_much_as_was_promised,
        limits::every_key_that_can_be_made_is_taken,
        limits::what_no_store_takes_is_refused,
        limits::a_commit_that_is_too_long_is_refused_whole,
        races::of_64_that_create_the_same_item_one_succeeds,
        races::of_32_that_replace_the_same_state_one_succeeds,
        races::no_addition_to_a_counter_is_lost,
        revocations::nobody_of_64_commits_after_the_first_revocation,
        revocations::nobody_of_64_commits_after_a_later_revocation,
        budgets::no_budget_is_overshot_by_64_at_once,
    }
    assert!(broken.is_empty(), "broken promises: {broken:#?}");
}

fn partition(name: &str) -> Partition {
    Partition::new(name).unwrap()
}

fn key(text: impl Into<String>) -> Key {
    Key::new(text).unwrap()
}

fn create(name: impl Into<String>, value: impl Into<Vec<u8>>) -> Write {
    Write::Create { key: key(name), value: value.into(), expires_at: None }
}

fn replace(name: &str, value: impl Into<Vec<u8>>, version: &Version) -> Write {
    let (key, version) = (key(name), version.clone());
    Write::Replace { key, value: value.into(), version, expires_at: None }
}

fn require(name: &str, version: Option<&Version>) -> Write {
    Write::Require { key: key(name), version: version.cloned() }
}

impl Pair {
    /// The other's view of one item.
    async fn get(&self, at: &Partition, name: &str) -> Option<Item> {
        let mut items = self.other.read(at, &[key(name)]).await.unwrap();
        assert_eq!(items.len(), 1);
        items.remove(0)
    }

    /// The other's view of an item that must be there.
    async fn item(&self, at: &Partition, name: &str) -> Item {
        self.get(at, name).await.unwrap_or_else(|| panic!("`{name}` is not there"))
    }

    async fn keys(&self, at: &Partition) -> Vec<String> {
        let items = self.other.list(at, "", None, usize::MAX).await.unwrap();
        items.into_iter().map(|(key, _)| key.as_str().to_owned()).collect()
    }

    async fn commit(&self, at: &Partition, writes: &[Write]) {
        self.one.commit(at, writes).await.unwrap();
    }

    async fn conflict(&self, at: &Partition, writes: &[Write]) {
        let answer = self.one.commit(at, writes).await;
        assert!(matches!(answer, Err(Error::Conflict)), "{answer:?}");
    }

    /// Runs these at once, alternately on both handles; how many succeeded. The others must have
    /// met a conflict.
    async fn race(&self, at: &Partition, commits: Vec<Vec<Write>>) -> usize {
        let mut running = tokio::task::JoinSet::new();
        for (number, writes) in commits.into_iter().enumerate() {
            let store = if number % 2 == 0 { &self.one } else { &self.other };
            let (store, at) = (Arc::clone(store), at.clone());
            running.spawn(async move { store.commit(&at, &writes).await });
        }
        let mut succeeded = 0;
        for answer in running.join_all().await {
            match answer {
                Ok(()) => succeeded += 1,
                Err(Error::Conflict) => {}
                Err(error) => panic!("{error:?}"),
            }
        }
        succeeded
    }
}
