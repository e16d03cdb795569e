//! How far a request came, for the one who made it.

use identity::{Chain, Verified};
use request::{Millis, RequestId, json};
use serde::{Deserialize, Serialize};
use state::{Item, Key, Write};

use crate::{Error, Ledger, Trail, append::unreadable};

/// How far a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// People have agreed; it may be taken up.
    Approved,
    /// It ran and its outcome is on record.
    Done,
    /// It waited for people, and its time is over.
    Expired,
    /// It was run and did not succeed; nothing of it remains on the target.
    Failed,
    /// It waits for people.
    Parked,
    /// It was refused, by us or by people.
    Refused,
    /// Its intent is on record and its outcome is not.
    Running,
    /// It was run, and whether it was committed could not be found out.
    Unknown,
    /// It waited for people, and its requester took it back.
    Withdrawn,
}

/// A request's status. It holds no rows and no statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Status {
    /// The request.
    pub request: String,
    /// Whose it is.
    pub node: String,
    /// What it addressed.
    pub target: String,
    /// How far it came.
    pub state: State,
    /// When it came in.
    pub began: Millis,
    /// A stable word for the cause, where it did not end well.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cause: Option<String>,
    /// Rows that were shown.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rows: Option<u64>,
    /// Rows that were changed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub affected: Option<u64>,
}

impl Status {
    pub(crate) fn running(trail: &Trail) -> Self {
        Self {
            request: trail.request.clone(),
            node: trail.hops.last().map(|hop| hop.node.clone()).unwrap_or_default(),
            target: trail.target.clone(),
            state: State::Running,
            began: trail.began,
            cause: None,
            rows: None,
            affected: None,
        }
    }

    pub(crate) fn read(item: &Item) -> Result<Self, Error> {
        serde_json::from_slice(&item.value).map_err(unreadable)
    }

    pub(crate) fn bytes(&self) -> Result<Vec<u8>, Error> {
        Ok(json::canonical(&serde_json::to_value(self).map_err(unreadable)?))
    }
}

/// The status of one of the caller's own requests; `None` where there is none, or where it is
/// somebody else's, which is told alike.
///
/// # Errors
/// The ledger cannot be read.
pub async fn status(
    who: &Verified<Chain>,
    id: &RequestId,
    on: &Ledger,
) -> Result<Option<Status>, Error> {
    let key = status_key(id).ok_or(Error::Mismatch)?;
    let found = on.store.read(who.get().partition(), std::slice::from_ref(&key)).await?;
    let Some(item) = found.into_iter().flatten().next() else { return Ok(None) };
    let status = Status::read(&item)?;
    Ok((status.node == who.get().actor().node().as_str()).then_some(status))
}

/// The item that says how far a request came.
#[must_use]
pub fn status_key(request: &RequestId) -> Option<Key> {
    named(request.as_str())
}

/// The same for a request of this name.
pub(crate) fn named(request: &str) -> Option<Key> {
    Key::new(format!("request:{request}"))
}

/// The write that moves a request on which waits or waited for people, from what was read of its status.
///
/// # Errors
/// [`Error::Mismatch`] where there is none; it cannot be read.
pub fn moved(
    key: Option<Key>,
    found: Option<&Item>,
    to: State,
    cause: Option<&str>,
) -> Result<Write, Error> {
    let item = found.ok_or(Error::Mismatch)?;
    let status = Status::read(item)?;
    let began = status.began;
    let next = Status { state: to, cause: cause.map(str::to_owned), ..status };
    Ok(Write::Replace {
        key: key.ok_or(Error::Mismatch)?,
        value: next.bytes()?,
        version: item.version.clone(),
        expires_at: Some(began.seconds() + LIFE_S),
    })
}

/// Two weeks: the longest that a request may wait, and a week after it.
pub(crate) const LIFE_S: u64 = 14 * 24 * 3600;
