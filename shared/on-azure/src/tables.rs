//! State in an Azure table.
//!
//! One partition of the table is one partition of the port, so a commit is one entity-group
//! transaction. Two things Table Storage has no word for, and both are made of rows:
//!
//! * Its only condition is the ETag, and every operation changes the ETag, even one that says only
//!   "it must be as it was". So a version of ours is a property, `n`, and what is sent as a
//!   condition is the ETag under which `n` was just seen. If the ETag alone has changed in between,
//!   nothing was applied and it is looked again.
//! * It cannot demand that there is no row. So an absence that was demanded once is a row, with
//!   `gone` set; it does not count as an item, and becomes one when the item is created.

mod batch;
mod entity;
mod sweep;
mod wire;

use std::{collections::HashMap, sync::Arc, time::Duration};

use azure_core::credentials::TokenCredential;
use request::Later;
use state::{Error, Item, Key, Partition, Store, Write};
use tokio::task::JoinSet;

use self::{
    batch::{Answer, plan},
    entity::Row,
    wire::{Wire, strange},
};

/// One table of a storage account.
pub struct Tables {
    wire: Arc<Wire>,
}

impl Tables {
    /// The table of this name in the account at this address, such as
    /// `https://shop.table.core.windows.net`. The table must exist.
    ///
    /// # Errors
    /// [`crate::Error::Address`].
    pub fn new(
        http: reqwest::Client,
        account: &str,
        table: impl Into<String>,
        credential: Arc<dyn TokenCredential>,
    ) -> Result<Self, crate::Error> {
        let account = crate::address(account)?;
        Ok(Self { wire: Arc::new(Wire { http, account, table: table.into(), credential }) })
    }

    async fn get(&self, partition: &Partition, keys: &[Key]) -> Result<Vec<Option<Item>>, Error> {
        let mut rows = self.rows(partition, keys.iter(), "").await?;
        let item = |key| rows.get_mut(key).and_then(|row: &mut Row| row.item.clone());
        Ok(keys.iter().map(item).collect())
    }

    /// The rows of these keys; some at a time, since a table answers for one row or for a range.
    async fn rows<'a>(
        &self,
        partition: &Partition,
        keys: impl Iterator<Item = &'a Key>,
        select: &'static str,
    ) -> Result<HashMap<Key, Row>, Error> {
        let mut left: Vec<Key> = keys.cloned().collect();
        let mut rows = HashMap::new();
        let mut calls = JoinSet::new();
        while !left.is_empty() || !calls.is_empty() {
            while let Some(key) = left.pop_if(|_| calls.len() < AT_ONCE) {
                let (wire, partition) = (Arc::clone(&self.wire), partition.clone());
                calls.spawn(async move { (wire.row(&partition, &key, select).await, key) });
            }
            let done = calls.join_next().await;
            if let Some((row, key)) = done.transpose().map_err(|_| strange())? {
                rows.extend(row?.map(|row| (key, row)));
            }
        }
        Ok(rows)
    }

    async fn range(
        &self,
        partition: &Partition,
        prefix: &str,
        after: Option<&Key>,
        limit: usize,
    ) -> Result<Vec<(Key, Item)>, Error> {
        // The prefix stands in a query in quotation marks; what cannot start a key must not.
        if !prefix.is_empty() && Key::new(prefix).is_none() {
            return Ok(Vec::new());
        }
        let filter = wire::filter(partition, prefix, after);
        let mut items = Vec::new();
        let mut from = None;
        while items.len() < limit {
            let page = self.wire.page(&filter, limit - items.len(), from).await?;
            items.extend(page.rows.into_iter().filter_map(|(key, row)| Some((key, row.item?))));
            from = page.next;
            if from.is_none() {
                break;
            }
        }
        Ok(items)
    }

    async fn apply(&self, partition: &Partition, writes: &[Write]) -> Result<(), Error> {
        state::check(writes)?;
        let fresh = uuid::Uuid::now_v7().to_string();
        // At first an item that shall be created is taken not to exist, which spares a look.
        let seen = writes.iter().filter(|write| !matches!(write, Write::Create { .. }));
        let mut rows = self.rows(partition, seen.map(Write::key), entity::STATE).await?;
        for attempt in 1..=ATTEMPTS {
            let operations = writes.iter().map(|write| plan(write, rows.get(write.key()), &fresh));
            let operations: Vec<_> = operations.collect::<Result<_, _>>()?;
            match self.wire.batch(partition, &operations).await? {
                Answer::Applied => return Ok(()),
                Answer::Moved => tokio::time::sleep(PAUSE * attempt).await,
            }
            rows = self.rows(partition, writes.iter().map(Write::key), entity::STATE).await?;
        }
        Err(Error::Unavailable("too many others are at the same rows".into()))
    }
}

impl Store for Tables {
    fn read<'a>(
        &'a self,
        partition: &'a Partition,
        keys: &'a [Key],
    ) -> Later<'a, Result<Vec<Option<Item>>, Error>> {
        Box::pin(self.get(partition, keys))
    }

    fn list<'a>(
        &'a self,
        partition: &'a Partition,
        prefix: &'a str,
        after: Option<&'a Key>,
        limit: usize,
    ) -> Later<'a, Result<Vec<(Key, Item)>, Error>> {
        Box::pin(self.range(partition, prefix, after, limit))
    }

    fn commit<'a>(
        &'a self,
        partition: &'a Partition,
        writes: &'a [Write],
    ) -> Later<'a, Result<(), Error>> {
        Box::pin(self.apply(partition, writes))
    }
}

/// How many rows are asked for at the same time.
const AT_ONCE: usize = 16;

/// How often a commit is sent whose rows were touched, but not changed, by others.
const ATTEMPTS: u32 = 12;
const PAUSE: Duration = Duration::from_millis(5);
