//! State in a DynamoDB table.
//!
//! The table has the string keys `p` (partition) and `k` (sort), and `expires_at` as its
//! time-to-live attribute. An item's value is `v`; its version `n` is a fresh name for every
//! commit, not a count: an item that was forgotten and made again must not look unchanged.

mod answers;
mod range;

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use aws_config::SdkConfig;
use aws_sdk_dynamodb::{
    Client,
    operation::{batch_get_item::BatchGetItemOutput, query::QueryOutput},
    primitives::Blob,
    types::{
        AttributeValue, ConditionCheck, KeysAndAttributes, Put,
        ReturnValuesOnConditionCheckFailure, TransactWriteItem, builders::PutBuilder,
    },
};
use request::Later;
use state::{Error, Item, Key, Partition, Store, Version, Write};

use self::{
    answers::{Cancelled, cancelled, named, strange, unavailable},
    range::range,
};

type Row = HashMap<String, AttributeValue>;

/// One DynamoDB table.
pub struct DynamoDb {
    client: Client,
    table: String,
}

impl DynamoDb {
    /// The table of this name, in the configuration's account and region.
    #[must_use]
    pub fn new(config: &SdkConfig, table: impl Into<String>) -> Self {
        Self { client: Client::new(config), table: table.into() }
    }

    async fn get(&self, partition: &Partition, keys: &[Key]) -> Result<Vec<Option<Item>>, Error> {
        let mut found: HashMap<String, Item> = HashMap::new();
        let distinct: HashSet<&Key> = keys.iter().collect();
        let distinct: Vec<&Key> = distinct.into_iter().collect();
        for keys in distinct.chunks(KEYS_PER_CALL) {
            let mut asked = keys.iter().map(|key| name(partition, key)).collect();
            for attempt in 0.. {
                let answer = self.batch(asked).await?;
                let rows = answer.responses.unwrap_or_default().remove(&self.table);
                for row in rows.unwrap_or_default() {
                    let (key, item) = named(row)?;
                    found.insert(key, item);
                }
                // Over 16 MB of values, or throttled: DynamoDB leaves keys for another call.
                let left = answer.unprocessed_keys.unwrap_or_default().remove(&self.table);
                asked = left.map(|left| left.keys).unwrap_or_default();
                if asked.is_empty() {
                    break;
                }
                pause(attempt).await?;
            }
        }
        Ok(keys.iter().map(|key| found.get(key.as_str()).cloned()).collect())
    }

    async fn batch(&self, keys: Vec<Row>) -> Result<BatchGetItemOutput, Error> {
        let keys = KeysAndAttributes::builder().set_keys(Some(keys)).consistent_read(true).build();
        let call = self.client.batch_get_item().request_items(&self.table, keys.map_err(invalid)?);
        call.send().await.map_err(|error| unavailable(&error))
    }

    async fn range(
        &self,
        partition: &Partition,
        prefix: &str,
        after: Option<&Key>,
        limit: usize,
    ) -> Result<Vec<(Key, Item)>, Error> {
        let Some((first, last)) = range(prefix, after) else { return Ok(Vec::new()) };
        let mut items = Vec::new();
        let mut from = None;
        while items.len() < limit {
            let left = i32::try_from(limit - items.len()).unwrap_or(i32::MAX);
            let page = self.page(partition, &first, &last, from, left).await?;
            for row in page.items.unwrap_or_default() {
                let (key, item) = named(row)?;
                items.push((Key::new(key).ok_or_else(strange)?, item));
            }
            from = page.last_evaluated_key.filter(|key| !key.is_empty());
            if from.is_none() {
                break;
            }
        }
        Ok(items)
    }

    async fn page(
        &self,
        partition: &Partition,
        first: &str,
        last: &str,
        from: Option<Row>,
        limit: i32,
    ) -> Result<QueryOutput, Error> {
        self.client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .key_condition_expression("p = :p AND k BETWEEN :first AND :last")
            .expression_attribute_values(":p", text(partition.as_str()))
            .expression_attribute_values(":first", text(first))
            .expression_attribute_values(":last", text(last))
            .set_exclusive_start_key(from)
            .limit(limit)
            .send()
            .await
            .map_err(|error| unavailable(&error))
    }

    async fn apply(&self, partition: &Partition, writes: &[Write]) -> Result<(), Error> {
        state::check(writes)?;
        let fresh = uuid::Uuid::now_v7().to_string();
        let actions = writes.iter().map(|write| self.action(partition, write, &fresh));
        let actions: Vec<_> = actions.collect::<Result<_, _>>()?;
        let mut attempt = 0;
        loop {
            // The SDK adds a token, the same for all attempts of its own: DynamoDB applies a
            // transaction once, however often an answer is lost.
            let call = self.client.transact_write_items();
            match call.set_transact_items(Some(actions.clone())).send().await {
                Ok(_) => return Ok(()),
                Err(error) => match cancelled(&error) {
                    // Nothing was applied; as a new transaction it may be tried again.
                    Cancelled::Busy => pause(attempt).await?,
                    Cancelled::For(error) => return Err(error),
                },
            }
            attempt += 1;
        }
    }

    fn action(
        &self,
        partition: &Partition,
        write: &Write,
        fresh: &str,
    ) -> Result<TransactWriteItem, Error> {
        let action = TransactWriteItem::builder();
        Ok(match write {
            Write::Create { key, value, expires_at } => {
                let put = self.put(name(partition, key), value, *expires_at, fresh);
                action.put(put.condition_expression(ABSENT).build().map_err(invalid)?)
            }
            Write::Replace { key, value, version, expires_at } => {
                let put = self.put(name(partition, key), value, *expires_at, fresh);
                let put = put.condition_expression(UNCHANGED);
                let put = put.expression_attribute_values(":n", text(&version.0));
                action.put(put.build().map_err(invalid)?)
            }
            Write::Require { key, version } => {
                action.condition_check(self.require(name(partition, key), version.as_ref())?)
            }
        }
        .build())
    }

    fn put(&self, name: Row, value: &[u8], expires_at: Option<u64>, fresh: &str) -> PutBuilder {
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(name))
            .item("v", AttributeValue::B(Blob::new(value)))
            .item("n", text(fresh))
            // On a failure only the fact is told, not the item.
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::None);
        match expires_at {
            Some(at) => put.item("expires_at", AttributeValue::N(at.to_string())),
            None => put,
        }
    }

    fn require(&self, name: Row, version: Option<&Version>) -> Result<ConditionCheck, Error> {
        let check = ConditionCheck::builder().table_name(&self.table).set_key(Some(name));
        match version {
            Some(version) => check
                .condition_expression(UNCHANGED)
                .expression_attribute_values(":n", text(&version.0)),
            None => check.condition_expression(ABSENT),
        }
        .build()
        .map_err(invalid)
    }
}

impl Store for DynamoDb {
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

fn name(partition: &Partition, key: &Key) -> Row {
    let pair = |name: &str, value| (name.to_owned(), text(value));
    HashMap::from([pair("p", partition.as_str()), pair("k", key.as_str())])
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

/// Waits a little longer every time; gives up after a second and a half.
async fn pause(attempt: u32) -> Result<(), Error> {
    if attempt + 1 >= ATTEMPTS {
        return Err(Error::Unavailable("DynamoDB is too busy".into()));
    }
    tokio::time::sleep(Duration::from_millis(25 << attempt)).await;
    Ok(())
}

fn invalid(error: aws_sdk_dynamodb::error::BuildError) -> Error {
    Error::Unavailable(Box::new(error))
}

const ABSENT: &str = "attribute_not_exists(p)";
const UNCHANGED: &str = "n = :n";

/// What one `BatchGetItem` takes.
const KEYS_PER_CALL: usize = 100;

/// How often a call that DynamoDB put off is made, in all.
const ATTEMPTS: u32 = 6;
