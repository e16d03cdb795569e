//! Forgetting what is over. Table Storage keeps every row until somebody deletes it, and finds no row by
//! its time but by walking: so somebody comes round, and walks a part of the table each time.

use std::{slice, sync::Arc};

use request::Millis;
use serde_json::{Value, json};
use state::{Error, Item, Key, Partition, Write};
use tokio::task::JoinSet;

use super::{
    AT_ONCE, Tables, entity,
    wire::{Next, Wire, place, strange},
};

impl Tables {
    /// Deletes rows whose time has been over for an hour, from where the last sweep stopped and at most
    /// as far as is done in a minute or two, and gives their number. Several may sweep at once.
    ///
    /// # Errors
    /// As for [`state::Store`]; the next sweep begins with the first row.
    pub async fn sweep(&self, now: Millis) -> Result<usize, Error> {
        let (partition, key) = mark().ok_or_else(strange)?;
        let found = self.get(&partition, slice::from_ref(&key)).await?.pop().flatten();
        let from = found.as_ref().and_then(|item| read(&item.value));
        let done = self.walk(from, now.seconds().saturating_sub(GRACE_S)).await;
        // After a failure anew: it may be the place itself that the service does not know any more.
        let next = done.as_ref().ok().and_then(|(_, next)| next.as_ref());
        self.stop(found, next).await?;
        done.map(|(swept, _)| swept)
    }

    async fn walk(
        &self,
        mut from: Option<Next>,
        before_s: u64,
    ) -> Result<(usize, Option<Next>), Error> {
        let filter = format!("expires_at lt {before_s}L");
        let mut swept = 0;
        for _ in 0..PAGES {
            let (places, next) = self.wire.places(&filter, ROWS, from).await?;
            swept += self.forget(places, before_s).await?;
            from = next;
            if from.is_none() {
                break;
            }
        }
        Ok((swept, from))
    }

    async fn forget(
        &self,
        mut places: Vec<(Partition, Key)>,
        before_s: u64,
    ) -> Result<usize, Error> {
        let (mut swept, mut calls) = (0, JoinSet::new());
        while !places.is_empty() || !calls.is_empty() {
            while let Some(at) = places.pop_if(|_| calls.len() < AT_ONCE) {
                let wire = Arc::clone(&self.wire);
                calls.spawn(async move { delete(&wire, &at, before_s).await });
            }
            let done = calls.join_next().await;
            if let Some(deleted) = done.transpose().map_err(|_| strange())? {
                swept += usize::from(deleted?);
            }
        }
        Ok(swept)
    }

    /// Notes where the next sweep begins.
    async fn stop(&self, found: Option<Item>, next: Option<&Next>) -> Result<(), Error> {
        let ((partition, key), value) = (mark().ok_or_else(strange)?, written(next));
        let write = match found {
            Some(item) if item.value == value => return Ok(()),
            Some(Item { version, .. }) => Write::Replace { key, value, version, expires_at: None },
            None if next.is_none() => return Ok(()),
            None => Write::Create { key, value, expires_at: None },
        };
        match self.apply(&partition, &[write]).await {
            // Somebody else sweeps as well, and is as far.
            Err(Error::Conflict) => Ok(()),
            other => other,
        }
    }
}

/// Looks again, and deletes the row in just that state: who renews it meanwhile keeps it.
async fn delete(wire: &Wire, at: &(Partition, Key), before_s: u64) -> Result<bool, Error> {
    let (partition, key) = at;
    let Some(row) = wire.row(partition, key, entity::TIME).await? else { return Ok(false) };
    match row.expires_at.is_some_and(|at| at < before_s) {
        true => wire.delete(partition, key, &row.etag).await,
        false => Ok(false),
    }
}

/// Where it is noted how far the last sweep came.
fn mark() -> Option<(Partition, Key)> {
    Some((Partition::new("sweep")?, Key::new("next")?))
}

fn read(value: &[u8]) -> Option<Next> {
    let value: Value = serde_json::from_slice(value).ok()?;
    let text = |at: usize| value.get(at).and_then(Value::as_str).map(str::to_owned);
    Some(place(text(0)?, text(1)?))
}

fn written(next: Option<&Next>) -> Vec<u8> {
    let names = next.map(|[(_, partition), (_, row)]| json!([partition, row]));
    names.unwrap_or_default().to_string().into_bytes()
}

/// Seconds: a function whose clock is ahead forgets no proof that another one would still remember.
const GRACE_S: u64 = 3600;
/// How many pages of a walk belong to one sweep, each of this many rows that are over; the service ends a
/// page after five seconds in any case.
const PAGES: usize = 16;
const ROWS: usize = 500;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sweep_goes_on_where_the_last_one_stopped() {
        let next = place("1!8!YQ--".into(), String::new());
        assert_eq!(read(&written(Some(&next))), Some(next));
        for unread in [&written(None)[..], b"", b"[]", b"[1,2]", b"{}"] {
            assert_eq!(read(unread), None);
        }
    }
}
